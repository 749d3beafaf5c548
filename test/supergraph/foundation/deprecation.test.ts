// Holds the reader of deprecations to the form that the shop's schemas use, and to what people write instead.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDeprecation } from '../../../supergraph/foundation/deprecation.ts';

const cases: [reason: string, read: { successor?: string; ends?: string }][] = [
  [
    'Use Product.availability instead. Ends 2027-03-31.',
    { successor: 'Product.availability', ends: '2027-03-31' },
  ],
  [
    'Nobody keeps it up to date. Use Query.products(sort:) instead. Ends 2028-02-29.',
    { successor: 'Query.products(sort:)', ends: '2028-02-29' },
  ],
  ['Use Sort.NAME instead.', { successor: 'Sort.NAME' }],
  ['No successor. Ends 2027-03-31.', { ends: '2027-03-31' }],
  ['Use Product instead. Ends soon.', { successor: 'Product' }],
  ['Ends 2027-02-29.', {}],
  ['Ends 2027-13-01.', {}],
  ['use availability, not this', {}],
  ['', {}],
];

for (const [reason, read] of cases) {
  test(`"${reason}" says ${JSON.stringify(read)}`, () => {
    assert.deepEqual(readDeprecation(reason), { reason, ...read });
  });
}
