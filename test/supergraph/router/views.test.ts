// Holds a BFF's views to what a subgraph is, and what they ask to what their viewer could ask.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, test } from 'node:test';
import { GraphQLError } from 'graphql';
import { compose } from '../../../supergraph/composition/compose.ts';
import { applyContract } from '../../../supergraph/composition/contract.ts';
import { type BffDeclaration, defineBff } from '../../../supergraph/declaration/define-bff.ts';
import {
  defineViews,
  type RootViewContext,
  type ViewAnswer,
  type ViewContext,
} from '../../../supergraph/views/define-views.ts';
import type { LoadedViews } from '../../../supergraph/views/load-views.ts';
import { startTestIdentity, type TestIdentity } from '../../support/identity.ts';
import { type FixtureGraph, schemaOf, startFixtureGraph } from '../fixtures/fixture-graph.ts';
import { type RouterUnderTest, startTestRouter } from '../fixtures/router-under-test.ts';

const sdl = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires", "@tag"])
  type Query {
    desk: Desk @tag(name: "mobile")
    said: String @tag(name: "mobile")
    asking(for: String!): String @tag(name: "mobile")
    never: String @tag(name: "mobile")
  }
  type Desk @tag(name: "mobile") { whose: String books: [Book!] errors: [String!]! }
  type Book @key(fields: "id") {
    id: ID!
    weight: Int! @external
    heft(unit: String = "g"): String @requires(fields: "weight") @tag(name: "mobile")
    broken: String @tag(name: "mobile")
  }
