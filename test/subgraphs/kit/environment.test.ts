// A subgraph process with settings that cannot be used says which, in a sentence each, and ends.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import test from 'node:test';
import { root } from '../../architecture/source-files.ts';

const cases: [variable: string, value: string, sentence: RegExp][] = [
  ['PORT', 'abc', /^PORT must be a port between 0 and 65535\.$/m],
  ['PORT', '1e3', /^PORT must be a port/m],
  ['DATA_PORT', '70000', /^DATA_PORT must be a port/m],
  ['DATABASE_URL', 'mysql://root:secret@db', /^DATABASE_URL must look like postgres:\/\//m],
  ['DATA_KEY', 'secret', /^DATA_KEY must be keys of 32 bytes in base64, separated by commas\.$/m],
  ['JWKS_URL', 'keys', /^JWKS_URL must look like https:\/\//m],
  ['TLS_CERT', 'a.pem', /^TLS_CERT and TLS_KEY must be given together, and where TLS_CLIENT_CA is\.$/m],
  ['TLS_CLIENT_CA', 'a.pem', /^TLS_CERT and TLS_KEY must be given together/m],
  ['SUBGRAPH_TLS_KEY', 'a.pem', /^SUBGRAPH_TLS_CERT and SUBGRAPH_TLS_KEY must be given together\.$/m],
  ['SUBGRAPH_CATALOG_URL', 'secret', /SUBGRAPH_CATALOG_URL must look like http:\/\/host:4101\/graphql\.$/m],
  ['LOG_LEVEL', 'loud', /^LOG_LEVEL must be one of trace, /m],
];

const pretendOld = "data:text/javascript,Object.defineProperty(process.versions,'node',{value:'18.20.1'})";

test('a Node that is too old is told so', async () => {
  const child = spawn(
    process.execPath,
    ['--import', pretendOld, '--import', 'tsx', 'subgraphs/catalog/main.ts'],
    {
      cwd: root,
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let told = '';
  child.stderr.on('data', (chunk) => {
    told += chunk;
  });
  const [code] = await once(child, 'close');
  assert.equal(code, 1);
  assert.match(told, /^Node 18\.20\.1 is too old: install 20\.19 or newer\.$/m);
});

for (const [variable, value, sentence] of cases) {
  test(`${variable}=${value}`, async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'subgraphs/catalog/main.ts'], {
      cwd: root,
      env: { ...process.env, [variable]: value },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let told = '';
    child.stderr.on('data', (chunk) => {
      told += chunk;
    });
    const [code] = await once(child, 'close');
    assert.equal(code, 1);
    assert.match(told, sentence);
    assert.doesNotMatch(told, /^\s+at |secret/m);
  });
}
