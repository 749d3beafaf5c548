// Holds under which names a directive is known as federation's, and that another's of the same name is not taken for it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parse } from 'graphql';
import { linkedNames } from '../../../supergraph/foundation/linked-names.ts';

const apollo = 'https://specs.apollo.dev';
const cases: [links: string, names: string[]][] = [
  ['', ['policy']],
  [`@link(url: "${apollo}/policy/v0.1")`, ['policy', 'policy__policy']],
  [`@link(url: "${apollo}/policy/v0.1", as: "rule")`, ['policy', 'rule', 'rule__policy']],
  [
    `@link(url: "${apollo}/policy/v0.1", import: [{ name: "@policy", as: "@must" }])`,
    ['must', 'policy', 'policy__policy'],
  ],
  [`@link(url: "${apollo}/federation/v2.9", import: ["@key", "@policy"])`, ['federation__policy', 'policy']],
  [`@link(url: "https://specs.other.dev/policy/v1")`, []],
  [
    `@link(url: "https://specs.other.dev/rules/v1.0", import: ["@policy"]) @link(url: "${apollo}/policy/v0.1", as: "must")`,
    ['must', 'must__policy'],
  ],
];

describe('a directive goes by', () => {
  for (const [links, names] of cases) {
    test(`${names.join(', ') || 'no name'} with ${links || 'no link'}`, () => {
      const document = parse(`schema ${links} { query: Query } type Query { a: Int }`);
      assert.deepEqual([...linkedNames(document, 'policy')].sort(), names);
    });
  }
});
