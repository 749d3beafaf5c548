// Holds `npm run mock` as a command: whole and valid answers from a schema alone, the same for the same seed, as clients ask.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Kind, print } from 'graphql';
import { readMockFlags } from '../../../supergraph/mock/read-mock-flags.ts';
import { readMockedBff } from '../../../supergraph/mock/read-mocked-bff.ts';
import { startMock } from '../../../supergraph/mock/start-mock.ts';
import { scriptFlags } from '../../support/node-flags.ts';
import { readBff } from '../fixtures/bff-on-disk.ts';
import { startChild } from '../fixtures/child-process.ts';

const main = new URL('../../../supergraph/mock/main.ts', import.meta.url);
const home = 'query Home { product(id: "lamp-1") { id name stars kind price { amount currency } } }';
const homeId = createHash('sha256').update(home).digest('hex');
let folder: string;
let shop: string;

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'mock-'));
  shop = join(folder, 'bff.ts');
  writeFileSync(
    shop,
    `export const shop = { name: 'bff-shop', port: 0, documents: { folder: 'documents', unregistered: 'allow' } };`,
  );
  mkdirSync(join(folder, 'generated'));
  writeFileSync(
    join(folder, 'generated/schema.graphql'),
    `
    scalar Currency
    scalar DateTime
    scalar Shape
    type Query {
      product(id: ID!): Product
      productBySku(sku: String!): Product
      products(kind: Kind, first: Int = 20, after: String): ProductConnection!
      popular(first: Int = 10): [Product!]!
      found(text: String!): [Found!]!
      me: User
    }
    type Mutation { addRating(input: RateInput!): RatePayload! forget(id: ID!): ForgetPayload! }
    input RateInput { productId: ID! stars: Int! }
    type RatePayload { rating: Rating product: Product userErrors: [RateError!]! problem: RateError }
    type ForgetPayload { forgottenId: ID userErrors: [RateError!]! }
    type RateError { message: String! }
    type Rating { id: ID! stars: Int! }
    union Found = Product | User
    interface Named { name: String! }
    type User implements Named { id: ID! name: String! email: String! favourite: Named }
    type Product implements Named {
      id: ID! sku: String! name: String! stars: Float! kind: Kind! price: Money! addedAt: DateTime! shape: Shape
      isNew: Boolean! related: ProductConnection! makers: [User!]!
    }
    type Money { amount: Int! currency: Currency! }
    enum Kind { LAMP CHAIR }
    type ProductConnection { edges: [ProductEdge!]! pageInfo: PageInfo! totalCount: Int! }
    type ProductEdge { cursor: String! node: Product! }
    type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }`,
  );
  writeFileSync(
    join(folder, 'generated/persisted-query-manifest.json'),
    JSON.stringify({
      format: 'apollo-persisted-query-manifest',
      version: 1,
      operations: [{ id: homeId, name: 'Home', type: 'query', body: home }],
    }),
  );
});
after(() => rmSync(folder, { recursive: true, force: true }));

interface Mock {
  origin: string;
  ask: (query: string, variables?: object) => Promise<{ data: Record<string, unknown>; errors?: unknown }>;
  stop: () => Promise<void>;
}

async function mockOf(file: string, seed = 1): Promise<Mock> {
  const { serves, stop } = await startMock(await readMockedBff(file), { host: '127.0.0.1', port: 0, seed });
  const origin = new URL(serves[0]?.url ?? '').origin;
  return {
    origin,
    stop,
    async ask(query, variables = {}) {
      const response = await post(origin, { query, variables });
      return response.json() as ReturnType<Mock['ask']>;
    },
  };
}

