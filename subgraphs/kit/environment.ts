// Owns the environment variables of every subgraph process: the only file here that reads process.env.
// Import it before anything of Apollo: it switches their telemetry off, which they look at while loading.

import type { CallTlsFiles, NamedPem, TlsPaths } from './calls/tls.ts';
import { type RedisAddress, readRedisAddress } from './changes/redis-address.ts';
import { areWrappingKeys } from './personal-data/wrapping-keys.ts';

process.env['APOLLO_TELEMETRY_DISABLED'] = '1';

const problems: string[] = [];

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  problems.push(`Node ${process.versions.node} is too old: install 20.19 or newer.`);
}

function text(name: string): string | undefined {
  return process.env[name]?.trim() || undefined;
}

/** The value as it is, or undefined with a problem noted when it does not fit; `must` ends the sentence. */
function fitting(name: string, fits: (given: string) => boolean, must: string): string | undefined {
  const given = text(name);
  if (given === undefined || fits(given)) return given;
  problems.push(`${name} must ${must}.`);
  return undefined;
}

function port(name: string): number | undefined {
  const isPort = (given: string) => /^\d{1,5}$/.test(given) && Number(given) <= 65_535;
  const given = fitting(name, isPort, 'be a port between 0 and 65535');
  return given === undefined ? undefined : Number(given);
}

// What was given is not repeated in the message: it may hold a password.
function url(name: string, protocols: readonly string[], example: string): string | undefined {
  const isUrl = (given: string) => URL.canParse(given) && protocols.includes(new URL(given).protocol);
  return fitting(name, isUrl, `look like ${example}`);
}

function tls(): TlsPaths | undefined {
  const [cert, key, clientCa] = ['TLS_CERT', 'TLS_KEY', 'TLS_CLIENT_CA'].map(text);
  if (cert !== undefined && key !== undefined) return { cert, key, clientCa };
  if (cert !== undefined || key !== undefined || clientCa !== undefined) {
    problems.push('TLS_CERT and TLS_KEY must be given together, and where TLS_CLIENT_CA is.');
  }
  return undefined;
}

function pem(namedBy: string): NamedPem | undefined {
  const path = text(namedBy);
  return path === undefined ? undefined : { path, namedBy };
}

/** As the routers have it; who shows nothing else shows what it answers with. */
function subgraphTls(): CallTlsFiles {
  const [ca, cert, key] = ['SUBGRAPH_TLS_CA', 'SUBGRAPH_TLS_CERT', 'SUBGRAPH_TLS_KEY'].map(pem);
  if ((cert === undefined) !== (key === undefined)) {
    problems.push('SUBGRAPH_TLS_CERT and SUBGRAPH_TLS_KEY must be given together.');
  }
  const [ownCert, ownKey] = [cert ?? pem('TLS_CERT'), key ?? pem('TLS_KEY')];
  return { ...(ca && { ca }), ...(ownCert && { cert: ownCert }), ...(ownKey && { key: ownKey }) };
}

function redis(): RedisAddress | undefined {
  const [ca, cert, key] = ['REDIS_TLS_CA', 'REDIS_TLS_CERT', 'REDIS_TLS_KEY'].map(pem);
  const tls = { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
  const [urls = '', mode, sentinelName] = ['REDIS_URL', 'REDIS_MODE', 'REDIS_SENTINEL_NAME'].map(text);
  return readRedisAddress({ urls, mode, sentinelName, tls }, problems);
}

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

export const environment = Object.freeze({
  host: text('HOST') ?? '127.0.0.1',
  /** Where a single subgraph listens; without it subgraphs.json decides. */
  port: port('PORT'),
  /** A PostgreSQL server; without it the embedded database in `dataDir` is used. */
  databaseUrl: url(
    'DATABASE_URL',
    ['postgres:', 'postgresql:'],
    'postgres://user:password@host:5432/database',
  ),
  dataDir: text('DATA_DIR') ?? '.data',
  /** Where the embedded database listens; 0 lets the system choose. */
  dataPort: port('DATA_PORT') ?? 0,
  jwksUrl:
    url('JWKS_URL', ['http:', 'https:'], 'https://host/.well-known/jwks.json') ??
    'http://127.0.0.1:4101/.well-known/jwks.json',
  tokenIssuer: text('TOKEN_ISSUER') ?? 'tributary-accounts',
  tokenAudience: text('TOKEN_AUDIENCE') ?? 'tributary',
  /** What wraps the keys that personal data is sealed with: the first key, then older ones that still open. */
  dataKey: fitting('DATA_KEY', areWrappingKeys, 'be keys of 32 bytes in base64, separated by commas'),
  /** Shared with the routers: who signs with it is believed. */
  callerSecret: fitting('CALLER_SECRET', (given) => given.length >= 32, 'have at least 32 characters'),
  production: text('NODE_ENV') === 'production',
  /** With which it answers, over HTTPS alone then; routers need a certificate of the CA, if there is one. */
  tls: tls(),
  /** For calls to other subgraphs, those that answer over HTTPS: paths of PEM files. */
  subgraphTls: subgraphTls(),
  /** Where it is told what changes; without it routers are not told. */
  redis: redis(),
  logLevel:
    fitting('LOG_LEVEL', (given) => logLevels.includes(given), `be one of ${logLevels.join(', ')}`) ?? 'warn',
  /** Where the routers find a subgraph, and so where it listens: SUBGRAPH_CATALOG_URL; else subgraphs.json decides. */
  subgraphUrl: (name: string): string | undefined => text(`SUBGRAPH_${name.toUpperCase()}_URL`),
  /** The password of a service's role on a PostgreSQL server, from e.g. CATALOG_DATABASE_PASSWORD. */
  databasePassword: (service: string): string | undefined =>
    text(`${service.toUpperCase()}_DATABASE_PASSWORD`),
});

// A process that half understood its settings must not start; a stack trace would hide the sentence.
if (problems.length > 0) {
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  process.exit(1);
}
