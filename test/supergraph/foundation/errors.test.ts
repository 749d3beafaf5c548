// Holds the error table against docs/errors.md, both ways, and holds it to its own rules.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { clientError, errorBody, errorRow, errorTable } from '../../../supergraph/foundation/errors.ts';

const docs = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8');

test('docs/errors.md has every row of the table with its status, and no other', () => {
  const documented = [...docs.matchAll(/^\| `(\w+)` \| (\d+) \| .+ \| .+ \|$/gm)].map(([, code, status]) => [
    code,
    Number(status),
  ]);
  assert.deepEqual(
    documented,
    Object.entries(errorTable).map(([code, { status }]) => [code, status]),
  );
});

test('a reason is shown only where the table allows one', () => {
  const reason = 'because of 10.0.0.1';
  assert.equal(clientError('BAD_USER_INPUT', { reason }).message, reason);
  assert.equal(clientError('SUBGRAPH_TIMEOUT', { reason }).message, errorTable.SUBGRAPH_TIMEOUT.message);
  assert.deepEqual(errorBody('BAD_REQUEST', 'x').errors, [
    { message: 'x', extensions: { code: 'BAD_REQUEST' } },
  ]);
});

test('a cause is kept for the log and does not show in the answer', () => {
  const error = clientError('SUBGRAPH_UNAVAILABLE', { cause: new Error('connect 10.0.0.1') });
  assert.ok(error.cause instanceof Error);
  assert.doesNotMatch(JSON.stringify(error), /10\.0\.0\.1/);
});

test('names that every object has are no codes', () => {
  for (const code of ['toString', '__proto__', 'constructor', undefined, 7, {}])
    assert.equal(errorRow(code), undefined);
});
