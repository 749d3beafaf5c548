// Holds rules over interfaces to what they cost, and to what an interface that a subgraph knows as an object is made from.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSignedIn } from '../../../supergraph/declaration/rule-words.ts';
import { startRuledGraph } from './ruled-graph.ts';

const types = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'];

test('an interface within an interface, one of whose members is protected, costs what it says', async (t) => {
  const graph = await startRuledGraph({
    subgraphs: {
      nodes: {
        sdl: `
          type Query { node: Node }
          interface Node { id: ID! rel: Node name: String }
          ${types.map((type) => `type ${type} implements Node { id: ID! rel: Node name: String }`).join(' ')}
        `,
        resolvers: {
          Node: { __resolveType: () => 'B' },
          Query: { node: () => ({ id: 'n' }) },
          ...Object.fromEntries(
            types.map((type) => [type, { rel: ({ id }) => ({ id }), name: ({ id }) => id }]),
          ),
        },
      },
    },
    declaration: { permissions: { A: { rel: isSignedIn, name: isSignedIn } }, limits: { aliases: 300 } },
  });
  t.after(() => graph.stop());
  let deep = 'id name';
  for (let level = 0; level < 12; level += 1) deep = `id rel { ${deep} }`;
  const wide = Array.from({ length: 300 }, (_, index) => `a${index}: name`).join(' ');
  for (const query of [`{ node { ${deep} } }`, `{ node { ${wide} } }`]) {
    const began = performance.now();
    const { status, body } = await graph.ask(query);
    assert.ok(performance.now() - began < 2_000, `${performance.now() - began} ms`);
    assert.equal(status, 200);
    assert.ok(body.errors?.every(({ extensions }) => extensions['code'] === 'UNAUTHENTICATED'));
    assert.ok(!graph.fieldsAsked().some((name) => name === 'rel' || name === 'name'));
    const allowed = await graph.ask(query, { userId: 'u1' });
    assert.equal(allowed.body.errors, undefined, JSON.stringify(allowed.body.errors)?.slice(0, 300));
    graph.asked.splice(0);
  }
});

test('a field that an interface object makes from a protected field is protected on its members', async (t) => {
  const graph = await startRuledGraph({
    subgraphs: {
      people: {
        sdl: `
          type Query { person: Person node: Node }
          interface Node @key(fields: "id") { id: ID! secret: String }
          type Person implements Node @key(fields: "id") { id: ID! secret: String }
        `,
        resolvers: {
          Node: { __resolveType: () => 'Person' },
          Query: {
            person: () => ({ id: 'p', secret: 's3cret' }),
            node: () => ({ __typename: 'Person', id: 'p', secret: 's3cret' }),
          },
        },
      },
      ratings: {
        sdl: `type Node @interfaceObject @key(fields: "id") {
          id: ID! secret: String @external rating: String @requires(fields: "secret")
        }`,
        resolvers: {
          Node: { __resolveReference: (given) => given, rating: ({ secret }) => `from ${secret}` },
        },
      },
    },
    declaration: { permissions: { Person: { secret: isSignedIn } } },
  });
  t.after(() => graph.stop());
  const roads = ['{ person { rating } }', '{ node { ... on Person { rating } } }', '{ node { rating } }'];
  for (const query of roads) {
    const denied = await graph.ask(query);
    assert.equal(denied.body.errors?.[0]?.extensions['code'], 'UNAUTHENTICATED', query);
    assert.ok(!denied.text.includes('s3cret'));
    assert.ok(!graph.fieldsAsked().includes('secret'), query);
    const allowed = await graph.ask(query, { userId: 'u1' });
    assert.equal(allowed.body.errors, undefined);
    assert.ok(allowed.text.includes('from s3cret'));
    graph.asked.splice(0);
  }
});
