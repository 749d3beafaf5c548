// Holds the "did you mean": near names are suggested, far ones are not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { didYouMean } from '../../../supergraph/foundation/suggest.ts';

test('suggests the nearest name that is near enough', () => {
  const known = ['accounts', 'catalog', 'orders', 'payments'];
  const cases: [string, string][] = [
    ['catalgo', ' Did you mean "catalog"?'],
    ['Catalog', ' Did you mean "catalog"?'],
    ['order', ' Did you mean "orders"?'],
    ['acounts', ' Did you mean "accounts"?'],
    ['weather', ''],
    ['x', ''],
    ['', ''],
  ];
  for (const [given, expected] of cases) assert.equal(didYouMean(given, known), expected, given);
  assert.equal(didYouMean('anything', []), '');
});
