// Owns the environment variables of routers and of composition: the only file here that reads process.env.
// Import it before anything of Apollo: it switches their telemetry off, which they look at when a gateway is made.
import { isIP } from 'node:net';
import { type RedisSettings, readRedisSettings, redisModes } from './redis-settings.ts';
import { StartupProblem } from './startup-problem.ts';
import type { TlsFile, TlsFiles } from './tls-files.ts';

process.env['APOLLO_TELEMETRY_DISABLED'] = '1';

export interface Environment {
  host: string;
  /** Takes the place of the declaration's port. */
  port: number | undefined;
  /** Shared memory of the replicas; without it each router remembers for itself. */
  redis: RedisSettings | undefined;
  production: boolean;
  /** What runs operations: our own engine, or @apollo/gateway to compare it with. */
  engine: EngineName;
  /** Where query plans are kept for the next start and for other processes; without it in memory alone. */
  planFolder: string | undefined;
  /** Where it is written down what clients use; without it that is counted in memory alone. */
  usageFolder: string | undefined;
  /** Where `/metrics` is served, on the same host; nowhere without it. */
  metricsPort: number | undefined;
  /** Where those who have `adminToken` look at what is kept, and drop it, on the same host; nowhere without both. */
  adminPort: number | undefined;
  adminToken: string | undefined;
  /** Megabytes that each BFF keeps of subgraphs' answers in this process. */
  cacheMegabytes: number;
  /** Of clients at once; who comes beyond them is turned away. */
  maxConnections: number;
  logLevel: LogLevel;
  /** Origins whose pages may call this router, beside Apollo's explorers (which production leaves out). */
  corsOrigins: readonly string[];
  /** Shared with subgraphs, which believe who has it. */
  callerSecret: string | undefined;
  /** Addresses and networks of those who stand before the router, and are believed about whom they ask for. */
  trustedProxies: readonly string[];
  /** Whose tokens are believed, in place of what the declaration says; empty lists where nothing is said. */
  identity: IdentityVariables;
  /** With which it answers, over HTTPS alone then; clients need a certificate of the CA, if there is one. */
  tls: (TlsFiles & { cert: TlsFile; key: TlsFile }) | undefined;
  /** By which subgraphs are known, and the router to them; in place of what the declaration says of all of them. */
  subgraphTls: TlsFiles;
  /** Where a subgraph really is, from e.g. SUBGRAPH_CATALOG_URL; other characters than letters and digits become _. */
  subgraphUrl: (subgraph: string) => string | undefined;
}

export interface IdentityVariables {
  issuers: readonly string[];
  audiences: readonly string[];
  /** Addresses of the issuers' keys, in the order of the issuers. */
  keys: readonly string[];
  /** What is put before the ids of each issuer's viewers, in the same order; empty where nothing is. */
  prefixes: readonly string[];
  /** Names of hosts whose keys may come over plain HTTP in production too. */
  hostsWithoutTls: readonly string[];
}

