// Holds the copy of a supergraph for @apollo/gateway: nothing of the refused specs is left, and all else is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse, print } from 'graphql';
import { compose } from '../../../supergraph/composition/compose.ts';
import { stripAuthLinks } from '../../../supergraph/router/strip-auth-links.ts';
import { schemaOf } from '../fixtures/fixture-graph.ts';
import { startTestRouter } from '../fixtures/router-under-test.ts';

const guarded = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",
    import: ["@key", "@tag", "@authenticated", "@requiresScopes", "@policy", "@context", "@fromContext", "@cost"])
  type Query {
    me: User @authenticated @cost(weight: 3)
    admin: Int @requiresScopes(scopes: [["admin"]]) @tag(name: "internal")
    rule: Int @policy(policies: [["p"]])
  }
  type User @key(fields: "id") @context(name: "user") { id: ID! locale: String! greeting: Greeting! }
  type Greeting @key(fields: "id") { id: ID! text(locale: String @fromContext(field: "$user { locale }")): String! }
`;

test('takes out links, definitions, types and uses of the refused specs, and says which they were', async (t) => {
  const sdl = compose([schemaOf('guarded', guarded)]);
  const { document, stripped } = stripAuthLinks(parse(sdl));
  const left = print(document);
  assert.deepEqual([...stripped].sort(), ['authenticated', 'context', 'policy', 'requiresScopes']);
  assert.doesNotMatch(
    left,
    /authenticated|requiresScopes|policy|@context|contextArguments: \[\{|fromContext/,
  );
  assert.match(left, /@cost\(weight: 3\)/);
  assert.match(left, /@tag\(name: "internal"\)/);
  assert.match(left, /join__Graph/);
  const router = await startTestRouter(sdl);
  t.after(() => router.stop());
  assert.deepEqual((await router.ask('{ __typename }')).body, { data: { __typename: 'Query' } });
});

test('knows specs by their address, whatever they are called', () => {
  const { document, stripped } = stripAuthLinks(
    parse(`schema
      @link(url: "https://specs.apollo.dev/link/v1.0")
      @link(url: "https://specs.apollo.dev/authenticated/v0.1", as: "login")
      @link(url: "https://specs.apollo.dev/policy/v0.1", import: [{ name: "@policy", as: "@rule" }, "policy__Policy"])
      @link(url: "https://specs.other.dev/requiresScopes/v0.1")
      { query: Query }
      directive @login on FIELD_DEFINITION
      directive @rule on FIELD_DEFINITION
      directive @requiresScopes on FIELD_DEFINITION
      scalar policy__Policy
      type Query { a: Int @login @rule @requiresScopes policyText: String }`),
  );
  const left = print(document);
  assert.deepEqual(stripped, ['authenticated', 'policy']);
  assert.doesNotMatch(left, /@login|@rule|policy__Policy|apollo\.dev\/policy/);
  assert.match(left, /a: Int @requiresScopes\n {2}policyText: String/);
  assert.match(left, /specs\.other\.dev\/requiresScopes/);
});

test('a supergraph without such specs is left as it is', () => {
  const document = parse(compose([schemaOf('plain', 'type Query { a: Int }')]));
  assert.equal(stripAuthLinks(document).document, document);
});
