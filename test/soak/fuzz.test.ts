// Runs a twentieth of the fuzzing: what no client would send is answered all the same, in the words of the table.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzz } from './fuzz.ts';

test('operations and bodies that nobody would write are answered in the words of the table, and nobody waits for them', async (t) => {
  const seed = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 1_000_000));
  t.diagnostic(`FUZZ_SEED=${seed}`);
  for (const [what, report] of Object.entries(await fuzz({ count: 1_000, seed }))) {
    const { asked, statuses, codes, wrong, longestGap } = report;
    t.diagnostic(`${what}: ${JSON.stringify({ asked, statuses, codes, longestGap })}`);
    assert.deepEqual(wrong.slice(0, 3), [], what);
    assert.equal(asked, 1_000);
    // What nobody has answered shows nothing.
    assert.ok(Number(statuses['200']) > 50, what);
    assert.ok(longestGap <= 250, `${what}: ${longestGap} ms`);
  }
});
