// Holds the payments seed to making the same rows whenever it runs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seed } from '../../../subgraphs/payments/seed.ts';
import { seedStatements } from '../../support/seed-statements.ts';

test('the seed does not depend on the day', async ({ mock }) => {
  const today = await seedStatements(seed);
  mock.timers.enable({ apis: ['Date'], now: new Date('2031-02-03T04:05:06Z') });
  assert.deepEqual(await seedStatements(seed), today);
});
