// Holds routers to bounds of what comes in and goes out: bodies, JSON that is deep, answers, errors told of them.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { defineBff } from '../../../supergraph/declaration/define-bff.ts';
import type { LimitsDeclaration } from '../../../supergraph/declaration/limits-declaration.ts';
import { startRouters } from '../../../supergraph/router/start-router.ts';
import {
  type Answer,
  type RouterUnderTest,
  startTestRouter,
  testEnvironment,
} from '../../supergraph/fixtures/router-under-test.ts';
import { sendRaw } from '../advisories/raw-request.ts';
import { codesOf, type LimitedGraph, startLimitedGraph } from './limited-graph.ts';

let graph: LimitedGraph;
let router: RouterUnderTest;
const start = (limits: LimitsDeclaration, more: object = {}) =>
  startTestRouter(graph.supergraphSdl, {
    bff: defineBff({
      name: 'limited',
      port: 0,
      limits,
      documents: { folder: 'd', unregistered: 'allow', batch: 2 },
      ...more,
    }),
  });
before(async () => {
  graph = await startLimitedGraph();
  router = await start({});
});
after(async () => {
  await router?.stop();
  await graph?.stop();
});

const json = { 'content-type': 'application/json' };
const deep = 400_000;
const query = 'query ($any: JSON) { echo(any: $any) }';
const bodies: [name: string, body: string][] = [
  ['lists in a variable', `{"query":"${query}","variables":{"any":${'['.repeat(deep)}${']'.repeat(deep)}}}`],
  ['lists that do not end', `{"query":"${query}","variables":{"any":${'['.repeat(deep)}`],
  [
    'objects in a variable',
    `{"query":"${query}","variables":{"any":${'{"a":'.repeat(deep / 4)}1${'}'.repeat(deep / 4)}}}`,
  ],
  ['lists and nothing else', '['.repeat(deep)],
  ['lists in extensions', `{"query":"{ echo }","extensions":{"a":${'['.repeat(deep)}${']'.repeat(deep)}}}`],
  [
    'lists in an array of operations',
    `[{"query":"{ echo }","variables":{"a":${'['.repeat(deep)}${']'.repeat(deep)}}}]`,
  ],
];
for (const [name, body] of bodies) {
  test(`${name}, very deep, are refused at once, and take no memory`, async () => {
    await sendRaw(router.origin, { headers: json, body });
    graph.seen.length = 0;
    const before = process.memoryUsage().rss;
    const times: number[] = [];
    for (let time = 0; time < 5; time++) {
      const began = performance.now();
      const { status, text } = await sendRaw(router.origin, { headers: json, body });
      times.push(performance.now() - began);
      assert.equal(status, 400, text);
      assert.equal(JSON.parse(text).errors[0].extensions.code, 'VARIABLE_DEPTH_LIMIT_EXCEEDED');
    }
    // The quickest of them: the machine may be shared.
    assert.ok(Math.min(...times) < 100, `${times}`);
    const grown = process.memoryUsage().rss - before;
    assert.ok(grown < 20_000_000, `${grown}`);
    assert.deepEqual(graph.seen, []);
    assert.equal((await router.ask('{ echo }')).status, 200, 'others are served');
  });
}

for (const parameter of ['variables', 'extensions']) {
  test(`${parameter} of a GET request, very deep, are refused`, async () => {
    const value = `{"any":${'['.repeat(5_000)}${']'.repeat(5_000)}}`;
    const { status, text } = await sendRaw(router.origin, {
      method: 'GET',
      path: `/graphql?query=${encodeURIComponent(query)}&${parameter}=${value}`,
      headers: { 'apollo-require-preflight': '1' },
    });
    assert.equal(status, 400, text);
    assert.equal(JSON.parse(text).errors[0].extensions.code, 'VARIABLE_DEPTH_LIMIT_EXCEEDED');
  });
}

test('brackets in texts are no depth', async () => {
  const any = `${'[{'.repeat(500)}\\"${'['.repeat(500)}`;
  assert.equal((await router.ask(query, { variables: { any } })).status, 200);
  assert.equal((await router.ask(query, { variables: { any: `${any}\\` } })).status, 200);
});

