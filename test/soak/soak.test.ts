// Runs a small part of each soak: a twentieth of the operations, one plan that is too long.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { manyOperations } from './many-operations.ts';
import { planningStall } from './planning-stall.ts';

test('very many different operations leave memory flat, and a known operation known', async (t) => {
  const report = await manyOperations(5_000);
  t.diagnostic(JSON.stringify(report));
  assert.equal(report.wrong, 0);
  const [, settled = 0, ...later] = report.memory;
  // A heap grows in steps before it is collected; what leaks with every operation grows with every tenth.
  assert.ok(Math.max(...later) < settled + 120, `memory: ${report.memory.join(', ')} MB`);
  assert.ok(report.knownLast < report.knownFirst * 2 + 2, 'the known operation was planned again');
});

test('a plan that is too long is refused, and known operations do not feel it', async (t) => {
  const report = await planningStall();
  t.diagnostic(JSON.stringify(report));
  assert.equal(report.refused.code, 'PLANNING_TIMEOUT');
  assert.ok(report.refused.after < 12_000);
  assert.ok(report.requests > 100);
  // Other tests share the two cores; the script on an idle machine holds it to twice.
  assert.ok(report.meanwhile < report.calm * 4 + 20, `p99 ${report.calm} → ${report.meanwhile} ms`);
});
