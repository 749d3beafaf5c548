// Holds routers to refusing what may cost too much, by whatever road it comes, before a subgraph hears of it.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  codes,
  entry,
  hashed,
  manifestOf,
  post,
  sha256,
} from '../../supergraph/fixtures/registered-operations.ts';
import type { Answer, RouterUnderTest } from '../../supergraph/fixtures/router-under-test.ts';
import { type PricedGraph, startPricedGraph } from './priced-graph.ts';

let graph: PricedGraph;
before(async () => {
  graph = await startPricedGraph();
});
after(() => graph?.stop());

const limits = { cost: 100 };
const preflight = { 'apollo-require-preflight': '1' };
const dear = 'query Dear($n: Int) { list(first: $n) { name } }';

function checkRefused({ status, text, body }: Answer, estimated?: number): void {
  assert.equal(status, 400, text);
  assert.deepEqual(codes({ body } as Answer), ['COST_LIMIT_EXCEEDED'], text);
  assert.equal(body.data, undefined, text);
  assert.equal(graph.asked.length, 0, 'no subgraph is asked');
  if (estimated === undefined) return;
  const words = `The operation may cost ${estimated}, and no more than 100 is answered.`;
  assert.equal(body.errors?.[0]?.message, words);
}

/** What may cost 100 at most is answered, one more is not. */
const cases: [why: string, operation: string, estimated: number, variables?: object][] = [
  ['a page of just so many', '{ list(first: 100) { name } }', 100],
  ['a page of one more', '{ list(first: 101) { name } }', 101],
  ['a page in a variable, just so many', dear, 100, { n: 100 }],
  ['a page in a variable, one more', dear, 101, { n: 101 }],
  ['the largest page there is', dear, 2_147_483_647, { n: 2_147_483_647 }],
  ['the default of a variable', 'query ($n: Int = 500) { list(first: $n) { name } }', 500],
  ['the larger of two pages', '{ list(first: 1, last: 300) { name } }', 300],
  ['a page that is asked for with -1', '{ list(first: -1) { related { related { name } } } }', 8 + 32 + 128],
  ['pages within pages', '{ list(first: 10) { related { related { name } } } }', 10 + 40 + 160],
  ['a connection', '{ products(first: 50) { edges { node { name } } } }', 1 + 100],
  [
    'a connection of the usual size',
    '{ products { edges { node { related { related { related { name } } } } } } }',
    1 + 5 * (2 + 4 + 16 + 64),
  ],
  [
    'a connection of the usual size, by an alias',
    '{ products { e: edges { node { related { related { name } } } } } }',
    1 + 5 * (2 + 4 + 16),
  ],
  ['aliases', `{ ${Array.from({ length: 13 }, (_, at) => `a${at}: list { name }`).join(' ')} }`, 104],
  [
    'fragments',
    `{ ...A ...B } fragment A on Query { a: list(first: 60) { name } } fragment B on Query { b: list(first: 60) { name } }`,
    120,
  ],
  [
    'a fragment that is used in many places',
    `{ ${Array.from({ length: 5 }, (_, at) => `p${at}: product(id: 1) { ...R }`).join(' ')} } fragment R on Product { related { related { id } } }`,
    5 * (1 + 4 + 16),
  ],
  [
    'a list of which nothing is said, in itself',
    '{ everything { related { related { name } } } }',
    10 + 40 + 160,
  ],
  [
    'what another subgraph says',
    '{ list(first: 20) { rating reviews(first: 1) { text } } }',
    20 * (1 + 3 + 1),
  ],
  [
    'what another subgraph says, one more',
    '{ list(first: 20) { rating reviews(first: 2) { text } } }',
    20 * (1 + 3 + 2),
  ],
  [
    'pages of another subgraph, in two variables',
    'query ($a: Int!, $b: Int) { list(first: $a) { reviews(first: $b) { author { id } } } }',
    10 + 10 * 2 * 30,
    { a: 10, b: 30 },
  ],
  ['an enum that costs', '{ list(first: 40) { colour } }', 120],
  ['an argument that costs', '{ a: report(deep: true) b: report(deep: false) }', 130],
  [
    'an input object',
    'query ($f: Filter) { report(filter: $f) }',
    5 + 1 + 5 * 21,
    { f: { any: Array.from({ length: 5 }, () => ({ text: 'a' })) } },
  ],
  [
    'an input object that is written out',
    '{ report(filter: { any: [{ text: "a" }, { text: "b" }, { text: "c" }, { text: "d" }, { text: "e" }] }) }',
    111,
  ],
  ['the dearest member of a union', '{ found(first: 4) { __typename } }', 120],
  [
    'a mutation',
    'mutation ($i: [ID!]!) { order(ids: $i) { name } }',
    10 + 1 + 4 * 23,
    { i: Array.from({ length: 23 }, String) },
  ],
  [
    'mutations in one',
    `mutation { ${Array.from({ length: 8 }, (_, at) => `m${at}: order(ids: []) { name } n${at}: order(ids: []) { name }`).join(' ')} }`,
    16 * 11,
  ],
  [
    'what nobody who is a stranger may ask for',
    '{ secret { related { related { related { name } } } } }',
    10 * (1 + 4 + 16 + 64),
  ],
];