`;
const documents = [
  {
    file: 'views/documents/desk-parts.graphql',
    text: 'query DeskParts { whoami books(first: 2) { title heft } }',
  },
  { file: 'views/documents/one.graphql', text: 'query One($id: ID!) { book(id: $id) { title } }' },
];
const now = Date.UTC(2026, 10, 15);
/** What the views were told, in order. */
const told: (ViewContext | RootViewContext)[] = [];
/** What `said` waits for. */
let hold = async (): Promise<void> => {};

const { resolvers } = defineViews({
  resolvers: {
    Query: {
      async desk(_, __, context) {
        told.push(context);
        const { data, errors } = await context.ask<{ whoami: string; books: object[] }>('DeskParts');
        const codes = errors.map(({ extensions, path }) => `${path?.join('.')} ${extensions?.['code']}`);
        return { whose: data?.whoami ?? null, books: [{ id: 'b1' }, { id: 'b2' }], errors: codes };
      },
      async said(_, __, { locale, now, viewer, requestId }) {
        await hold();
        return [locale, now.toISOString(), viewer.id, requestId].join(' ');
      },
      async asking(_, args: { for: string }, { ask }) {
        const answer: ViewAnswer<unknown> = await ask(args.for, { id: 'b1' });
        return JSON.stringify(answer);
      },
      never: (_, __, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        }),
    },
    Book: {
      heft({ weight }: { weight: number }, { unit }: { unit: string }, context) {
        told.push(context);
        if (unit === 'stone') {
          throw new GraphQLError('Not in stones.', { extensions: { code: 'BAD_USER_INPUT' } });
        }
        return `${weight} ${unit}`;
      },
      broken() {
        throw new TypeError('cannot read secrets of http://10.0.0.7:5432');
      },
    },
  },
});
const views: LoadedViews = { from: 'bff/views', sdl, resolvers, documents };

let graph: FixtureGraph;
let identity: TestIdentity;
let token: string;
let supergraphSdl: string;
before(async () => {
  graph = await startFixtureGraph();
  identity = await startTestIdentity();
  token = await identity.tokenFor({ userId: 'ada' });
  const whole = compose([...graph.schemas, schemaOf('own-views', sdl, 'views:own')]);
  supergraphSdl = applyContract('own', whole, { include: ['mobile'] }).supergraphSdl;
});
after(async () => {
  await Promise.all([graph?.stop(), identity?.stop()]);
});
beforeEach(() => {
  told.length = 0;
  graph.seen.length = 0;
  hold = async () => {};
});

const startRouter = (
  engine: 'tributary' | 'apollo' = 'tributary',
  more: Partial<BffDeclaration> = {},
  given: Partial<LoadedViews> = {},
) =>
  startTestRouter(supergraphSdl, {
    bff: defineBff({
      name: 'own',
      port: 0,
      views: 'views',
      subgraphs: { every: { timeout: '5s' } },
      identity: {
        issuers: [{ issuer: identity.issuer, audiences: [identity.audience], jwks: identity.jwksUrl }],
      },
      ...more,
    }),
    views: { ...views, ...given },
    clock: { now: () => now, after: () => () => {} },
    environment: { engine },
  });
const asAda = () => ({ authorization: `Bearer ${token}` });

for (const engine of ['tributary', 'apollo'] as const) {
  describe(`views on the engine ${engine}`, () => {
    let router: RouterUnderTest;
    before(async () => {
      router = await startRouter(engine);
    });
    after(() => router?.stop());

    test('a field of an entity gets what it requires, hidden or not, and its key', async () => {
      const { body } = await router.ask('{ books { title heft } book(id: "b2") { heft(unit: "grams") } }');
      assert.deepEqual(body, {
        data: {
          books: [
            { title: 'Middlemarch', heft: '300 g' },
            { title: 'War and Peace', heft: '1200 g' },
          ],
          book: { heft: '1200 grams' },
        },
      });
    });

    test('the fields of a list are asked for at once, and cannot ask', async () => {
      await router.ask('{ books { title heft } }');
      assert.equal(told.length, 2);
      assert.equal(new Set(told.map(({ signal }) => signal)).size, 1);
      for (const context of told) assert.ok(!('ask' in context));
    });

    test('a root field asks as its viewer, under the same id, and what it asks may have views too', async () => {
      const { body } = await router.ask('{ desk { whose errors books { title heft } } }', {
        headers: { ...asAda(), 'x-request-id': 'one-id' },
      });
      assert.deepEqual(body, {
        data: {
          desk: {
            whose: `Bearer ${token}`,
            errors: [],
            books: [
              { title: 'Middlemarch', heft: '300 g' },
              { title: 'War and Peace', heft: '1200 g' },
            ],
          },
        },
      });
      assert.ok(graph.seen.length >= 2);
      for (const { headers } of graph.seen) assert.equal(headers['x-request-id'], 'one-id');
    });

    test('many that ask at once all get their answer', async () => {
      // Each is another operation, so that none is shared.
      const operations = Array.from(
        { length: 40 },
        (_, index) => `{ d${index}: desk { books { title heft } } }`,
      );
      const answers = await Promise.all(operations.map((operation) => router.ask(operation)));
      for (const [index, { body }] of answers.entries()) {
        assert.equal(body.errors, undefined);
        const desk = body.data?.[`d${index}`] as { books: object[] };
        assert.equal(desk.books.length, 2);
      }
    });

    test('what its viewer may not ask for is not asked for, and the root field hears of it', async () => {
      const { body } = await router.ask('{ desk { whose errors } }');
      const { desk } = body.data as { desk: { whose: null; errors: string[] } };
      assert.equal(desk.whose, null);
      // The stock engine denies whole operations, which have no place.
      assert.deepEqual(
        desk.errors.map((error) => error.split(' ')[1]),
        ['UNAUTHENTICATED'],
      );
      assert.ok(graph.seen.every(({ query }) => !query.includes('whoami')));
    });

    test('an error for the client keeps its words, any other loses them, and neither harms the rest', async () => {
      const { body } = await router.ask(
        '{ books { title } book(id: "b1") { heft(unit: "stone") broken title } }',
      );
      assert.deepEqual(body.data, {
        books: [{ title: 'Middlemarch' }, { title: 'War and Peace' }],
        book: { heft: null, broken: null, title: 'Middlemarch' },
      });
      const errors = body.errors?.map(({ message, path, extensions }) => [
        path?.at(-1),
        extensions['code'],
        message,
      ]);
      assert.deepEqual(errors?.sort(), [
        ['broken', 'INTERNAL_SERVER_ERROR', 'Something went wrong on our side.'],
        ['heft', 'BAD_USER_INPUT', 'Not in stones.'],
      ]);
    });

    test('a name that no document has is a mistake of the views, of which clients hear no more', async () => {
      const { body, text } = await router.ask('{ asking(for: "Nothing") }');
      assert.deepEqual(body.data, { asking: null });
      assert.equal(body.errors?.[0]?.extensions['code'], 'INTERNAL_SERVER_ERROR');
      assert.doesNotMatch(text, /DeskParts|documents/);
    });

    test('it is ready without asking views over HTTP', async () => {
      assert.equal((await router.fetch('/health/ready')).status, 200);
    });
  });
}

describe('a view', () => {
  let router: RouterUnderTest;
  before(async () => {
    router = await startRouter();
  });
  after(() => router?.stop());

  test('knows the client’s language, the time, the viewer and the id of the request', async () => {
    const { body } = await router.ask('{ said }', {
      headers: { ...asAda(), 'x-request-id': 'r1', 'accept-language': 'fr;q=0.5, de-AT' },
    });
    assert.deepEqual(body.data, { said: 'de-AT 2026-11-15T00:00:00.000Z ada r1' });
  });

  test('answers two clients at once, each in its own language', async () => {
    // Known by now, so that equal requests under way share an answer.
    await router.ask('{ said }');
    const waiting: (() => void)[] = [];
    hold = () =>
      new Promise((resolve) => {
        if (waiting.push(resolve) === 2) for (const go of waiting) go();
      });
    const asked = ['de', 'fr'].map((locale) =>
      router.ask('{ said }', { headers: { 'accept-language': locale } }),
    );
    const said = (await Promise.all(asked)).map(({ body }) => String(body.data?.['said']).split(' ')[0]);
    assert.deepEqual(said, ['de', 'fr']);
  });

  test('hands variables on to what it asks', async () => {
    const { body } = await router.ask('{ asking(for: "One") }');
    assert.deepEqual(JSON.parse(String(body.data?.['asking'])), {
      data: { book: { title: 'Middlemarch' } },
      errors: [],
    });
  });

  test('is given up with its request, by the policy of its subgraph', async () => {
    const impatient = await startRouter('tributary', {
      subgraphs: { every: { timeout: '5s' }, 'own-views': { timeout: '50ms' } },
    });
    try {
      const { body } = await impatient.ask('{ never books { title } }');
      assert.deepEqual(body.data, {
        never: null,
        books: [{ title: 'Middlemarch' }, { title: 'War and Peace' }],
      });
      assert.deepEqual(
        body.errors?.map(({ path, extensions }) => [path, extensions['code']]),
        [[['never'], 'SUBGRAPH_TIMEOUT']],
      );
    } finally {
      await impatient.stop();
    }
  });
});

test('what views asked for is given up when the client goes', async () => {
  const asked: IncomingMessage[] = [];
  // Never answers.
  const silent = createServer((request) => {
    asked.push(request);
    silent.emit('asked');
  });
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/graphql`;
  const router = await startTestRouter(supergraphSdl, {
    bff: defineBff({ name: 'own', port: 0, views: 'views' }),
    views,
    environment: { subgraphUrl: () => url },
  });
  try {
    const leaving = new AbortController();
    const reached = once(silent, 'asked');
    const gone = router
      .fetch('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: '{ asking(for: "One") }' }),
        signal: leaving.signal,
      })
      .catch((error: Error) => error.name);
    await reached;
    const [request] = asked;
    assert.ok(request);
    const closed = once(request.socket, 'close');
    leaving.abort();
    await closed;
    assert.equal(await gone, 'AbortError');
  } finally {
    await router.stop();
    silent.closeAllConnections();
    silent.close();
  }
});

