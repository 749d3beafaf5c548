// Holds the reading of environment variables: defaults, and all mistakes at once without giving secrets away.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { readEnvironment, subgraphVariable } from '../../../supergraph/foundation/environment.ts';

const names = [
  'HOST',
  'PORT',
  'REDIS_URL',
  'NODE_ENV',
  'LOG_LEVEL',
  'ENGINE',
  'PLAN_FOLDER',
  'CORS_ORIGINS',
  'JWKS_URL',
  'TOKEN_ISSUER',
  'TOKEN_AUDIENCE',
  'JWKS_HTTP_HOSTS',
  'SUBGRAPH_ORDER_HISTORY_URL',
];
const before = Object.fromEntries(names.map((name) => [name, process.env[name]]));

function given(variables: Record<string, string>): void {
  for (const name of names) delete process.env[name];
  Object.assign(process.env, variables);
}

afterEach(() => {
  given({});
  for (const [name, value] of Object.entries(before)) if (value !== undefined) process.env[name] = value;
});

test('has safe defaults', () => {
  given({});
  const { subgraphUrl, ...environment } = readEnvironment();
  assert.deepEqual(environment, {
    host: '127.0.0.1',
    port: undefined,
    redisUrl: undefined,
    production: false,
    engine: 'tributary',
    planFolder: undefined,
    logLevel: 'warn',
    corsOrigins: [],
    callerSecret: undefined,
    trustedProxies: [],
    identity: { issuers: [], audiences: [], keys: [], hostsWithoutTls: [] },
  });
  assert.equal(subgraphUrl('order-history'), undefined);
});

test('reads what is given', () => {
  given({
    HOST: '0.0.0.0',
    PORT: '8080',
    NODE_ENV: 'production',
    REDIS_URL: 'redis://:pw@cache:6379',
    CORS_ORIGINS: 'https://a.example, http://localhost:3000',
    TRUSTED_PROXIES: '10.0.0.0/8, ::1',
    JWKS_URL: 'https://a.example/keys,http://accounts:4101/keys',
    TOKEN_ISSUER: 'https://a.example, accounts',
    TOKEN_AUDIENCE: 'web',
    JWKS_HTTP_HOSTS: 'accounts',
    SUBGRAPH_ORDER_HISTORY_URL: 'http://orders/graphql',
  });
  const environment = readEnvironment();
  assert.equal(environment.port, 8080);
  assert.equal(environment.production, true);
  assert.equal(environment.redisUrl, 'redis://:pw@cache:6379');
  assert.deepEqual(environment.corsOrigins, ['https://a.example', 'http://localhost:3000']);
  assert.deepEqual(environment.trustedProxies, ['10.0.0.0/8', '::1']);
  assert.deepEqual(environment.identity, {
    issuers: ['https://a.example', 'accounts'],
    audiences: ['web'],
    keys: ['https://a.example/keys', 'http://accounts:4101/keys'],
    hostsWithoutTls: ['accounts'],
  });
  assert.equal(environment.subgraphUrl('order-history'), 'http://orders/graphql');
});

test('tells every variable that cannot be used, and no password', () => {
  given({
    PORT: '80000',
    LOG_LEVEL: 'loud',
    REDIS_URL: 'http://:secret@cache',
    CORS_ORIGINS: 'https://a.example/path,*',
    TRUSTED_PROXIES: '10.0.0.0/8, load-balancer',
    CALLER_SECRET: 'secret and short',
    JWKS_URL: 'https://me:secret@a.example/keys,ftp://a.example',
    SUBGRAPH_ORDER_HISTORY_URL: 'orders',
  });
  assert.throws(readEnvironment, (error: unknown) => {
    assert.ok(error instanceof Error);
    for (const name of [
      'PORT',
      'LOG_LEVEL',
      'REDIS_URL',
      'CORS_ORIGINS',
      'TRUSTED_PROXIES',
      'CALLER_SECRET',
      'JWKS_URL',
      'SUBGRAPH_ORDER_HISTORY_URL',
    ]) {
      assert.match(error.message, new RegExp(`^${name} must`, 'm'));
    }
    assert.match(error.message, /"\*"/);
    assert.doesNotMatch(error.message, /secret/);
    return true;
  });
});

test('the variable of a subgraph has letters, digits and _ only', () => {
  assert.equal(subgraphVariable('order-history.v2'), 'SUBGRAPH_ORDER_HISTORY_V2_URL');
});

test('importing it switches off the telemetry of Apollo', () => {
  assert.equal(process.env['APOLLO_TELEMETRY_DISABLED'], '1');
});