const engines = ['tributary', 'apollo'] as const;
export type EngineName = (typeof engines)[number];

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Reads all variables at once; throws a StartupProblem that names every variable that cannot be used. */
export function readEnvironment(): Environment {
  const problems: string[] = [];
  const environment: Environment = {
    host: text('HOST') ?? '127.0.0.1',
    port: port('PORT', problems),
    redis: redis(problems),
    production: text('NODE_ENV') === 'production',
    engine: oneOf(engines, 'ENGINE', 'tributary', problems),
    planFolder: text('PLAN_FOLDER'),
    usageFolder: text('USAGE_FOLDER'),
    metricsPort: port('METRICS_PORT', problems),
    adminPort: port('ADMIN_PORT', problems),
    adminToken: bearerSecret('ADMIN_TOKEN', problems),
    cacheMegabytes: wholeNumber('CACHE_MEGABYTES', 64, problems),
    maxConnections: wholeNumber('MAX_CONNECTIONS', 10_000, problems),
    logLevel: oneOf(logLevels, 'LOG_LEVEL', 'warn', problems),
    corsOrigins: origins('CORS_ORIGINS', problems),
    callerSecret: secret('CALLER_SECRET', problems),
    trustedProxies: networks('TRUSTED_PROXIES', problems),
    identity: {
      issuers: list('TOKEN_ISSUER'),
      audiences: list('TOKEN_AUDIENCE'),
      keys: addressesOfKeys('JWKS_URL', problems),
      prefixes: prefixes('TOKEN_PREFIX', problems),
      hostsWithoutTls: list('JWKS_HTTP_HOSTS'),
    },
    tls: edgeTls(problems),
    subgraphTls: tlsFiles('SUBGRAPH_TLS_CA', 'SUBGRAPH_TLS_CERT', 'SUBGRAPH_TLS_KEY', problems),
    subgraphUrl: (subgraph) => text(subgraphVariable(subgraph)),
  };
  // The token alone may be there for `npm run cache`, which finds the port by its address.
  if (environment.adminPort !== undefined && environment.adminToken === undefined) {
    problems.push('ADMIN_TOKEN must be given where ADMIN_PORT is.');
  }
  for (const name of Object.keys(process.env)) {
    if (/^SUBGRAPH_[A-Z0-9_]+_URL$/.test(name)) url(name, ['http:', 'https:'], problems);
  }
  if (problems.length > 0) throw new StartupProblem(problems.join('\n'));
  return environment;
}

/**
 * How whoever looks after caches reaches an admin port: nothing is checked of `url`, which is ADMIN_URL, or the port on this
 * machine. Throws a StartupProblem that names every other variable that cannot be used.
 */
export function readAdminAccess(): { url: string | undefined; token: string | undefined } {
  const problems: string[] = [];
  const adminPort = port('ADMIN_PORT', problems);
  const token = bearerSecret('ADMIN_TOKEN', problems);
  if (problems.length > 0) throw new StartupProblem(problems.join('\n'));
  return { url: text('ADMIN_URL') ?? (adminPort ? `http://127.0.0.1:${adminPort}` : undefined), token };
}

/** The variable that says where a subgraph is: `order-history` becomes `SUBGRAPH_ORDER_HISTORY_URL`. */
export function subgraphVariable(subgraph: string): string {
  return `SUBGRAPH_${subgraph.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}_URL`;
}

function text(name: string): string | undefined {
  return process.env[name]?.trim() || undefined;
}

function port(name: string, problems: string[]): number | undefined {
  const given = text(name);
  if (given === undefined) return undefined;
  const number = Number(given);
  if (Number.isInteger(number) && number >= 0 && number <= 65_535) return number;
  problems.push(`${name} must be a port between 0 and 65535, but is "${given}".`);
  return undefined;
}

function redis(problems: string[]): RedisSettings | undefined {
  return readRedisSettings(
    {
      addresses: list('REDIS_URL'),
      mode: oneOf(redisModes, 'REDIS_MODE', 'single', problems),
      sentinelName: text('REDIS_SENTINEL_NAME'),
      tls: tlsFiles('REDIS_TLS_CA', 'REDIS_TLS_CERT', 'REDIS_TLS_KEY', problems),
    },
    problems,
  );
}

function wholeNumber(name: string, otherwise: number, problems: string[]): number {
  const given = text(name);
  if (given === undefined) return otherwise;
  if (/^[1-9]\d{0,5}$/.test(given)) return Number(given);
  problems.push(`${name} must be a whole number from 1 to 999999, but is "${given}".`);
  return otherwise;
}

function url(name: string, protocols: readonly string[], problems: string[]): string | undefined {
  const given = text(name);
  if (given === undefined) return undefined;
  if (URL.canParse(given) && protocols.includes(new URL(given).protocol)) return given;
  // The value is left out of the sentence: such addresses may carry passwords.
  problems.push(
    `${name} must be an address that starts with ${protocols.map((p) => `${p}//`).join(' or ')}.`,
  );
  return undefined;
}

