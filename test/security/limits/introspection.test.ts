// Holds routers to telling their schema, and suggesting names of it, to those alone who may read it.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { getIntrospectionQuery } from 'graphql';
import type { ClientsDeclaration } from '../../../supergraph/declaration/clients-declaration.ts';
import { defineBff } from '../../../supergraph/declaration/define-bff.ts';
import type { LimitsDeclaration } from '../../../supergraph/declaration/limits-declaration.ts';
import { entry, manifestOf } from '../../supergraph/fixtures/registered-operations.ts';
import { type RouterUnderTest, startTestRouter } from '../../supergraph/fixtures/router-under-test.ts';
import { codesOf, type LimitedGraph, registered, roads, startLimitedGraph } from './limited-graph.ts';

const reading: [name: string, query: string][] = [
  ['what tools send', getIntrospectionQuery().trim().replace('query IntrospectionQuery', 'query')],
  ['__schema', '{ __schema { queryType { name } } }'],
  ['__type', '{ __type(name: "Person") { fields { name } } }'],
  ['__schema under another name', '{ person: __schema { types { name } } }'],
  [
    '__schema within a fragment',
    '{ ...__typename } fragment __typename on Query { ...A } fragment A on Query { __schema { types { name } } }',
  ],
  [
    '__type beside data',
    '{ person { id ...on Person { name } } ... { ... on Query { __type(name: "Kind") { name } } } }',
  ],
  ['__schema that is left out by a condition', '{ __schema @skip(if: true) { types { name } } echo }'],
];
const allowed: [name: string, query: string][] = [
  ['__typename', '{ __typename person { __typename id } }'],
  ['fields under such names', '{ __schema: person { __type: id } }'],
  ['fragments of such names', '{ ...__schema } fragment __schema on Query { echo }'],
];
const suggesting: [name: string, query: string, variables?: object][] = [
  ['a field', '{ persn { id } }'],
  ['an argument', '{ people(idss: ["1"]) { id } }'],
  ['a type', '{ ... on Persn { id } }'],
  ['a value', '{ echo(filter: { kind: TAL }) }'],
  ['a key of an input object', '{ echo(filter: { nam: "a" }) }'],
  ['a value in a variable', 'query ($f: Filter) { echo(filter: $f) }', { f: { kind: 'TAL' } }],
  ['a key in a variable', 'query ($f: Filter) { echo(filter: $f) }', { f: { nam: 'a' } }],
  ['selections of an object', '{ person }'],
  ['what a subgraph says', '{ puzzled }'],
];

