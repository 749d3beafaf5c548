// Owns where Redis is and how it is spoken to: the same variables as routers have, since they hear there what is told.
import type { CallTlsFiles } from '../calls/tls.ts';

const modes = ['single', 'cluster', 'sentinel'] as const;

export interface RedisAddress {
  mode: (typeof modes)[number];
  /** One server, some nodes of a cluster, or sentinels. */
  nodes: readonly { host: string; port: number }[];
  user: string | undefined;
  password: string | undefined;
  database: number;
  /** What sentinels call it; undefined without them. */
  sentinelName: string | undefined;
  /** Undefined where it is spoken to in the clear. */
  tls: CallTlsFiles | undefined;
}

export interface RedisVariables {
  /** With commas between. */
  urls: string;
  mode: string | undefined;
  sentinelName: string | undefined;
  tls: CallTlsFiles;
}

/** undefined without addresses. What cannot be used is added to the problems; no value is repeated there, since they hold passwords. */
export function readRedisAddress(given: RedisVariables, problems: string[]): RedisAddress | undefined {
  const { tls, sentinelName } = given;
  const mode = modes.find((one) => one === (given.mode ?? 'single'));
  const files = Object.values(tls).map(({ namedBy }) => namedBy);
  const texts = given.urls.split(',').flatMap((one) => one.trim() || []);
  const urls = texts.flatMap((one) => (isRedis(one) ? new URL(one) : []));
  const [first] = urls;
  const isTls = first?.protocol === 'rediss:';
  const common = ({ protocol, username, password, pathname }: URL) => [
    protocol,
    username,
    password,
    pathname,
  ];
  const objections: [applies: boolean, sentence: string][] = [
    [mode === undefined, `REDIS_MODE must be one of ${modes.join(', ')}.`],
    [
      urls.length < texts.length,
      'REDIS_URL must look like rediss://user:password@host:6379/0, or like redis://host:6379, or be several of these with commas between.',
    ],
    [
      new Set(urls.map((url) => common(url).join(' '))).size > 1,
      'REDIS_URL must have the same beginning, user, password and database in all its addresses.',
    ],
    [
      mode === 'single' && texts.length > 1,
      'REDIS_URL must be one address, unless REDIS_MODE is cluster or sentinel.',
    ],
    [
      mode === 'cluster' && databaseOf(first) > 0,
      'REDIS_URL must name no database where REDIS_MODE is cluster.',
    ],
    [
      mode !== 'sentinel' && sentinelName !== undefined,
      'REDIS_SENTINEL_NAME must not be given unless REDIS_MODE is sentinel.',
    ],
    [
      (tls.cert === undefined) !== (tls.key === undefined),
      'REDIS_TLS_CERT and REDIS_TLS_KEY must be given together.',
    ],
    [!isTls && files.length > 0, `${files[0]} must not be given unless REDIS_URL begins with rediss://.`],
  ];
  const applying = objections.filter(([applies]) => applies);
  problems.push(...applying.map(([, sentence]) => sentence));
  if (applying.length > 0 || mode === undefined || first === undefined) return undefined;
  return {
    mode,
    nodes: urls.map(({ hostname, port }) => ({
      host: hostname.replaceAll(/^\[|\]$/g, ''),
      port: Number(port || (mode === 'sentinel' ? 26_379 : 6379)),
    })),
    user: decodeURIComponent(first.username) || undefined,
    password: decodeURIComponent(first.password) || undefined,
    database: databaseOf(first),
    sentinelName: mode === 'sentinel' ? (sentinelName ?? 'mymaster') : undefined,
    tls: isTls ? tls : undefined,
  };
}

function isRedis(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, pathname, search, hash } = new URL(text);
  const isPlain = hostname !== '' && /^\/?\d{0,5}$/.test(pathname) && search + hash === '';
  const isNamed = username === '' || password !== '';
  return /^rediss?:$/.test(protocol) && isPlain && isNamed && isEncoded(username + password);
}

function isEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

function databaseOf(url: URL | undefined): number {
  return Number(url?.pathname.slice(1) ?? 0);
}
