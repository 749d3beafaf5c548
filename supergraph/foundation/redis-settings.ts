// Owns where the Redis of the replicas is and how it is spoken to, as variables say it.
import type { TlsFiles } from './tls-files.ts';

export const redisModes = ['single', 'cluster', 'sentinel'] as const;
export type RedisMode = (typeof redisModes)[number];

export interface RedisSettings {
  mode: RedisMode;
  /** One server, some of a cluster's nodes, or sentinels; never empty. */
  nodes: readonly { host: string; port: number }[];
  /** Undefined where it is spoken to in the clear; without files, whom Node believes is believed. */
  tls: TlsFiles | undefined;
  /** Never without a password. */
  user: string | undefined;
  password: string | undefined;
  database: number;
  /** What sentinels call the master; undefined without them. */
  sentinelName: string | undefined;
}

export interface RedisVariables {
  addresses: readonly string[];
  mode: RedisMode;
  sentinelName: string | undefined;
  tls: TlsFiles;
}

const usualPort = { single: 6379, cluster: 6379, sentinel: 26_379 };

/**
 * Undefined without addresses. What cannot be used is added to the problems, and no value is repeated there: addresses carry
 * passwords.
 */
export function readRedisSettings(given: RedisVariables, problems: string[]): RedisSettings | undefined {
  const { addresses, mode, sentinelName, tls } = given;
  const files = Object.values(tls).map(({ namedBy }) => namedBy);
  if (addresses.length === 0) {
    const idle = [
      ...(mode === 'single' ? [] : ['REDIS_MODE']),
      ...(sentinelName === undefined ? [] : ['REDIS_SENTINEL_NAME']),
      ...files,
    ];
    for (const name of idle) problems.push(`${name} must not be given without REDIS_URL.`);
    return undefined;
  }
  const read = addresses.map((address) => readAddress(address, usualPort[mode]));
  const good = read.filter((address) => address !== undefined);
  const [first] = good;
  if (first === undefined || good.length < read.length) {
    problems.push(
      'REDIS_URL must be an address that starts with redis:// or rediss://, or several with commas between: ' +
        'rediss://user:password@host:port/database. In user and password, signs that mean something in addresses are ' +
        'written with %.',
    );
    return undefined;
  }
  const objections = [
    [mode === 'single' && good.length > 1, 'REDIS_URL must be one address where REDIS_MODE is single.'],
    [
      good.some(({ isTls }) => isTls !== first.isTls),
      'REDIS_URL must have either redis:// or rediss:// in all its addresses.',
    ],
    [
      good.some(
        ({ user, password, database }) =>
          user !== first.user || password !== first.password || database !== first.database,
      ),
      'REDIS_URL must have the same user, password and database in all its addresses.',
    ],
    [
      mode === 'cluster' && first.database !== 0,
      'REDIS_URL must name no database where REDIS_MODE is cluster: a cluster has one.',
    ],
    [
      mode !== 'sentinel' && sentinelName !== undefined,
      'REDIS_SENTINEL_NAME must not be given unless REDIS_MODE is sentinel.',
    ],
    ...(first.isTls
      ? []
      : files.map((name) => [true, `${name} must not be given unless REDIS_URL has rediss://.`])),
  ] as [applies: boolean, sentence: string][];
  const applying = objections.filter(([applies]) => applies);
  problems.push(...applying.map(([, sentence]) => sentence));
  if (applying.length > 0) return undefined;
  return {
    mode,
    nodes: good.map(({ host, port }) => ({ host, port })),
    tls: first.isTls ? tls : undefined,
    user: first.user,
    password: first.password,
    database: first.database,
    sentinelName: mode === 'sentinel' ? (sentinelName ?? 'mymaster') : undefined,
  };
}

interface Address {
  host: string;
  port: number;
  isTls: boolean;
  user: string | undefined;
  password: string | undefined;
  database: number;
}

function readAddress(address: string, otherwisePort: number): Address | undefined {
  if (!URL.canParse(address)) return undefined;
  const { protocol, hostname, port, username, password, pathname, search, hash } = new URL(address);
  const user = decoded(username);
  const secret = decoded(password);
  const isUsable =
    (protocol === 'redis:' || protocol === 'rediss:') &&
    hostname !== '' &&
    port !== '0' &&
    /^\/?\d{0,5}$/.test(pathname) &&
    search === '' &&
    hash === '' &&
    user !== undefined &&
    secret !== undefined &&
    // Who has a name only is nobody to Redis.
    (user === '' || secret !== '');
  if (!isUsable) return undefined;
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? otherwisePort : Number(port),
    isTls: protocol === 'rediss:',
    user: user || undefined,
    password: secret || undefined,
    database: Number(pathname.slice(1)),
  };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