let graph: LimitedGraph;
let folder: string;
before(async () => {
  graph = await startLimitedGraph();
  folder = mkdtempSync(join(tmpdir(), 'introspection-'));
  const texts = [...reading, ...allowed].map(([, query]) => query);
  writeFileSync(
    join(folder, 'manifest.json'),
    manifestOf(...texts.map((text) => entry('Registered', registered(text)))),
  );
});
after(async () => {
  await graph?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

interface Told {
  introspection?: LimitsDeclaration['introspection'];
  clients?: ClientsDeclaration;
  production?: boolean;
  engine?: 'tributary' | 'apollo';
  /** Whether anything is kept. */
  keeps?: boolean;
}

const start = ({ introspection, clients, production = true, engine = 'tributary', keeps = false }: Told) =>
  startTestRouter(graph.supergraphSdl, {
    bff: defineBff({
      name: 'limited',
      port: 0,
      ...(introspection && { limits: { introspection } }),
      ...(clients && { clients }),
      ...(keeps && {
        cache: {
          Person: { maxAge: '60s', scope: 'public' },
          'Query.person': { maxAge: '60s', scope: 'public' },
        },
      }),
      documents: { folder: 'documents', unregistered: 'allow', automatic: true, batch: 3 },
    }),
    manifests: { manifest: join(folder, 'manifest.json'), released: join(folder, 'released') },
    environment: { production, engine },
  });

for (const engine of ['tributary', 'apollo'] as const) {
  describe(`in production, where nothing is declared, with the engine ${engine}`, () => {
    let router: RouterUnderTest;
    before(async () => {
      router = await start({ engine });
    });
    after(() => router?.stop());

    for (const [road, ask] of Object.entries(roads)) {
      for (const [name, query] of reading) {
        test(`${name}, by ${road}, is refused`, async () => {
          graph.seen.length = 0;
          const answer = await ask(router, { query });
          assert.deepEqual(codesOf(answer), ['INTROSPECTION_DISABLED'], answer.text);
          assert.equal(answer.status, road === 'an array' ? 200 : 400);
          assert.equal(answer.body.data, undefined);
          assert.deepEqual(graph.seen, []);
        });
      }
      for (const [name, query] of allowed) {
        test(`${name}, by ${road}, are answered`, async () => {
          const answer = await ask(router, { query });
          assert.deepEqual([answer.status, codesOf(answer)], [200, []], answer.text);
        });
      }
    }
    for (const [name, query, variables] of suggesting) {
      test(`${name} is not suggested`, async () => {
        // The second time it may be known.
        for (const _ of [1, 2]) {
          const { body, text } = await router.ask(query, { ...(variables && { variables }) });
          assert.ok((body.errors?.length ?? 0) > 0, text);
          assert.doesNotMatch(text, /did you mean/i);
          for (const { message } of body.errors ?? []) assert.notEqual(message.trim(), '');
        }
      });
    }
  });
}

describe('elsewhere, where nothing is declared', () => {
  let router: RouterUnderTest;
  before(async () => {
    router = await start({ production: false });
  });
  after(() => router?.stop());
  test('the schema is told', async () => {
    for (const [name, query] of reading) assert.equal((await router.ask(query)).status, 200, name);
  });
  test('names are suggested', async () => {
    assert.match((await router.ask('{ persn { id } }')).text, /Did you mean \\"person\\"/);
    assert.match((await router.ask('{ puzzled }')).text, /Did you mean \\"Archive\\"/);
  });
});

const query = '{ __schema { queryType { name } } }';
const declared: [name: string, told: Told, client: string | undefined, isTold: boolean][] = [
  ['always', { introspection: 'always' }, undefined, true],
  ['never, elsewhere than in production', { introspection: 'never', production: false }, undefined, false],
  ['development, in production', { introspection: 'development' }, undefined, false],
  ['a client that may', { clients: { studio: { introspection: true } } }, 'studio', true],
  ['another than the one that may', { clients: { studio: { introspection: true } } }, 'web', false],
  ['nobody beside the one that may', { clients: { studio: { introspection: true } } }, undefined, false],
  [
    'a client that may not',
    { introspection: 'always', clients: { web: { introspection: false } } },
    'web',
    false,
  ],
  ['a client called constructor', { clients: { studio: { introspection: true } } }, 'constructor', false],
  ['a client of which nothing is said', { introspection: 'always', clients: { web: {} } }, 'web', true],
];
for (const [name, told, client, isTold] of declared) {
  test(`${name}: ${isTold ? 'told' : 'refused'}, and suggested to accordingly`, async (t) => {
    const router = await start(told);
    t.after(() => router.stop());
    const headers: Record<string, string> =
      client === undefined ? {} : { 'apollographql-client-name': client };
    const answer = await router.ask(query, { headers });
    assert.deepEqual(codesOf(answer), isTold ? [] : ['INTROSPECTION_DISABLED']);
    assert.equal(/did you mean/i.test((await router.ask('{ persn }', { headers })).text), isTold);
  });
}

test('what one client was told is not told to another, be it known or kept', async (t) => {
  const router = await start({ clients: { studio: { introspection: true } }, keeps: true });
  t.after(() => router.stop());
  const studio = { 'apollographql-client-name': 'studio' };
  for (const [road, ask] of Object.entries(roads)) {
    for (const _ of [1, 2, 3]) {
      for (const one of [query, '{ person { id } __type(name: "Person") { name } }']) {
        const asked = { query: one, headers: studio };
        if (road === 'POST' || road === 'GET' || road === 'an array')
          assert.deepEqual(codesOf(await ask(router, asked)), [], road);
        const other = await ask(router, { query: one });
        assert.notDeepEqual(codesOf(other), [], `${road} ${other.text}`);
        assert.equal(other.body.data, undefined);
      }
    }
    // Both know of errors what they may.
    for (const headers of [studio, {}, studio, {}]) {
      if (road !== 'POST' && road !== 'GET') continue;
      const { text } = await ask(router, { query: '{ puzzled }', headers });
      assert.equal(/did you mean/i.test(text), headers === studio, text);
    }
  }
});

test('the explorers say in words why they know nothing of the schema', async (t) => {
  for (const production of [true, false]) {
    const router = await start({ production });
    t.after(() => router.stop());
    for (const path of ['/', '/explorer']) {
      const { text } = await router.fetch(path);
      assert.equal(text.includes('The schema cannot be read here'), production, path);
    }
  }
});

test('what was told of the schema is remembered within a bound', async (t) => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const shop = readFileSync(
    new URL('../../../bff-web/generated/supergraph.graphql', import.meta.url),
    'utf8',
  );
  const router = await startTestRouter(shop);
  t.after(() => router.stop());
  const type = 'fields { name description args { name description } }';
  const types = `types { ${type} fields { type { ${type} ofType { ${type} ofType { ${type} } } } } }`;
  let characters = 0;
  const ask = async (number: number) => {
    const aliases = Array.from({ length: 5 }, (_, at) => `a${at}: __schema { ${types} }`).join(' ');
    const { status, text } = await router.ask(`query Reading${number} { ${aliases} }`);
    assert.equal(status, 200, text.slice(0, 300));
    characters += text.length;
  };
  await ask(0);
  collect();
  const atFirst = process.memoryUsage().heapUsed;
  characters = 0;
  for (let number = 1; number <= 50; number += 1) await ask(number);
  collect();
  const grown = process.memoryUsage().heapUsed - atFirst;
  assert.ok(characters > 25_000_000, String(characters));
  assert.ok(grown < 30_000_000, `${grown} bytes are kept of ${characters} characters`);
});
