// Holds the reading of environment variables: defaults, and all mistakes at once without giving secrets away.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import {
  readAdminAccess,
  readEnvironment,
  subgraphVariable,
} from '../../../supergraph/foundation/environment.ts';

const names = [
  'HOST',
  'PORT',
  'REDIS_URL',
  'REDIS_MODE',
  'REDIS_SENTINEL_NAME',
  'REDIS_TLS_CA',
  'REDIS_TLS_CERT',
  'REDIS_TLS_KEY',
  'NODE_ENV',
  'LOG_LEVEL',
  'ENGINE',
  'PLAN_FOLDER',
  'USAGE_FOLDER',
  'METRICS_PORT',
  'ADMIN_PORT',
  'ADMIN_TOKEN',
  'ADMIN_URL',
  'CACHE_MEGABYTES',
  'TOKEN_PREFIX',
  'TRUSTED_PROXIES',
  'CALLER_SECRET',
  'CORS_ORIGINS',
  'JWKS_URL',
  'TOKEN_ISSUER',
  'TOKEN_AUDIENCE',
  'JWKS_HTTP_HOSTS',
  'SUBGRAPH_ORDER_HISTORY_URL',
  'TLS_CERT',
  'TLS_KEY',
  'TLS_CLIENT_CA',
  'SUBGRAPH_TLS_CA',
  'SUBGRAPH_TLS_CERT',
  'SUBGRAPH_TLS_KEY',
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
    redis: undefined,
    production: false,
    engine: 'tributary',
    planFolder: undefined,
    usageFolder: undefined,
    metricsPort: undefined,
    adminPort: undefined,
    adminToken: undefined,
    cacheMegabytes: 64,
    maxConnections: 10_000,
    logLevel: 'warn',
    corsOrigins: [],
    callerSecret: undefined,
    trustedProxies: [],
    identity: { issuers: [], audiences: [], keys: [], prefixes: [], hostsWithoutTls: [] },
    tls: undefined,
    subgraphTls: {},
  });
  assert.equal(subgraphUrl('order-history'), undefined);
});

test('reads what is given', () => {
  given({
    HOST: '0.0.0.0',
    PORT: '8080',
    NODE_ENV: 'production',
    REDIS_URL: 'redis://:pw@cache:6379',
    ADMIN_PORT: '9100',
    ADMIN_TOKEN: 'x'.repeat(32),
    CACHE_MEGABYTES: '256',
    MAX_CONNECTIONS: '500',
    CORS_ORIGINS: 'https://a.example, http://localhost:3000',
    TRUSTED_PROXIES: '10.0.0.0/8, ::1',
    JWKS_URL: 'https://a.example/keys,http://accounts:4101/keys',
    TOKEN_ISSUER: 'https://a.example, accounts',
    TOKEN_AUDIENCE: 'web',
    TOKEN_PREFIX: ', staff:',
    JWKS_HTTP_HOSTS: 'accounts',
    SUBGRAPH_ORDER_HISTORY_URL: 'http://orders/graphql',
  });
  const environment = readEnvironment();
  assert.equal(environment.port, 8080);
  assert.equal(environment.production, true);
  assert.deepEqual(environment.redis?.nodes, [{ host: 'cache', port: 6379 }]);
  assert.equal(environment.redis?.password, 'pw');
  assert.equal(environment.adminPort, 9100);
  assert.equal(environment.adminToken, 'x'.repeat(32));
  assert.equal(environment.cacheMegabytes, 256);
  assert.equal(environment.maxConnections, 500);
  assert.deepEqual(environment.corsOrigins, ['https://a.example', 'http://localhost:3000']);
  assert.deepEqual(environment.trustedProxies, ['10.0.0.0/8', '::1']);
  assert.deepEqual(environment.identity, {
    issuers: ['https://a.example', 'accounts'],
    audiences: ['web'],
    keys: ['https://a.example/keys', 'http://accounts:4101/keys'],
    prefixes: ['', 'staff:'],
    hostsWithoutTls: ['accounts'],
  });
  assert.equal(environment.subgraphUrl('order-history'), 'http://orders/graphql');
});

test('reads where the files of TLS are', () => {
  given({ TLS_CERT: 'a.pem', TLS_KEY: 'b.pem', TLS_CLIENT_CA: 'c.pem', SUBGRAPH_TLS_CA: 'd.pem' });
  const { tls, subgraphTls } = readEnvironment();
  assert.deepEqual(tls, {
    cert: { path: 'a.pem', namedBy: 'TLS_CERT' },
    key: { path: 'b.pem', namedBy: 'TLS_KEY' },
    ca: { path: 'c.pem', namedBy: 'TLS_CLIENT_CA' },
  });
  assert.deepEqual(subgraphTls, { ca: { path: 'd.pem', namedBy: 'SUBGRAPH_TLS_CA' } });
});