for (const engine of ['tributary', 'apollo'] as const) {
  describe(`with 100 as the most, on the engine ${engine}`, () => {
    let router: RouterUnderTest;
    before(async () => {
      router = await graph.start({ limits }, { environment: { engine, production: true } });
    });
    after(() => router?.stop());

    for (const [why, query, estimated, variables = {}] of cases) {
      test(`${why} is ${estimated > 100 ? 'refused' : 'answered'}, the first time and later`, async () => {
        for (let times = 0; times < 2; times += 1) {
          graph.asked.length = 0;
          const answer = await router.ask(query, { variables });
          if (estimated > 100) checkRefused(answer, estimated);
          else {
            assert.deepEqual([answer.status, answer.body.errors], [200, undefined], answer.text);
            assert.ok(graph.asked.length > 0);
          }
        }
      });
    }

    test('the names of types are free', async () => {
      const query = `{ __typename ${Array.from({ length: 40 }, (_, at) => `t${at}: __typename`).join(' ')} }`;
      assert.equal((await router.ask(query)).status, 200);
    });

    test('what a condition leaves out is not counted, and what it brings back is', async () => {
      const query =
        'query ($all: Boolean!) { product(id: 1) { name } list(first: 200) @include(if: $all) { name } }';
      for (const all of [false, true, false, true]) {
        graph.asked.length = 0;
        const answer = await router.ask(query, { variables: { all } });
        if (all) checkRefused(answer, 201);
        else assert.deepEqual(answer.body, { data: { product: { name: 'called 1' } } });
      }
    });

    test('a list that needs its size is refused without, where costs are bounded', async () => {
      const without: [query: string, field: string][] = [
        ['{ strict { name } }', 'strict'],
        ['{ strict(first: 1, last: 2) { name } }', 'strict'],
        ['{ strict(first: null) { name } }', 'strict'],
        // Subgraphs take null for no page at all, and never for the default.
        ['{ products(first: null) { edges { node { name } } } }', 'products'],
        ['query ($none: Int) { products(first: $none) { edges { node { name } } } }', 'products'],
      ];
      for (const [query, field] of without) {
        graph.asked.length = 0;
        const answer = await router.ask(query, { variables: { none: null } });
        assert.deepEqual([answer.status, codes(answer), graph.asked.length], [400, ['BAD_USER_INPUT'], 0]);
        assert.ok(
          answer.body.errors?.[0]?.message.includes(`"${field}" needs exactly one of the arguments`),
          answer.text,
        );
      }
      assert.equal((await router.ask('{ strict(last: 2) { name } }')).body.errors, undefined);
    });

    test('others are answered while what is refused comes without end', async () => {
      const refused = Array.from({ length: 60 }, () => router.ask(dear, { variables: { n: 1_000_000 } }));
      const answered = Array.from({ length: 20 }, (_, at) => router.ask(dear, { variables: { n: at % 7 } }));
      for (const answer of await Promise.all(answered)) assert.equal(answer.body.errors, undefined);
      for (const answer of await Promise.all(refused))
        assert.deepEqual(codes(answer), ['COST_LIMIT_EXCEEDED']);
    });
  });
}

