// Holds what is read of @cacheControl in a supergraph, under whatever name it got there.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parse } from 'graphql';
import { readHints } from '../../../../supergraph/cache/rules/read-hints.ts';
import { composed, type Links } from './cached-graph.ts';

const names: [what: string, links: Links][] = [
  ['its own', {}],
  ['another one', { imported: '{ name: "@cacheControl", as: "@keep" }', name: 'keep' }],
  ['its own, of a spec that is not ours', { spec: 'https://example.com/specs/cache/v2.0' }],
  ['that of a spec called like it', { spec: 'https://example.com/specs/cacheControl/v0.1' }],
];

describe('hints of a composed graph are read by the name', () => {
  for (const [what, links] of names) {
    test(what, () => {
      const { name = 'cacheControl' } = links;
      const document = composed(
        {
          shop: `
            type Query { find: [Found!]! @${name}(maxAge: 5) }
            interface Named @${name}(maxAge: 30) { name: String }
            type Shelf implements Named @key(fields: "id") @${name}(maxAge: 60, scope: PUBLIC) {
              id: ID! name: String @${name}(scope: PRIVATE) plain: Int
            }
            type Box { size: Int }
            union Found @${name}(maxAge: 0) = Shelf | Box
          `,
        },
        links,
      );
      assert.deepEqual(Object.fromEntries(readHints(document)), {
        'Query.find': { maxAge: 5000, isPrivate: false },
        Named: { maxAge: 30_000, isPrivate: false },
        Shelf: { maxAge: 60_000, isPrivate: false },
        'Shelf.name': { maxAge: undefined, isPrivate: true },
        Found: { maxAge: 0, isPrivate: false },
      });
    });
  }
});

const sayings: [text: string, maxAge: number | undefined, isPrivate: boolean][] = [
  ['@cacheControl', undefined, false],
  ['@cacheControl(maxAge: null, scope: null)', undefined, false],
  ['@cacheControl(maxAge: -1)', 0, false],
  ['@cacheControl(maxAge: "60")', 0, false],
  ['@cacheControl(maxAge: 1.5)', 0, false],
  ['@cacheControl(scope: PUBLIC)', undefined, false],
  ['@cacheControl(scope: SECRET)', undefined, true],
  ['@cacheControl(scope: "PUBLIC")', undefined, true],
  ['@cacheControl(maxAge: 60, scope: PRIVATE) @cacheControl(maxAge: 9, scope: PUBLIC)', 9000, true],
  ['@cacheControl(scope: PUBLIC) @cacheControl(maxAge: 9)', 9000, false],
];

describe('what cannot be read is taken for the strictest', () => {
  for (const [text, maxAge, isPrivate] of sayings) {
    test(text, () => {
      const hints = readHints(parse(`type Query { a: Int ${text} }`));
      assert.deepEqual(hints.get('Query.a'), { maxAge, isPrivate });
    });
  }
});
