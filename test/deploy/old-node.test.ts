// Holds what the start says where Node is older than what it needs.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { root } from '../architecture/source-files.ts';

test('a Node that is too old is told so', async () => {
  const pretend = "data:text/javascript,Object.defineProperty(process.versions,'node',{value:'18.20.1'})";
  const old = spawn(process.execPath, ['--import', pretend, '--import', 'tsx', 'deploy/start.ts'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let told = '';
  old.stderr.on('data', (chunk) => {
    told += chunk;
  });
  const [code] = await once(old, 'close');
  assert.equal(code, 1);
  assert.match(told, /needs Node 20\.19 or newer; this is Node 18\.20\.1/);
});
