// The bench as it is run: the smoke measures ours and stock, and what is broken off leaves nothing behind.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { missingHere } from '../../bench/machine.ts';
import type { Result } from '../../bench/report/result.ts';
import { leaveOut } from '../support/left-out.ts';

const missing = missingHere();
if (missing.length > 0) leaveOut('the bench', `here is no ${missing.join(', no ')}`);
const root = fileURLToPath(new URL('../..', import.meta.url));

describe('the bench', { skip: missing.length > 0 }, () => {
  let temporary: string;
  before(async () => {
    temporary = await mkdtemp(join(tmpdir(), 'bench-test-'));
  });
  after(() => rm(temporary, { recursive: true, force: true }));

  const bench = (...flags: string[]) => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'bench/main.ts', ...flags], {
      cwd: root,
      env: { ...process.env, TMPDIR: temporary },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const said = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk));
    child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk));
    const ended = once(child, 'close').then(([code]) => code as number | null);
    return { child, said, ended };
  };

  /** What tsx keeps there is its own. Processes are known by the files they were started with. */
  const assertNothingLeft = async () => {
    const files = await readdir(temporary);
    assert.deepEqual(
      files.filter((name) => !name.startsWith('tsx-')),
      [],
    );
    assert.deepEqual(
      commandLines().filter((line) => line.includes(temporary)),
      [],
    );
  };

  // A ratio within a round bears a machine that is disturbed; half of what is promised bears the rest.
  it('finds ours well ahead of stock, and what is kept ahead of what is not, and says so as one document', async () => {
    const { said, ended } = bench('--smoke', '--rounds', '2', '--seconds', '1', '--json');
    assert.equal(await ended, 0, said.stderr);
    const { loads, revision, machine }: Result = JSON.parse(said.stdout);
    assert.deepEqual(
      loads.map(({ name }) => name),
      ['heavy', 'one-fetch', 'guarded', 'cached-slow', 'response-cache'],
    );
    const others: Record<string, readonly string[]> = {
      guarded: ['guarded', 'apollo'],
      'cached-slow': ['caching'],
      'response-cache': ['responses', 'null-server'],
    };
    for (const { name, rows } of loads) {
      assert.deepEqual(
        rows.map(({ peer, failed }) => [peer, failed]),
        ['tributary', ...(others[name] ?? ['apollo'])].map((peer) => [peer, undefined]),
      );
      assert.ok(rows.every(({ figures }) => figures !== undefined && figures.cpuEach.median > 0));
    }
    assert.ok(revision.length > 0 && machine.cores >= 2);
    await assertNothingLeft();
  });

  it('leaves nothing behind when it is broken off', async () => {
    const { child, said, ended } = bench('--only', 'typename,tributary', '--seconds', '60');
    child.stderr.on('data', () => {
      // The scenario has begun, so a gateway is starting.
      if (said.stderr.includes('(typename)')) child.kill('SIGINT');
    });
    assert.equal(await ended, 130, said.stderr);
    await assertNothingLeft();
  });

  for (const flags of [
    ['--rounds', 'many'],
    ['--only', 'nobody'],
    ['--compare', 'no-such-revision'],
  ]) {
    it(`says what is wrong with ${flags.join(' ')}`, async () => {
      const { said, ended } = bench(...flags);
      assert.equal(await ended, 1);
      assert.match(said.stderr, new RegExp(flags[1] ?? ''));
    });
  }
});

function commandLines(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')];
      } catch {
        return [];
      }
    });
}
