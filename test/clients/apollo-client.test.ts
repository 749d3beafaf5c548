// Drives both BFFs, as production runs them, with the real Apollo Client: ids for texts, its cache, its reading of refusals.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, beforeEach, describe, test } from 'node:test';
import {
  ApolloClient,
  type ApolloLink,
  CombinedGraphQLErrors,
  type DocumentNode,
  gql,
  HttpLink,
  InMemoryCache,
} from '@apollo/client';
import { BatchHttpLink } from '@apollo/client/link/batch-http';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { generatePersistedQueryIdsFromManifest } from '@apollo/persisted-query-lists';
import { mobile } from '../../bff-mobile/bff.ts';
import * as appOperations from '../../bff-mobile/generated/operations.ts';
import { web } from '../../bff-web/bff.ts';
import * as webOperations from '../../bff-web/generated/operations.ts';
import { readManifest } from '../../supergraph/persisted-documents/manifest.ts';
import { readParts } from '../../supergraph/router/run-process.ts';
import { deadUrl } from '../supergraph/fixtures/raw-server.ts';
import { type RouterUnderTest, startTestRouter } from '../supergraph/fixtures/router-under-test.ts';
import { startWholeShop, type WholeShop } from '../support/whole-shop.ts';

interface Sent {
  method: string;
  url: URL;
  headers: Headers;
  body: string;
  answered: Response;
}

const folders = {
  web: new URL('../../bff-web/', import.meta.url),
  app: new URL('../../bff-mobile/', import.meta.url),
};
const manifestOf = (bff: keyof typeof folders) =>
  readManifest(readFileSync(new URL('generated/persisted-query-manifest.json', folders[bff]), 'utf8'), bff);
const version = '9.0.0';
const names = { app: 'ios', web: 'web' };

let shop: WholeShop;
let routers: Record<keyof typeof folders, RouterUnderTest>;
let sent: Sent[] = [];

async function startRouter(bff: keyof typeof folders): Promise<RouterUnderTest> {
  const { supergraph, ...parts } = await readParts(bff === 'web' ? web : mobile, folders[bff]);
  return startTestRouter(supergraph.sdl, {
    ...parts,
    environment: { ...shop.environment, production: true },
  });
}

before(async () => {
  shop = await startWholeShop();
  routers = { web: await startRouter('web'), app: await startRouter('app') };
});
after(async () => {
  await Promise.all(Object.values(routers ?? {}).map((router) => router.stop()));
  await shop?.stop();
});
beforeEach(() => {
  sent = [];
});

interface ClientOptions {
  bff: keyof typeof folders;
  token?: string;
  name?: string;
  version?: string;
  url?: string;
  link?: 'registered' | 'registered-get' | 'automatic' | 'text' | 'batch';
}

/** As its documentation has people set it up. */
function apollo({ bff, token, link = 'registered', ...options }: ClientOptions): ApolloClient {
  const http = {
    uri: options.url ?? routers[bff].url,
    headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    fetch: async (input: unknown, init: RequestInit = {}) => {
      const answered = await fetch(String(input), init);
      const { method = 'GET', headers = {} } = init;
      const url = new URL(String(input));
      sent.push({ method, url, headers: new Headers(headers), body: String(init.body ?? ''), answered });
      return answered.clone();
    },
  };
  const ids = generatePersistedQueryIdsFromManifest({
    loadManifest: () => Promise.resolve(manifestOf(bff) as never),
  });
  const links: Record<NonNullable<ClientOptions['link']>, () => ApolloLink> = {
    text: () => new HttpLink(http),
    batch: () => new PersistedQueryLink(ids).concat(new BatchHttpLink({ ...http, batchInterval: 5 })),
    registered: () => new PersistedQueryLink(ids).concat(new HttpLink(http)),
    'registered-get': () =>
      new PersistedQueryLink({ ...ids, useGETForHashedQueries: true }).concat(new HttpLink(http)),
    automatic: () =>
      new PersistedQueryLink({
        sha256: (text: string) => createHash('sha256').update(text).digest('hex'),
      }).concat(new HttpLink(http)),
  };
  return new ApolloClient({
    cache: new InMemoryCache(),
    link: links[link](),
    clientAwareness: { name: options.name ?? names[bff], version: options.version ?? version },
  });
}

