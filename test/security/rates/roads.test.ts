// Holds rates on every road that a request may take: each counts once, and what is kept, shared or remembered counts too.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import type { Answer } from '../../supergraph/fixtures/router-under-test.ts';
import { codeOf, type RatedGraph, startRatedGraph, type Who } from './rated-graph.ts';

const books = '{ books { title } }';
const hash = createHash('sha256').update(books).digest('hex');
const wide = { mine: { per: 'viewer', most: 100, in: '1h' } } as const;
const json = { 'content-type': 'application/json' };
const post = (body: unknown): RequestInit => ({ method: 'POST', headers: json, body: JSON.stringify(body) });
const get = (parameters: Record<string, string>): string => `/graphql?${new URLSearchParams(parameters)}`;
const preflight = { 'apollo-require-preflight': '1' };

/** What there is room for still, by rate. */
function left({ headers }: Answer): Record<string, number> {
  const told = (headers.get('ratelimit') ?? '').matchAll(/"([\w-]+)";r=(\d+);t=\d+/g);
  return Object.fromEntries([...told].map(([, name = '', r]) => [name, Number(r)]));
}

const documents = { folder: 'documents', unregistered: 'allow', automatic: true, batch: 10 } as const;

interface Road {
  title: string;
  send: (rated: RatedGraph) => Promise<Answer>;
  status?: number;
  /** Requests of which it is made; one unless told. */
  each?: number;
}

const roads: Road[] = [
  { title: 'POST', send: ({ ask }) => ask(books) },
  { title: 'POST with a plan', send: ({ ask }) => ask(books, { headers: { 'x-query-plan': '1' } }) },
  {
    title: 'POST for GraphQL JSON',
    send: ({ ask }) => ask(books, { headers: { accept: 'application/graphql-response+json' } }),
  },
  { title: 'a mutation', send: ({ ask }) => ask('mutation { rename(id: "b1", title: "x") { id } }') },
  { title: 'introspection', send: ({ ask }) => ask('{ __schema { queryType { name } } }') },
  { title: 'what cannot be parsed', send: ({ ask }) => ask('{'), status: 400 },
  { title: 'what does not fit the schema', send: ({ ask }) => ask('{ nothing }'), status: 400 },
  {
    title: 'a variable that does not fit',
    send: ({ ask }) => ask('query ($id: ID!) { book(id: $id) { id } }'),
    status: 400,
  },
  { title: 'nothing at all', send: ({ send }) => send('/graphql', post({})), status: 400 },
  { title: 'GET', send: ({ send }) => send(get({ query: books }), { headers: preflight }) },
  {
    title: 'GET of what the client has',
    each: 2,
    async send(rated) {
      const { headers } = await rated.send(get({ query: books }), { headers: preflight });
      const known = { ...preflight, 'if-none-match': headers.get('etag') ?? '' };
      return rated.send(get({ query: books }), { headers: known });
    },
    status: 304,
  },
  {
    title: 'a hash that is not known',
    send: ({ send }) =>
      send('/graphql', post({ extensions: { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } } })),
  },
  {
    title: 'a text with its hash, then the hash',
    send: ({ send }) =>
      send(
        '/graphql',
        post({ query: books, extensions: { persistedQuery: { version: 1, sha256Hash: hash } } }),
      ),
  },
];

for (const engine of ['tributary', 'apollo'] as const) {
  describe(`each road counts once, the first time and when it is known, with ENGINE=${engine}`, () => {
    for (const road of roads) {
      test(road.title, async (t) => {
        const rated = await startRatedGraph(wide, { environment: { engine }, declaration: { documents } });
        t.after(() => rated.stop());
        const { each = 1 } = road;
        for (let time = 1; time <= 3; time += 1) {
          const answer = await road.send(rated);
          if (road.status !== undefined) assert.equal(answer.status, road.status, answer.text);
          assert.deepEqual(left(answer), { mine: 100 - each * time }, `${time}: ${answer.text}`);
          assert.equal(answer.headers.get('ratelimit-policy'), '"mine";q=100;w=3600');
          assert.equal(answer.headers.get('retry-after'), null);
        }
      });
    }
  });
}