describe('a router does not start', () => {
  test('where views are declared and were not loaded', async () => {
    const bff = defineBff({ name: 'own', port: 0, views: 'views' });
    await assert.rejects(
      startTestRouter(supergraphSdl, { bff }),
      /declares views in "views", and they were not loaded/,
    );
  });

  for (const engine of ['tributary', 'apollo'] as const) {
    test(`where views ask for what clients do not see (${engine})`, async () => {
      const wrong = [{ file: 'views/documents/a.graphql', text: 'query A { ledger }' }];
      await assert.rejects(
        startRouter(engine, {}, { documents: wrong }),
        /The documents of the views cannot be used:\n- views\/documents\/a\.graphql, line 1: Cannot query field "ledger"/,
      );
    });
  }
});

for (const engine of ['tributary', 'apollo'] as const) {
  test(`what a view asks may cost as much as what a client asks, and no more, on the engine ${engine}`, async (t) => {
    const [narrow, wide] = await Promise.all(
      [9, 10].map((cost) => startRouter(engine, { limits: { cost } })),
    );
    t.after(() => Promise.all([narrow?.stop(), wide?.stop()]));
    const query = '{ desk { errors } }';
    const refused = await narrow?.ask(query, { headers: asAda() });
    assert.deepEqual(refused?.body, { data: { desk: { errors: ['undefined COST_LIMIT_EXCEEDED'] } } });
    assert.equal(graph.seen.length, 0);
    const answered = await wide?.ask(query, { headers: asAda() });
    assert.deepEqual(answered?.body, { data: { desk: { errors: [] } } });
  });
}