const halves: [variables: Record<string, string>, sentence: string][] = [
  [{ TLS_CERT: 'a.pem' }, 'TLS_CERT and TLS_KEY must be given together.'],
  [{ TLS_KEY: 'a.pem' }, 'TLS_CERT and TLS_KEY must be given together.'],
  [{ TLS_CLIENT_CA: 'a.pem' }, 'TLS_CERT and TLS_KEY must be given where TLS_CLIENT_CA is.'],
  [{ SUBGRAPH_TLS_CERT: 'a.pem' }, 'SUBGRAPH_TLS_CERT and SUBGRAPH_TLS_KEY must be given together.'],
  [{ SUBGRAPH_TLS_KEY: 'a.pem' }, 'SUBGRAPH_TLS_CERT and SUBGRAPH_TLS_KEY must be given together.'],
  [{ REDIS_MODE: 'cluster' }, 'REDIS_MODE must not be given without REDIS_URL.'],
  [{ REDIS_TLS_CA: 'a.pem' }, 'REDIS_TLS_CA must not be given without REDIS_URL.'],
  [{ ADMIN_PORT: '9000' }, 'ADMIN_TOKEN must be given where ADMIN_PORT is.'],
];
for (const [variables, message] of halves) {
  test(`tells that ${Object.keys(variables)} is not enough`, () => {
    given(variables);
    assert.throws(readEnvironment, { message });
  });
}

test('tells every variable that cannot be used, and no password', () => {
  given({
    PORT: '80000',
    LOG_LEVEL: 'loud',
    REDIS_URL: 'http://:secret@cache',
    ADMIN_PORT: '-1',
    ADMIN_TOKEN: 'secret and short',
    CACHE_MEGABYTES: '0',
    CORS_ORIGINS: 'https://a.example/path,*',
    TRUSTED_PROXIES: '10.0.0.0/8, load-balancer',
    CALLER_SECRET: 'secret and short',
    JWKS_URL: 'https://me:secret@a.example/keys,ftp://a.example',
    TOKEN_PREFIX: 'two words:',
    SUBGRAPH_ORDER_HISTORY_URL: 'orders',
  });
  assert.throws(readEnvironment, (error: unknown) => {
    assert.ok(error instanceof Error);
    for (const name of [
      'PORT',
      'LOG_LEVEL',
      'REDIS_URL',
      'ADMIN_PORT',
      'ADMIN_TOKEN',
      'CACHE_MEGABYTES',
      'CORS_ORIGINS',
      'TRUSTED_PROXIES',
      'CALLER_SECRET',
      'JWKS_URL',
      'TOKEN_PREFIX',
      'SUBGRAPH_ORDER_HISTORY_URL',
    ]) {
      assert.match(error.message, new RegExp(`^${name} must`, 'm'));
    }
    assert.match(error.message, /"\*"/);
    assert.doesNotMatch(error.message, /secret/);
    return true;
  });
});

test('a token that no header can carry is refused, and not repeated', () => {
  given({ ADMIN_PORT: '9000', ADMIN_TOKEN: `secret ${'ü'.repeat(32)}` });
  const message = 'ADMIN_TOKEN must be made of letters, digits and signs, without spaces.';
  assert.throws(readEnvironment, { message });
  assert.throws(readAdminAccess, { message });
});

test('whoever asks an admin port finds it by its address or by its port, and needs no router here', () => {
  const token = 'x'.repeat(32);
  for (const [variables, url] of [
    [{ ADMIN_URL: 'https://admin.example' }, 'https://admin.example'],
    [{ ADMIN_URL: 'https://admin.example', ADMIN_PORT: '9000' }, 'https://admin.example'],
    [{ ADMIN_PORT: '9000' }, 'http://127.0.0.1:9000'],
    // A free one, which nobody knows.
    [{ ADMIN_PORT: '0' }, undefined],
    [{}, undefined],
  ] as const) {
    given({ ...variables, ADMIN_TOKEN: token, REDIS_URL: 'no address' });
    assert.deepEqual(readAdminAccess(), { url, token });
  }
});

test('the variable of a subgraph has letters, digits and _ only', () => {
  assert.equal(subgraphVariable('order-history.v2'), 'SUBGRAPH_ORDER_HISTORY_V2_URL');
});

test('importing it switches off the telemetry of Apollo', () => {
  assert.equal(process.env['APOLLO_TELEMETRY_DISABLED'], '1');
});