describe('what is not run anew', () => {
  const cache = {
    'Query.books': { maxAge: '1h', scope: 'public' },
    Book: { maxAge: '1h', scope: 'public' },
  } as const;
  // The servers of the graph say `no-store` of all that has no hints.
  const declaration = { cache, subgraphs: { every: { cacheControl: 'ignored' } } } as const;

  for (const [title, rates, who] of [
    ['as a request', wide, {}],
    ['as a request of somebody', wide, { as: { userId: 'ann' } }],
    ['as a field', { mine: { ...wide.mine, of: { fields: ['Query.books'] } } }, {}],
    ['as an operation', { mine: { ...wide.mine, of: { operations: ['Books'] } } }, {}],
    ['as its cost', { mine: { ...wide.mine, most: 100_000, of: 'cost' } }, {}],
  ] as const) {
    test(`a whole answer that is kept counts ${title}, by GET, by POST, and as 304`, async (t) => {
      const rated = await startRatedGraph(rates, { declaration });
      t.after(() => rated.stop());
      const query = `query Books ${books}`;
      const before: number[] = [];
      const send = (init: RequestInit, path = '/graphql') => rated.send(path, init, who as Who);
      let etag = '';
      const ways = [
        () => send(post({ query })),
        () => send({ headers: preflight }, get({ query })),
        () => send({ headers: { ...preflight, 'if-none-match': etag } }, get({ query })),
      ];
      for (let time = 0; time < 3; time += 1) {
        for (const way of ways) {
          const answer = await way();
          assert.ok(answer.status < 400, answer.text);
          etag = answer.headers.get('etag') ?? etag;
          before.push(left(answer)['mine'] ?? Number.NaN);
        }
      }
      const [first = 0, second = 0] = before;
      const each = first - second;
      assert.ok(each >= 1);
      assert.deepEqual(
        before,
        before.map((_, index) => first - each * index),
      );
      assert.ok(rated.graph.seen.length <= 3, 'it was kept');
    });
  }

  test('requests that join an identical one that is under way count each', async (t) => {
    const rated = await startRatedGraph({ mine: { ...wide.mine, most: 11 } });
    t.after(() => rated.stop());
    await rated.ask(books);
    rated.graph.seen.splice(0);
    const answers = await Promise.all(Array.from({ length: 20 }, () => rated.ask(books)));
    assert.equal(answers.filter(({ status }) => status === 200).length, 10);
    assert.ok(rated.graph.seen.length <= 10);
    for (const { status, body } of answers)
      if (status !== 200) assert.equal(codeOf({ body }), 'RATE_LIMITED');
  });

  test('a kept answer is not given to whom there is no room for, and the others have it still', async (t) => {
    const rates = { mine: { ...wide.mine, most: 1, of: { fields: ['Query.books'] } } } as const;
    const rated = await startRatedGraph(rates, { declaration });
    t.after(() => rated.stop());
    const ask = (from: string) => rated.send(get({ query: books }), { headers: preflight }, { from });
    assert.equal((await ask('10.0.0.1')).status, 200);
    assert.equal((await ask('10.0.0.2')).status, 200);
    const refused = await ask('10.0.0.1');
    assert.equal(refused.status, 429);
    assert.equal(codeOf(refused), 'RATE_LIMITED');
    assert.equal((await ask('10.0.0.3')).status, 200);
    assert.equal(rated.graph.seen.length, 1);
  });
});

describe('several operations in one request', () => {
  test('count each, have their refusals in their places, and the whole says what is left and when to come back', async (t) => {
    const rates = {
      mine: { per: 'viewer', most: 3, in: '1h' },
      renames: { per: 'viewer', of: { fields: ['Mutation.rename'] }, most: 1, in: '1d' },
    } as const;
    const rated = await startRatedGraph(rates, { declaration: { documents } });
    t.after(() => rated.stop());
    const rename = 'mutation { rename(id: "b1", title: "x") { id } }';
    const queries = [books, rename, books, books];
    const answer = await rated.send('/graphql', post(queries.map((query) => ({ query }))));
    assert.equal(answer.status, 200);
    const parts = answer.body as unknown as Answer['body'][];
    assert.deepEqual(
      parts.map((body) => codeOf({ body })),
      [undefined, undefined, undefined, 'RATE_LIMITED'],
      answer.text,
    );
    assert.deepEqual(left(answer), { mine: 0, renames: 0 });
    assert.equal(answer.headers.get('retry-after'), '3600');
    const again = await rated.send('/graphql', post([{ query: rename }]), { from: '10.0.0.8' });
    assert.deepEqual(left(again), { mine: 2, renames: 0 });
    const refused = await rated.send('/graphql', post([{ query: rename }]), { from: '10.0.0.8' });
    assert.equal(refused.status, 200);
    assert.equal(refused.headers.get('retry-after'), '86400', 'of two the later');
  });
});