describe('by every road', () => {
  let router: RouterUnderTest;
  let folder: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'costly-'));
    const manifest = join(folder, 'manifest.json');
    mkdirSync(join(folder, 'released'));
    writeFileSync(manifest, manifestOf(entry('Dear', dear)));
    router = await graph.start(
      {
        limits,
        documents: { folder: 'documents', unregistered: 'allow', automatic: true, batch: 5 },
        cache: {
          Product: { maxAge: '1m', scope: 'public' },
          'Query.list': { maxAge: '1m', scope: 'public' },
        },
      },
      { manifests: { manifest, released: join(folder, 'released') } },
    );
  });
  after(async () => {
    await router?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const get = (parameters: Record<string, unknown>, headers: Record<string, string> = preflight) => {
    const search = new URLSearchParams(
      Object.entries(parameters).map(([name, value]) => [
        name,
        typeof value === 'string' ? value : JSON.stringify(value),
      ]),
    );
    return router.fetch(`/graphql?${search}`, { headers });
  };
  const other = `${dear} # another`;
  const roads: [name: string, send: (n: number) => Promise<Answer>][] = [
    ['text by POST', (n) => post(router, { query: dear, variables: { n } })],
    ['text by GET', (n) => get({ query: dear, variables: { n } })],
    ['a registered id by POST', (n) => post(router, { extensions: hashed(sha256(dear)), variables: { n } })],
    ['a registered id by GET', (n) => get({ extensions: hashed(sha256(dear)), variables: { n } })],
    [
      'an automatic hash by POST',
      (n) => post(router, { extensions: hashed(sha256(other)), query: other, variables: { n } }),
    ],
    ['an automatic hash by GET', (n) => get({ extensions: hashed(sha256(other)), variables: { n } })],
    [
      'with a plan asked for',
      (n) => router.ask(dear, { variables: { n }, headers: { 'x-query-plan': '1' } }),
    ],
    ['with its cost asked for', (n) => router.ask(dear, { variables: { n }, headers: { 'x-cost': '1' } })],
    [
      'with another accept',
      (n) => router.ask(dear, { variables: { n }, headers: { accept: 'application/graphql-response+json' } }),
    ],
  ];
  for (const [name, send] of roads) {
    test(`${name}: 101 is refused before 100 was answered, and after it was answered, known and kept`, async () => {
      for (const n of [101, 100, 101, 100, 100, 101, 1_000]) {
        graph.asked.length = 0;
        const answer = await send(n);
        if (n > 100) checkRefused(answer, n);
        else assert.deepEqual([answer.status, answer.body.errors], [200, undefined], answer.text);
      }
    });
  }

  test('in an array each operation is judged by itself', async () => {
    const answer = await post(
      router,
      [3, 101, 4, 5_000].map((n) => ({ query: `${dear} # in an array`, variables: { n } })),
    );
    assert.equal(answer.status, 200);
    const told = (answer.body as unknown as Answer['body'][]).map((body) => codes({ body } as Answer));
    assert.deepEqual([told[1], told[3]], [['COST_LIMIT_EXCEEDED'], ['COST_LIMIT_EXCEEDED']]);
    for (const at of [0, 2]) assert.ok('list' in (told[at] as object));
  });

  test('what was shared with somebody who asks for less is not lent to one who asks for more', async () => {
    const answers = await Promise.all(
      [100, 101, 100, 101, 102].map((n) => router.ask(`${dear} # at once`, { variables: { n } })),
    );
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 400, 200, 400, 400],
    );
  });

  test('a smaller limit after a new start binds for what is registered', async (t) => {
    const smaller = await graph.start({ limits: { cost: 10 } });
    t.after(() => smaller.stop());
    const answer = await smaller.ask(dear, { variables: { n: 11 } });
    assert.match(answer.body.errors?.[0]?.message ?? '', /may cost 11, and no more than 10 is/);
  });

  test('without a limit nothing is refused for its cost', async (t) => {
    const open = await graph.start();
    t.after(() => open.stop());
    for (const query of ['{ list(first: 100000) { name } }', '{ strict { name } }'])
      assert.equal((await open.ask(query)).body.errors, undefined);
  });

  test('what the declaration puts into an operation counts as if the client had asked for it', async (t) => {
    const bound = await graph.start({
      limits,
      clients: {
        ios: { arguments: { first: { default: 101 } } },
        web: { arguments: { first: { default: 9 } } },
      },
    });
    t.after(() => bound.stop());
    for (const name of ['ios', 'web', 'ios', 'web']) {
      graph.asked.length = 0;
      const answer = await bound.ask('{ list { name } }', { headers: { 'apollographql-client-name': name } });
      if (name === 'ios') checkRefused(answer, 101);
      else assert.deepEqual(answer.body.errors, undefined, answer.text);
    }
  });

  test('what is assumed of lists is what the declaration says', async (t) => {
    const assuming = await graph.start({ limits: { cost: 100, assumedListSize: 101 } });
    t.after(() => assuming.stop());
    graph.asked.length = 0;
    checkRefused(await assuming.ask('{ everything { name } }'), 101);
    assert.equal((await router.ask('{ everything { name } }')).body.errors, undefined);
  });
});
