// A subgraph process with settings that cannot be used says which, in a sentence each, and ends.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import test from 'node:test';
import { root } from '../../architecture/source-files.ts';
import { nodeFlags } from '../../support/node-flags.ts';

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
  ['REDIS_URL', 'http://secret', /^REDIS_URL must look like rediss:\/\/user:password@host:6379\/0, or/m],
  [
    'REDIS_URL',
    'redis://a,redis://secret@c',
    /^REDIS_URL must look like .*\.\nREDIS_URL must be one address/m,
  ],
  ['REDIS_URL', 'redis://a,rediss://b', /^REDIS_URL must have the same beginning, user, password/m],
  ['REDIS_MODE', 'many', /^REDIS_MODE must be one of single, cluster, sentinel\.$/m],
  ['REDIS_SENTINEL_NAME', 'shop', /^REDIS_SENTINEL_NAME must not be given unless REDIS_MODE is sentinel\.$/m],
  ['REDIS_TLS_CERT', 'a.pem', /^REDIS_TLS_CERT and REDIS_TLS_KEY must be given together\.$/m],
  ['REDIS_TLS_CA', 'a.pem', /^REDIS_TLS_CA must not be given unless REDIS_URL begins with rediss:\/\/\.$/m],
  ['LOG_LEVEL', 'loud', /^LOG_LEVEL must be one of trace, /m],
];

/** What a subgraph says and ends with. Its settings are read before anything else: most cases load no more than that. */
async function start(
  file: string,
  environment: Record<string, string> = {},
  before: readonly string[] = [],
): Promise<{ code: number | null; told: string }> {
  const child = spawn(process.execPath, [...before, ...nodeFlags, file], {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let told = '';
  child.stderr.on('data', (chunk) => {
    told += chunk;
  });
  const [code] = await once(child, 'close');
  return { code, told };
}

const pretendOld = "data:text/javascript,Object.defineProperty(process.versions,'node',{value:'18.20.1'})";

test('a Node that is too old is told so', async () => {
  const { code, told } = await start('subgraphs/catalog/main.ts', {}, ['--import', pretendOld]);
  assert.equal(code, 1);
  assert.match(told, /^Node 18\.20\.1 is too old: install 20\.19 or newer\.$/m);
});

test('a subgraph says all that is wrong at once, and does not start', async () => {
  const { code, told } = await start('subgraphs/catalog/main.ts', { PORT: 'abc', LOG_LEVEL: 'loud' });
  assert.equal(code, 1);
  assert.match(told, /^PORT must be a port between 0 and 65535\.\nLOG_LEVEL must be one of trace, .*\n$/);
});

for (const [variable, value, sentence] of cases) {
  test(`${variable}=${value}`, async () => {
    // Where subgraphs are is read by name, when they are called.
    const file = variable === 'SUBGRAPH_CATALOG_URL' ? 'catalog/main.ts' : 'kit/environment.ts';
    const { code, told } = await start(`subgraphs/${file}`, { [variable]: value });
    assert.equal(code, 1);
    assert.match(told, sentence);
    assert.doesNotMatch(told, /^\s+at |secret/m);
  });
}