describe('bodies', () => {
  const padded = (bytes: number): string => {
    const body = JSON.stringify({ query: '{ echo }', pad: '' });
    return body.replace('"pad":""', `"pad":"${'x'.repeat(bytes - body.length)}"`);
  };
  const sizes: [limit: LimitsDeclaration['body'], bytes: number, status: number][] = [
    [undefined, 1_000_000, 200],
    [undefined, 1_000_001, 413],
    ['2KB', 2_000, 200],
    ['2KB', 2_001, 413],
    ['3MB', 3_000_000, 200],
    ['3MB', 3_000_001, 413],
  ];
  for (const [limit, bytes, status] of sizes) {
    test(`${bytes} bytes where ${limit ?? 'nothing'} is declared: ${status}`, async (t) => {
      const one = await start(limit === undefined ? {} : { body: limit });
      t.after(() => one.stop());
      graph.seen.length = 0;
      const answer = await sendRaw(one.origin, { headers: json, body: padded(bytes) });
      assert.equal(answer.status, status, answer.text);
      if (status === 413) {
        assert.equal(JSON.parse(answer.text).errors[0].extensions.code, 'BODY_TOO_LARGE');
        assert.deepEqual(graph.seen, []);
      }
    });
  }

  test('BFFs of one process have each their own', async (t) => {
    const parts = (name: string, body: '1KB' | '10KB') => ({
      bff: defineBff({ name, port: 0, limits: { body } }),
      supergraph: { sdl: graph.supergraphSdl, from: 'The supergraph of the test' },
    });
    const server = await startRouters([parts('small', '1KB'), parts('large', '10KB')], {
      environment: testEnvironment,
    });
    t.after(() => server.stop());
    const statuses = await Promise.all(
      server.serves.map(async ({ url }) => {
        const { origin, pathname } = new URL(url);
        return (await sendRaw(origin, { path: pathname, headers: json, body: padded(5_000) })).status;
      }),
    );
    assert.deepEqual(statuses, [413, 200]);
  });
});

describe('answers', () => {
  const answers: [name: string, characters: number, trusted: boolean, codes: string[]][] = [
    ['as long as may be', 10_000 - '{"data":{"long":""}}'.length, false, []],
    ['one longer', 10_001 - '{"data":{"long":""}}'.length, false, ['ANSWER_TOO_LARGE']],
    ['as long as may be, unread', 10_000 - '{"data":{"long":""}}'.length, true, []],
    ['one longer, unread', 10_001 - '{"data":{"long":""}}'.length, true, ['ANSWER_TOO_LARGE']],
    ['much longer', 5_000_000, false, ['ANSWER_TOO_LARGE']],
  ];
  for (const [name, characters, trusted, codes] of answers) {
    test(name, async (t) => {
      const one = await start(
        { answer: '10KB' },
        trusted ? { subgraphs: { people: { trusted: true } } } : {},
      );
      t.after(() => one.stop());
      for (const _ of [1, 2]) {
        const answer: Answer = await one.ask('query ($n: Int!) { long(characters: $n) }', {
          variables: { n: characters },
        });
        assert.deepEqual(codesOf(answer), codes, answer.text.slice(0, 200));
        assert.equal(answer.body.data === null, codes.length > 0);
      }
    });
  }

  test('a limit too small for any answer is one all the same', async (t) => {
    const one = await start({ answer: '1B' });
    t.after(() => one.stop());
    const answer = await one.ask('{ long(characters: 100) }');
    assert.deepEqual([answer.status, codesOf(answer), answer.body.data], [200, ['ANSWER_TOO_LARGE'], null]);
  });

  for (const [errors, told] of [
    [undefined, 6],
    [7, 6],
    [6, 6],
    [2, 2],
    [1, 1],
  ] as const) {
    test(`of six errors ${told} are told where ${errors ?? 'nothing'} is declared`, async (t) => {
      const one = await start(errors === undefined ? {} : { errors });
      t.after(() => one.stop());
      for (const _ of [1, 2]) {
        const { body } = await one.ask('{ broken }');
        assert.deepEqual(
          [body.errors?.length, body.data],
          [told, { broken: [null, null, null, null, null, null] }],
        );
      }
    });
  }
});