const parsed = ({ body }: Sent): Record<string, unknown> => JSON.parse(body);

async function codesOf(work: Promise<unknown>): Promise<unknown> {
  const error = await work.then(
    () => assert.fail('It was answered.'),
    (reason: unknown) => reason,
  );
  assert.ok(CombinedGraphQLErrors.is(error), `Apollo Client reports ${error}`);
  return error.errors.map(({ extensions }) => extensions?.['code']);
}

describe('registered operations', () => {
  test('are asked for by id, without their text, and the client says who it is', async () => {
    const client = apollo({ bff: 'app' });
    const { data } = await client.query({
      query: appOperations.HomeDocument,
      variables: { signedIn: false },
    });
    assert.ok(data?.home?.shelf?.length);
    const [request, ...more] = sent;
    assert.ok(request && more.length === 0);
    assert.deepEqual(Object.keys(parsed(request)).sort(), ['extensions', 'operationName', 'variables']);
    assert.equal(request.headers.get('apollographql-client-name'), 'ios');
    assert.equal(request.headers.get('apollographql-client-version'), version);
  });

  test('may be asked for over GET, and the answer be asked for again by its tag', async () => {
    const client = apollo({ bff: 'app', link: 'registered-get' });
    const { data } = await client.query({
      query: appOperations.ProductPageDocument,
      variables: { id: 'product-0009' },
    });
    assert.equal(data?.product?.id, 'product-0009');
    const [request] = sent;
    assert.ok(request?.method === 'GET');
    assert.equal(request.url.searchParams.get('query'), null);
    const etag = request.answered.headers.get('etag');
    assert.ok(etag);
    const again = await fetch(request.url, {
      headers: { ...Object.fromEntries(request.headers), 'if-none-match': etag },
    });
    assert.equal(again.status, 304);
  });

  test('are kept by the id of what they are about, across documents', async () => {
    const client = apollo({ bff: 'app' });
    const variables = { id: 'product-0009' };
    const { data } = await client.query({ query: appOperations.ProductPageDocument, variables });
    const kept = client.cache.extract() as Record<string, { name?: string } | undefined>;
    assert.equal(kept['Product:product-0009']?.name, data?.product?.name);
    const related = data?.product?.related ?? [];
    assert.ok(related.length > 0);
    for (const { id, name } of related) assert.equal(kept[`Product:${id}`]?.name, name);
    await client.query({ query: appOperations.ProductPageDocument, variables });
    assert.equal(sent.length, 1);
  });

  test('may be several in one request', async () => {
    const client = apollo({ bff: 'app', link: 'batch' });
    const ask = (id: string) => client.query({ query: appOperations.ProductPageDocument, variables: { id } });
    const answers = await Promise.all([ask('product-0009'), ask('product-0010')]);
    assert.deepEqual(
      answers.map(({ data }) => data?.product?.id),
      ['product-0009', 'product-0010'],
    );
    assert.equal(sent.length, 1);
  });

  test('are asked for again with their text where the id is not known, once', async () => {
    const query = gql`query NewOnes { popularProducts(first: 2) { id name } }`;
    const ask = async (): Promise<unknown> =>
      (await apollo({ bff: 'web', link: 'automatic' }).query({ query })).data;
    const first = await ask();
    assert.deepEqual(await ask(), first);
    assert.deepEqual(
      sent.map((request) => 'query' in parsed(request)),
      [false, true, false],
    );
  });
});

/** What documents with variables are asked with. */
const person = { email: 'ada@example.com', password: 'tributary-demo' };
const variables: Record<string, Record<string, unknown>> = {
  'app: AddToCart': { productId: 'product-0009', quantity: 1 },
  'app: Home': { signedIn: true },
  'app: Orders': { timeZone: 'Europe/Berlin' },
  'app: ProductPage': { id: 'product-0009' },
  'app: Search': { text: 'lamp' },
  'app: SignIn': person,
  'web: AddToCart': { input: { productId: 'product-0009', quantity: 1 } },
  'web: CategoryListing': { slug: 'books' },
  'web: Search': { text: 'lamp' },
  'web: SignIn': { input: person },
};

