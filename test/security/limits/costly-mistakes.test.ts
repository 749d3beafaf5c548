// Holds routers to saying what is wrong with a request in little time and few words, however much is wrong with it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { defineBff } from '../../../supergraph/declaration/define-bff.ts';
import { type RouterUnderTest, startTestRouter } from '../../supergraph/fixtures/router-under-test.ts';
import { codesOf, type LimitedGraph, startLimitedGraph, times } from './limited-graph.ts';

const filtered = 'query ($f: Filter) { echo(filter: $f) }';
const first = 'query ($n: Int) { people(first: $n) { id } }';
const unknownFields = `{ ${times(99, (index) => `u${index}`)} }`;
const lists = (count: number, item: unknown) =>
  Array.from({ length: count }, () => ({ and: Array.from({ length: 1_000 }, () => item) }));
const blanks = ' '.repeat(200_000);
const longName = 'x'.repeat(300_000);
const long = 'TOKEN_LIMIT_EXCEEDED';
const wrong = 'BAD_USER_INPUT';
const invalid = 'GRAPHQL_VALIDATION_FAILED';

const mistakes: {
  name: string;
  query: string;
  variables?: object;
  code: string;
  /** The first error. */
  says: RegExp;
}[] = [
  {
    name: '8,000 unknown keys of an object',
    query: filtered,
    variables: { f: Object.fromEntries(Array.from({ length: 8_000 }, (_, index) => [`k${index}`, 1])) },
    code: wrong,
    says: /^Variable "\$f" got invalid value { k0: 1, .* … .*; Field "k0" is not defined by type "Filter"\.$/,
  },
  {
    name: '40,000 wrong items of lists',
    query: filtered,
    variables: { f: { and: lists(40, 1) } },
    code: wrong,
    says: /^Variable "\$f" got invalid value 1 at "f\.and\[0\]\.and\[0\]"; Expected type "Filter" to be an object\.$/,
  },
  {
    name: 'one wrong value that is long',
    query: filtered,
    variables: { f: { kind: `TAL${'L'.repeat(500_000)}` } },
    code: wrong,
    says: /^Variable "\$f" got invalid value "TALLL.* … .*LLL" does not exist in "Kind" enum\.$/,
  },
  {
    name: '200,000 blanks in place of a number',
    query: first,
    variables: { n: blanks },
    code: wrong,
    says: /^Variable "\$n" got invalid value " {200}/,
  },
  {
    name: '200,000 blanks in place of a number of the document',
    query: `{ people(first: "${blanks}") { id } }`,
    code: invalid,
    says: /^Int cannot represent non-integer value: " {200}/,
  },
  {
    name: 'a long name of an operation, with 49 variables that it has not',
    query: `query ${longName} { ${times(49, (index) => `a${index}: people(first: $v${index}) { id }`)} }`,
    code: invalid,
    says: /^Variable "\$v0" is not defined by operation "xxxx.* …$/,
  },
  {
    name: '480,000 ends of lines before 99 unknown fields',
    query: `${'\n'.repeat(480_000)}${unknownFields}`,
    code: long,
    says: /^The document has more than 10000 lines\.$/,
  },
  {
    name: '480,000 ends of lines before an operation that fits',
    query: `${'\r'.repeat(480_000)}{ echo }`,
    code: long,
    says: /lines\.$/,
  },
  {
    name: '480,000 ends of lines within a text',
    query: `{ people(ids: """${'\n'.repeat(480_000)}""") { id } ${unknownFields.slice(1)}`,
    code: long,
    says: /lines\.$/,
  },
];

let graph: LimitedGraph;
before(async () => {
  graph = await startLimitedGraph();
});
after(() => graph?.stop());

for (const engine of ['tributary', 'apollo'] as const) {
  describe(`with the engine ${engine}`, () => {
    let router: RouterUnderTest;
    before(async () => {
      router = await startTestRouter(graph.supergraphSdl, { environment: { engine, production: true } });
    });
    after(() => router?.stop());

    for (const { name, query, variables = {}, code, says } of mistakes) {
      test(`${name}: refused at once, in few words`, async () => {
        graph.seen.length = 0;
        const began = performance.now();
        const answer = await router.ask(query, { variables });
        const took = performance.now() - began;
        assert.equal(answer.status, 400, answer.text.slice(0, 300));
        assert.equal(codesOf(answer)[0], code);
        assert.match(answer.body.errors?.[0]?.message ?? '', says);
        const longest = Math.max(...(answer.body.errors ?? []).map(({ message }) => message.length));
        assert.ok(longest <= 1_010, `${longest} characters`);
        // Alone it takes less than 100 ms; the machine may be shared.
        assert.ok(took < 1_000, `${took} ms`);
        assert.deepEqual(graph.seen, []);
      });
    }

    test('of several mistakes in variables the first is told', async () => {
      const { body } = await router.ask(filtered, { variables: { f: { a: 1, b: 1, ids: 'x', kind: 'NO' } } });
      assert.deepEqual(
        body.errors?.map(({ message }) => message),
        ['Variable "$f" got invalid value "NO" at "f.kind"; Value "NO" does not exist in "Kind" enum.'],
      );
    });
  });
}

describe('where the schema may be read', () => {
  let router: RouterUnderTest;
  before(async () => {
    router = await startTestRouter(graph.supergraphSdl);
  });
  after(() => router?.stop());

  for (const [name, more] of [
    ['short', {}],
    ['long', { name: 'x'.repeat(10_000) }],
  ] as const) {
    test(`a suggestion is whole where the value is ${name}`, async () => {
      const { body } = await router.ask(filtered, { variables: { f: { ...more, kin: 1 } } });
      const message = body.errors?.[0]?.message ?? '';
      assert.match(message, /; Field "kin" is not defined by type "Filter"\. Did you mean "kind"\?$/);
    });
  }
});

describe('lines', () => {
  const routers = new Map<number, RouterUnderTest>();
  before(async () => {
    for (const tokens of [20, 12_000]) {
      const bff = defineBff({ name: 'limited', port: 0, limits: { tokens } });
      routers.set(tokens, await startTestRouter(graph.supergraphSdl, { bff }));
    }
  });
  after(() => Promise.all([...routers.values()].map((router) => router.stop())));

  const echo = (ends: string): string => `{ echo ${ends} }`;
  const lines: [name: string, end: string, text: (ends: string) => string][] = [
    ['between tokens', '\n', echo],
    ['that end as on other machines', '\r\n', echo],
    ['that end as they did long ago', '\r', echo],
    ['of comments', '# a\n', echo],
    ['of texts', '\n', (ends) => `{ echo(any: """${ends}""") }`],
  ];
  for (const [name, end, text] of lines) {
    for (const [tokens, most] of [
      [20, 10_000],
      [12_000, 12_000],
    ] as const) {
      test(`${name} are ${most} at most where there may be ${tokens} tokens`, async () => {
        const router = routers.get(tokens) as RouterUnderTest;
        const fitting = await router.ask(text(end.repeat(most - 1)));
        assert.equal(fitting.status, 200, fitting.text);
        const { status, body } = await router.ask(text(end.repeat(most)));
        assert.equal(status, 400);
        assert.deepEqual(
          body.errors?.map(({ message, extensions }) => [message, extensions['code']]),
          [[`The document has more than ${most} lines.`, long]],
        );
      });
    }
  }
});