function oneOf<Word extends string>(
  known: readonly Word[],
  name: string,
  otherwise: Word,
  problems: string[],
): Word {
  const given = text(name);
  const word = known.find((candidate) => candidate === given);
  if (given !== undefined && word === undefined) {
    problems.push(`${name} must be one of ${known.join(', ')}, but is "${given}".`);
  }
  return word ?? otherwise;
}

function list(name: string): string[] {
  const given = (text(name) ?? '').split(',');
  return given.map((one) => one.trim()).filter((one) => one !== '');
}

function addressesOfKeys(name: string, problems: string[]): string[] {
  return list(name).filter((address) => {
    const { protocol, username, password } = URL.canParse(address) ? new URL(address) : {};
    const isWeb = protocol === 'https:' || protocol === 'http:';
    if (isWeb && username === '' && password === '') return true;
    problems.push(`${name} must list addresses that start with https:// or http://, without passwords.`);
    return false;
  });
}

/** Empty places count: an issuer may have none. */
function prefixes(name: string, problems: string[]): string[] {
  const given =
    text(name)
      ?.split(',')
      .map((prefix) => prefix.trim()) ?? [];
  if (given.every((prefix) => /^[\x21-\x7e]{0,64}$/.test(prefix))) return given;
  problems.push(`${name} must list up to 64 letters, digits and signs for each issuer, such as ",partner:".`);
  return [];
}

/** What is given is not repeated in a sentence. */
function secret(name: string, problems: string[]): string | undefined {
  const given = text(name);
  if (given !== undefined && given.length < 32) problems.push(`${name} must have at least 32 characters.`);
  return given;
}

/** One that is sent as it is, in a header. */
function bearerSecret(name: string, problems: string[]): string | undefined {
  const given = secret(name, problems);
  if (/[^\x21-\x7e]/.test(given ?? '')) {
    problems.push(`${name} must be made of letters, digits and signs, without spaces.`);
  }
  return given;
}

function edgeTls(problems: string[]): Environment['tls'] {
  const { cert, key, ca } = tlsFiles('TLS_CLIENT_CA', 'TLS_CERT', 'TLS_KEY', problems);
  if (cert !== undefined && key !== undefined) return { cert, key, ...(ca && { ca }) };
  if (ca !== undefined && cert === key) {
    problems.push('TLS_CERT and TLS_KEY must be given where TLS_CLIENT_CA is.');
  }
  return undefined;
}

/** Whether there are such files is seen when they are read. */
function tlsFiles(caName: string, certName: string, keyName: string, problems: string[]): TlsFiles {
  const [ca, cert, key] = [caName, certName, keyName].map((namedBy) => {
    const path = text(namedBy);
    return path === undefined ? undefined : { path, namedBy };
  });
  if ((cert === undefined) !== (key === undefined)) {
    problems.push(`${certName} and ${keyName} must be given together.`);
  }
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}

function networks(name: string, problems: string[]): string[] {
  const given = (text(name) ?? '').split(',').map((network) => network.trim());
  return given.filter((network) => {
    if (network === '') return false;
    const [address = '', bits = '0', ...more] = network.split('/');
    const most = isIP(address) === 6 ? 128 : 32;
    if (isIP(address) > 0 && /^\d+$/.test(bits) && Number(bits) <= most && more.length === 0) return true;
    problems.push(`${name} must list addresses such as 10.0.0.1 or networks such as 10.0.0.0/8.`);
    return false;
  });
}

function origins(name: string, problems: string[]): string[] {
  return list(name).filter((origin) => {
    if (URL.canParse(origin) && new URL(origin).origin === origin) return true;
    problems.push(`${name} must list origins such as https://shop.example, but has "${origin}".`);
    return false;
  });
}