describe('every registered operation is answered without errors', () => {
  for (const [bff, operations] of [
    ['app', appOperations],
    ['web', webOperations],
  ] as const) {
    const exported = Object.entries(operations as unknown as Record<string, DocumentNode>);
    const documents = exported.filter(([key]) => key.endsWith('Document'));
    for (const [key, document] of documents) {
      const name = key.replace(/Document$/, '');
      test(`${bff}: ${name}`, async () => {
        const token = await shop.tokenOf('ada@example.com');
        const client = apollo({ bff, ...(name !== 'SignIn' && { token }) });
        const [definition] = document.definitions;
        const isMutation = definition?.kind === 'OperationDefinition' && definition.operation === 'mutation';
        const given = await variablesOf(`${bff}: ${name}`, client);
        const { data, error } = isMutation
          ? await client.mutate({ mutation: document, variables: given })
          : await client.query({ query: document, variables: given });
        assert.equal(error, undefined);
        assert.ok(data);
      });
    }
  }

  async function variablesOf(asked: string, client: ApolloClient): Promise<Record<string, unknown>> {
    if (asked === 'app: RefreshSession') {
      const signIn = { mutation: appOperations.SignInDocument, variables: person as never };
      return { refreshToken: (await client.mutate(signIn)).data?.signIn.refreshToken };
    }
    if (asked === 'web: OrderDetail') {
      const { data } = await client.query({ query: webOperations.MyOrdersDocument });
      return { number: data?.me?.orders?.edges[0]?.node.number };
    }
    if (asked === 'web: ProductPage') {
      const query = gql`{ product(id: "product-0009") { sku } }`;
      const { data } = await apollo({ bff: 'web', link: 'text' }).query({ query });
      return { sku: (data as { product: { sku: string } }).product.sku, country: 'DE' };
    }
    return variables[asked] ?? {};
  }
});

describe('what is refused is a GraphQL error to the client', () => {
  const text = gql`query Stranger { popularProducts(first: 1) { id } }`;
  test('text that is not registered', async () => {
    const work = apollo({ bff: 'app', link: 'text' }).query({ query: text });
    assert.deepEqual(await codesOf(work), ['OPERATION_NOT_REGISTERED']);
  });

  test('426: a version that is too old, with the place of a newer one', async () => {
    const client = apollo({ bff: 'app', version: '2.9.0' });
    const work = client.query({ query: appOperations.HomeDocument, variables: { signedIn: false } });
    assert.deepEqual(await codesOf(work), ['CLIENT_UPGRADE_REQUIRED']);
    const error = await client
      .query({ query: appOperations.HomeDocument, variables: { signedIn: false } })
      .catch((reason: unknown) => reason);
    assert.ok(CombinedGraphQLErrors.is(error));
    assert.match(String(error.errors[0]?.extensions?.['store']), /^https:/);
    assert.equal(sent[0]?.answered.status, 426);
  });

  test('401: a token that is not good', async () => {
    const client = apollo({ bff: 'web', token: 'not-a-token' });
    assert.deepEqual(await codesOf(client.query({ query: webOperations.AccountDocument })), [
      'UNAUTHENTICATED',
    ]);
    assert.equal(sent[0]?.answered.status, 401);
  });

  test('503: whether the token is good cannot be found out', async (t) => {
    const { supergraph, ...parts } = await readParts(web, folders.web);
    const identity = {
      issuers: [],
      audiences: [],
      keys: [await deadUrl()],
      prefixes: [],
      hostsWithoutTls: [],
    };
    const router = await startTestRouter(supergraph.sdl, {
      ...parts,
      environment: { ...shop.environment, identity },
    });
    t.after(() => router.stop());
    const token = await shop.tokenOf('ada@example.com');
    const client = apollo({ bff: 'web', url: router.url, token });
    assert.deepEqual(await codesOf(client.query({ query: webOperations.AccountDocument })), [
      'IDENTITY_UNAVAILABLE',
    ]);
    assert.equal(sent[0]?.answered.status, 503);
  });
});
