// Holds that names such as `__proto__` are names like others, whoever says them: objects that all share stay as they are.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { compose } from '../../../supergraph/composition/compose.ts';
import type { EngineName } from '../../../supergraph/foundation/environment.ts';
import {
  type CaseSubgraph,
  type RunningSubgraph,
  startCaseSubgraph,
} from '../../federation/harness/case-subgraph.ts';
import { type RouterUnderTest, startTestRouter } from '../../supergraph/fixtures/router-under-test.ts';

const subgraphs: Record<string, CaseSubgraph> = {
  things: {
    sdl: `
      scalar JSON
      type Query { thing: Thing things: [Thing!]! echo(value: JSON): JSON }
      type Thing @key(fields: "id") { id: ID! name: String call: String }
    `,
    resolvers: {
      Query: {
        thing: () => ({ id: '1', name: 'Lamp', call: 'overwritten' }),
        things: () => [{ id: '1', name: 'Lamp', call: 'overwritten' }],
        echo: (_, { value }) => value,
      },
    },
  },
  prices: {
    sdl: `type Thing @key(fields: "id") { id: ID! price: Int polluted: String }`,
    resolvers: {
      Thing: { __resolveReference: ({ id }) => ({ id, price: 9, polluted: 'yes' }) },
    },
  },
};

let running: RunningSubgraph[];
const routers = new Map<EngineName, RouterUnderTest>();
before(async () => {
  running = await Promise.all(
    Object.entries(subgraphs).map(([name, subgraph]) =>
      startCaseSubgraph(name, subgraph, { write: () => {}, misbehaviour: () => undefined }),
    ),
  );
  const sdl = compose(running.map(({ schema }) => schema));
  for (const engine of ['tributary', 'apollo'] as const)
    routers.set(engine, await startTestRouter(sdl, { environment: { engine } }));
});
after(async () => {
  for (const router of routers.values()) await router.stop();
  for (const { stop } of running ?? []) stop();
});

const shared = [Object.prototype, Function.prototype, Array.prototype, Object];
const asTheyWere = shared.map((one) => Object.getOwnPropertyDescriptors(one));
afterEach(() => {
  for (const [index, one] of shared.entries()) {
    const now = Object.getOwnPropertyDescriptors(one) as Record<string, PropertyDescriptor>;
    assert.deepEqual(Object.keys(now), Object.keys(asTheyWere[index] ?? {}));
    for (const [name, { value }] of Object.entries(asTheyWere[index] ?? {}))
      assert.equal(now[name]?.value, value, name);
  }
});

const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'];

for (const engine of ['tributary', 'apollo'] as const) {
  describe(`with the engine ${engine}`, () => {
    const ask = async (query: string, variables?: string) => {
      const router = routers.get(engine) ?? assert.fail();
      // As text: an object literal would take such names for something else.
      return router.fetch('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: `{"query":${JSON.stringify(query)}${variables === undefined ? '' : `,"variables":${variables}`}}`,
      });
    };

    for (const name of names) {
      test(`${name} as the name of a field at all levels, over two subgraphs`, async () => {
        const { text } = await ask(
          `{ ${name}: thing { ${name}: name call price constructor: polluted prototype: polluted }
             other: things { ${name}: price prototype: call } }`,
        );
        if (engine === 'tributary' && name !== 'constructor' && name !== 'prototype') {
          assert.match(text, new RegExp(`"${name}":\\{"${name}":"Lamp"`), text);
          assert.match(text, new RegExp(`"${name}":9`), text);
        }
        assert.equal((await ask('{ thing { name price } }')).text.includes('"price":9'), true);
      });

      test(`${name} as the name of a variable, and within its value`, async () => {
        const { body } = await ask(
          `query ($${name}: JSON) { echo(value: $${name}) }`,
          `{"${name}":{"${name}":{"polluted":"yes","call":1},"constructor":{"prototype":{"polluted":"yes"}}}}`,
        );
        // Fastify takes texts with the first of these names for an attack.
        if (name !== '__proto__') assert.ok('data' in body || body.errors);
        assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
      });
    }
  });
}
