// Holds SECURITY.md to naming tests that are there.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const root = new URL('../../', import.meta.url);

test('each attack of SECURITY.md is held by tests that are there', () => {
  const page = readFileSync(new URL('SECURITY.md', root), 'utf8');
  const held = [...page.matchAll(/^\| ([^|]+) \| `([^`]+)` \|$/gm)];
  const rows = page.match(/^\| (?!attack)[^-].*\|$/gm) ?? [];
  assert.equal(held.length, rows.length, 'each row has one test');
  for (const [, attack, path = ''] of held) assert.ok(existsSync(new URL(path, root)), `${attack}: ${path}`);
});
