// Holds whole answers to being kept only where nobody else has a word in them: neither views nor plugins of Apollo Server.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { ApolloServerPlugin } from '@apollo/server';
import { compose } from '../../../supergraph/composition/compose.ts';
import { defineBff } from '../../../supergraph/declaration/define-bff.ts';
import { defineViews } from '../../../supergraph/views/define-views.ts';
import { startTestIdentity, type TestIdentity } from '../../support/identity.ts';
import { type FixtureGraph, schemaOf, startFixtureGraph } from '../fixtures/fixture-graph.ts';
import { type RouterUnderTest, startTestRouter } from '../fixtures/router-under-test.ts';

const sdl = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires"])
  type Query { said: String }
  type Book @key(fields: "id") {
    id: ID!
    weight: Int! @external
    toCarry: String @requires(fields: "weight")
  }
`;
const { resolvers } = defineViews({
  resolvers: {
    Query: { said: (_, __, { viewer }) => `to ${viewer.id}` },
    Book: { toCarry: ({ weight }: { weight: number }, _, { viewer }) => `${weight} for ${viewer.id}` },
  },
});

describe('whole answers', () => {
  let graph: FixtureGraph;
  let identity: TestIdentity;
  before(async () => {
    graph = await startFixtureGraph();
    identity = await startTestIdentity();
  });
  after(() => Promise.all([graph?.stop(), identity?.stop()]));

  function start(t: { after: (work: () => Promise<void>) => void }, plugins: ApolloServerPlugin[] = []) {
    const started = startTestRouter(compose([...graph.schemas, schemaOf('own-views', sdl, 'views:own')]), {
      bff: defineBff({
        ...{ name: 'own', port: 0, views: 'views', plugins, responseCache: 'public' },
        subgraphs: { every: { timeout: '5s', cacheControl: 'ignored' } },
        identity: {
          issuers: [{ issuer: identity.issuer, audiences: [identity.audience], jwks: identity.jwksUrl }],
        },
        cache: {
          Book: { maxAge: '1m', scope: 'public' },
          'Query.books': { maxAge: '1m', scope: 'public' },
        },
      }),
      views: { from: 'bff/views', sdl, resolvers, documents: [] },
    });
    t.after(async () => (await started).stop());
    return started;
  }

  const isWhole = async ({ ask }: RouterUnderTest, query: string): Promise<boolean> => {
    await ask(query);
    return (await ask(query)).headers.get('cache-status') === 'own; hit';
  };

  test('are kept, where all of it is', async (t) => {
    assert.equal(await isWhole(await start(t), '{ books { title } }'), true);
  });

  for (const [what, query, answer] of [
    ['of the root', '{ books { title } said }', (id: string) => `"to ${id}"`],
    ['of an entity', '{ books { title toCarry } }', (id: string) => ` for ${id}"`],
  ] as const) {
    test(`with a view ${what} are made for each viewer, and no cache on the way may keep them`, async (t) => {
      const router = await start(t);
      assert.equal(await isWhole(router, query), false);
      for (const id of ['ada', 'eve']) {
        const authorization = `Bearer ${await identity.tokenFor({ userId: id })}`;
        for (const _ of ['first', 'again']) {
          const { text } = await router.ask(query, { headers: { authorization } });
          assert.ok(text.includes(answer(id)), text);
        }
        const { headers, text } = await router.fetch(`/graphql?query=${encodeURIComponent(query)}`, {
          headers: { authorization, 'apollo-require-preflight': '1' },
        });
        assert.ok(text.includes(answer(id)), text);
        assert.equal(headers.get('cache-control'), 'private, no-cache');
      }
    });
  }

  test('pass by no plugin', async (t) => {
    let seen = 0;
    const router = await start(t, [
      {
        async requestDidStart() {
          seen += 1;
        },
      },
    ]);
    assert.equal(await isWhole(router, '{ books { title } }'), false);
    assert.equal(seen, 2);
  });
});