function post(origin: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

const everything = `{
  product(id: "lamp-1") { ...all makers { name email } }
  me { id name email favourite { __typename name } }
  found(text: "x") { __typename ... on Product { ...all } ... on User { name } }
}
fragment all on Product { id sku name stars kind price { amount currency } addedAt isNew shape }`;

describe('a mock', () => {
  let mock: Mock;
  before(async () => {
    mock = await mockOf(shop, 7);
  });
  after(() => mock?.stop());

  test('makes values that fit their types and names', async () => {
    const { data, errors } = await mock.ask(everything);
    assert.equal(errors, undefined);
    const { product, me } = data as unknown as {
      product: { id: string; kind: string; stars: number; addedAt: string; price: Record<string, unknown> };
      me: { name: string; email: string };
    };
    assert.equal(product.id, 'lamp-1');
    assert.ok(['LAMP', 'CHAIR'].includes(product.kind));
    assert.ok(product.stars >= 1 && product.stars <= 5);
    assert.equal(new Date(product.addedAt).toISOString(), product.addedAt);
    assert.ok(Number(product.price['amount']) > 0);
    assert.equal(product.price['currency'], 'EUR');
    assert.equal(
      me.email.split('@')[0],
      me.name
        .toLowerCase()
        .replaceAll(/[^a-z ]/g, '')
        .replace(' ', '.'),
    );
  });

  test('answers the same when it is asked again, in another order, by another name, and after a new start', async () => {
    const { data } = await mock.ask(everything);
    assert.deepEqual((await mock.ask(everything)).data, data);
    const parts = [
      'me { email name }',
      'again: me { name id }',
      'product(id: "lamp-1") { price { amount } name }',
    ];
    const { data: other } = await mock.ask(`{ ${parts.join(' ')} }`);
    const { me, product } = data as unknown as Record<string, Record<string, { amount?: number }>>;
    assert.deepEqual(other, {
      me: { email: me?.['email'], name: me?.['name'] },
      again: { name: me?.['name'], id: me?.['id'] },
      product: { price: { amount: product?.['price']?.amount }, name: product?.['name'] },
    });
    for (const [seed, isSame] of [
      [7, true],
      [8, false],
    ] as const) {
      const next = await mockOf(shop, seed);
      const { data: anew } = await next.ask(everything);
      await next.stop();
      assert.equal(JSON.stringify(anew) === JSON.stringify(data), isSame, `seed ${seed}`);
    }
  });

  test('has one entity for an id, wherever it is met', async () => {
    const { data } = await mock.ask('{ popular(first: 50) { id name } }');
    const popular = data['popular'] as { id: string; name: string }[];
    assert.equal(new Set(popular.map(({ id }) => id)).size, 50);
    const [{ id, name } = { id: '', name: '' }] = popular;
    const { data: alone } = await mock.ask('query ($id: ID!) { product(id: $id) { id name } }', { id });
    assert.deepEqual(alone, { product: { id, name } });
    const { data: filtered } = await mock.ask(
      '{ products(kind: LAMP, first: 9) { edges { node { id kind } } } }',
    );
    const { edges } = filtered['products'] as { edges: { node: { id: string; kind: string } }[] };
    for (const { node } of edges) {
      const { data: again } = await mock.ask('query ($id: ID!) { product(id: $id) { id kind } }', {
        id: node.id,
      });
      assert.deepEqual(again, { product: node });
    }
    const { data: bySku } = await mock.ask('{ productBySku(sku: "COO-1") { id sku } }');
    const found = bySku['productBySku'] as { id: string; sku: string };
    assert.equal(found.sku, 'COO-1');
    assert.ok(!popular.some((one) => one.id === found.id));
  });

  test('walks a connection in pages that meet each item once', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    let total = 0;
    do {
      const { data, errors } = await mock.ask(
        `query ($after: String) { products(kind: LAMP, first: 4, after: $after) {
          totalCount edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
        { after },
      );
      assert.equal(errors, undefined);
      const { edges, pageInfo, totalCount } = data['products'] as {
        edges: { cursor: string; node: { id: string } }[];
        pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string };
        totalCount: number;
      };
      assert.equal(pageInfo.hasPreviousPage, after !== null);
      assert.equal(pageInfo.startCursor, edges[0]?.cursor);
      assert.equal(pageInfo.endCursor, edges.at(-1)?.cursor);
      seen.push(...edges.map(({ node }) => node.id));
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
      total = totalCount;
    } while (after !== null);
    assert.equal(seen.length, total);
    assert.equal(new Set(seen).size, total);
    const { errors } = await mock.ask('{ products(after: "nonsense") { totalCount } }');
    assert.match(JSON.stringify(errors), /"after\\" is not a cursor of this list.*BAD_USER_INPUT/);
  });

  test('lets mutations succeed, with what they were told', async () => {
    const { data } = await mock.ask(`mutation {
      addRating(input: { productId: "lamp-1", stars: 5 }) {
        rating { stars } product { id } problem { message } userErrors { message } }
      forget(id: "rating-3") { forgottenId userErrors { message } }
    }`);
    assert.deepEqual(data, {
      addRating: { rating: { stars: 5 }, product: { id: 'lamp-1' }, problem: null, userErrors: [] },
      forget: { forgottenId: 'rating-3', userErrors: [] },
    });
  });

  test('answers a registered operation by its id, by POST and GET, and knows no other id', async () => {
    const persisted = (sha256Hash: string) => ({ persistedQuery: { version: 1, sha256Hash } });
    const { data } = await mock.ask(home);
    const posted = await post(mock.origin, { operationName: 'Home', extensions: persisted(homeId) });
    assert.deepEqual(await posted.json(), { data });
    const search = new URLSearchParams({
      operationName: 'Home',
      extensions: JSON.stringify(persisted(homeId)),
    });
    const got = await fetch(`${mock.origin}/graphql?${search}`, {
      headers: { 'apollo-require-preflight': '1' },
    });
    assert.deepEqual(await got.json(), { data });
    const unknown = await post(mock.origin, { extensions: persisted('0'.repeat(64)) });
    assert.match(await unknown.text(), /PERSISTED_QUERY_NOT_FOUND/);
  });

  test('lets pages of any origin ask, shows the explorers, and says what does not fit the schema', async () => {
    const answer = await post(mock.origin, { query: '{ __typename }' }, { origin: 'http://localhost:5173' });
    assert.equal(answer.headers.get('access-control-allow-origin'), 'http://localhost:5173');
    for (const path of ['/', '/explorer'])
      assert.equal((await fetch(`${mock.origin}${path}`)).status, 200, path);
    assert.match(JSON.stringify(await mock.ask('{ prodct { id } }')), /Did you mean \\"product\\"/);
  });
});

for (const name of ['bff-web', 'bff-mobile']) {
  test(`${name} is mocked: all its samples are answered without an error`, async (t) => {
    const mock = await mockOf(`${name}/bff.ts`);
    t.after(() => mock.stop());
    const { samples } = readBff(name);
    for (const definition of samples.definitions) {
      if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
      const required = definition.variableDefinitions?.filter(({ defaultValue }) => !defaultValue) ?? [];
      const variables = Object.fromEntries(required.map(({ variable }) => [variable.name.value, 'text']));
      const { errors } = await mock.ask(print(definition), variables);
      assert.equal(errors, undefined, definition.name?.value);
    }
  });
}

test('runs as a command until it is told to stop', async () => {
  const child = startChild(main, { args: ['--bff', shop, '--port', '0', '--seed', '7'], flags: scriptFlags });
  const [, origin = ''] = await child.says(
    /bff-shop, mocked with seed 7, answers on (http:\/\/\S+)\/graphql/,
  );
  const answer = await post(origin, { query: '{ product(id: "lamp-1") { id } }' });
  assert.deepEqual(await answer.json(), { data: { product: { id: 'lamp-1' } } });
  child.process.kill('SIGTERM');
  assert.deepEqual(await child.ended, { code: 0, signal: null });
});

test('says in one sentence why it does not start, and exits with 1', async () => {
  const file = join(folder, 'new/bff.ts');
  mkdirSync(join(folder, 'new'));
  writeFileSync(file, `export const bff = { name: 'bff-new', port: 0 };`);
  const child = startChild(main, { args: ['--bff', file] });
  assert.deepEqual(await child.ended, { code: 1, signal: null });
  assert.match(child.output(), /^There is no schema at \S+schema\.graphql: run "npm run compose[^\n]*\n$/);
});

describe('refuses by name', () => {
  const cases: [string, string[], RegExp][] = [
    ['a missing BFF', [], /^Which BFF\? Usage: npm run mock/],
    ['an unknown flag', ['--sed', '1'], /^There is no flag "--sed"\. Did you mean "--seed"\?/],
    ['a word that is no flag', ['bff-web'], /^"bff-web" is no flag\./],
    ['a flag without its value', ['--bff'], /^--bff needs a value\./],
    ['a seed that is none', ['--bff', 'bff.ts', '--seed', 'x'], /^--seed must be between 0 and 4294967295/],
    ['a port that is none', ['--bff', 'bff.ts', '--port', '65536'], /^--port must be between 0 and 65535/],
  ];
  for (const [name, args, message] of cases) {
    test(name, () => assert.throws(() => readMockFlags(args), { name: 'StartupProblem', message }));
  }
});
