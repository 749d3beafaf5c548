// Owns the connections to Redis, be it one server, a cluster, or the server that sentinels name: their options, and many keys at once.
import { createHash } from 'node:crypto';
import type { ConnectionOptions } from 'node:tls';
import { Cluster, type CommonRedisOptions, Redis, ReplyError } from 'ioredis';
import type { RedisSettings } from '../foundation/redis-settings.ts';
import type { StoreEntry } from './store.ts';

/** By which commands go; each of its promises may reject, or take as long as Redis does. */
export interface RedisClient {
  isReady: () => boolean;
  /** Null for what is not there or is no text. */
  get: (keys: readonly string[]) => Promise<(string | null)[]>;
  /** Rejects when one of them was not taken. */
  set: (entries: readonly StoreEntry[]) => Promise<void>;
  delete: (keys: readonly string[]) => Promise<void>;
  /** A script over one key, sent whole once for each connection; the same text makes the same one. */
  script: (lua: string) => (key: string, given: readonly string[]) => Promise<unknown>;
  publish: (channel: string, message: string) => Promise<void>;
  /** Resolves when all of Redis answers, with its run: see Store. */
  probe: () => Promise<string | undefined>;
  /** All of a cluster that own slots; throws where one of them is not there. Empty for what is no cluster. */
  masters: () => readonly Redis[];
  /** Where messages can be heard; empty where that is known from the settings alone. */
  places: () => { host: string; port: number }[];
  /** Called when it is ready, and with why it is not; the reason comes more than once. */
  watch: (watcher: { ready: () => void; failed: (error: unknown) => void }) => void;
  close: () => void;
}

export interface RedisConnection {
  settings: RedisSettings;
  /** Undefined in the clear. Read for each new connection, so what stands in it may be replaced. */
  tls: ConnectionOptions | undefined;
}

/** Milliseconds for which a connection may say nothing while it is waited for: then it is taken for dead and made anew. */
export const deadAfter = 2000;

const betweenRefreshes = 1000;

/** Milliseconds until the next attempt: anything up to 2 s, so that replicas that lost the same Redis do not all come at once. */
export function backoff(attempt: number): number {
  return Math.ceil(Math.random() * Math.min(2000, 50 * 2 ** attempt));
}

/** Whether Redis has answered, and the answer is no. */
export function isRefusal(error: unknown): error is Error {
  return error instanceof ReplyError;
}

/** Whether that is because of who we are, or what we may do. */
export function isDenial(error: unknown): boolean {
  const { lastNodeError = error } = (error ?? {}) as { lastNodeError?: unknown };
  return isRefusal(lastNodeError) && /^(NOAUTH|WRONGPASS|NOPERM|ERR DB index)/.test(lastNodeError.message);
}

/** In words; the password is not in them, whatever Redis says. */
export function reasonOf(error: unknown, settings: RedisSettings): string {
  if (!(error instanceof Error)) return String(error);
  // What a cluster says of itself is that it failed; why is said by its node.
  const { lastNodeError } = error as { lastNodeError?: unknown };
  if (lastNodeError instanceof Error) return reasonOf(lastNodeError, settings);
  const { password } = settings;
  const text = error.message || (error as NodeJS.ErrnoException).code || error.name;
  return password === undefined ? text : text.replaceAll(password, '***');
}

/** Keys begin with `prefix`; what is asked to see whether Redis answers lies there too. */
export function createRedisClient(connection: RedisConnection, prefix: string): RedisClient {
  const probeKey = `${prefix}probe`;
  return connection.settings.mode === 'cluster'
    ? clusterClient(connection, probeKey)
    : serverClient(connection, probeKey);
}

/** A connection that can listen, to the first of the nodes, or to the one that sentinels name; it ends when it is lost. */
export function createListener(connection: RedisConnection, node: { host: string; port: number }): Redis {
  return new Redis({
    ...optionsOf(connection),
    ...placeOf(connection, [node]),
    lazyConnect: true,
    autoResubscribe: false,
    retryStrategy: () => null,
    sentinelRetryStrategy: () => null,
  });
}

function optionsOf({ settings, tls }: RedisConnection) {
  return {
    username: settings.user,
    password: settings.password,
    connectTimeout: 1000,
    // Each call has its own bound. This one is for connections whose other end is gone without a word.
    socketTimeout: deadAfter,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    // Whatever waits when the connection breaks fails at once and is not sent again.
    autoResendUnfulfilledCommands: false,
    disableClientInfo: true,
    ...(tls && { tls }),
  } satisfies CommonRedisOptions & { tls?: ConnectionOptions };
}

function placeOf({ settings, tls }: RedisConnection, nodes: RedisSettings['nodes']): object {
  if (settings.mode !== 'sentinel') return { ...nodes[0] };
  return {
    sentinels: settings.nodes.map((node) => ({ ...node })),
    name: settings.sentinelName,
    sentinelCommandTimeout: 1000,
    ...(tls && { sentinelTLS: tls, enableTLSForSentinelMode: true }),
  };
}

function serverClient(connection: RedisConnection, probeKey: string): RedisClient {
  const { settings } = connection;
  const redis = new Redis({
    ...optionsOf(connection),
    ...placeOf(connection, settings.nodes),
    db: settings.database,
    retryStrategy: backoff,
    sentinelRetryStrategy: backoff,
    // Where sentinels speak, another server has become the master.
    reconnectOnError: ({ message }) => settings.mode === 'sentinel' && message.startsWith('READONLY'),
  });
  // A server that refuses the database, say, is ready all the same, in another one.
  let refused = false;
  redis.on('connecting', () => {
    refused = false;
  });
  return {
    isReady: () => redis.status === 'ready' && !refused,
    get: (keys) => redis.mget([...keys]),
    async set(entries) {
      const answers = await redis.pipeline(entries.map(setCommand)).exec();
      for (const [error] of answers ?? []) if (error) throw error;
    },
    async delete(keys) {
      await redis.del([...keys]);
    },
    script: (lua) => scriptOf(redis, lua),
    async publish(channel, message) {
      await redis.publish(channel, message);
    },
    async probe() {
      const [run] = await Promise.all([runOf(redis), redis.mget([probeKey])]);
      return run;
    },
    masters: () => [],
    places: () => [],
    watch({ ready, failed }) {
      redis.on('ready', ready);
      redis.on('close', () => failed('the connection was closed'));
      redis.on('error', (error: Error) => {
        refused ||= isRefusal(error);
        failed(error);
      });
    },
    // Not quit(): it waits for an answer that a frozen Redis never gives.
    close: () => redis.disconnect(),
  };
}

function clusterClient(connection: RedisConnection, probeKey: string): RedisClient {
  const { settings } = connection;
  const cluster = new Cluster(
    settings.nodes.map((node) => ({ ...node })),
    {
      redisOptions: optionsOf(connection),
      enableOfflineQueue: false,
      // Keys of one call lie on many nodes: what goes to the same one goes together.
      enableAutoPipelining: true,
      clusterRetryStrategy: backoff,
      // What waits so long is waited for by nobody any more.
      maxRedirections: 4,
      // Names stay names, because certificates are for names.
      dnsLookup: (host, found) => found(null, host),
    },
  );
  let refreshedAt = Number.NEGATIVE_INFINITY;

  /** Who owns what may have changed, and nobody says so when no command goes out. */
  function refresh(): void {
    if (cluster.status !== 'ready' || performance.now() - refreshedAt < betweenRefreshes) return;
    refreshedAt = performance.now();
    cluster.refreshSlotsCache((error) => {
      // None of the nodes that are known is there: it begins anew with those that were given.
      if (error && cluster.status === 'ready') cluster.disconnect(true);
    });
  }

  /** Throws where nobody owns a slot, or its owner is not there. */
  function owners(): Redis[] {
    const masters = new Map(
      cluster.nodes('master').map((node) => [`${node.options.host}:${node.options.port}`, node]),
    );
    const names = new Set<string | undefined>();
    for (let slot = 0; slot < 16_384; slot += 1) names.add(cluster.slots[slot]?.[0]);
    return [...names].map((name) => {
      const node = masters.get(name ?? '');
      if (node !== undefined) return node;
      refresh();
      throw new Error('a part of the cluster is not there');
    });
  }

  async function textAt(key: string): Promise<string | null> {
    try {
      return await cluster.get(key);
    } catch (error) {
      if (isRefusal(error) && error.message.startsWith('WRONGTYPE')) return null;
      throw error;
    }
  }

  return {
    isReady: () => cluster.status === 'ready',
    get: (keys) => Promise.all(keys.map(textAt)),
    async set(entries) {
      await Promise.all(
        entries.map((entry) => {
          const { key, value, ifAbsent } = entry;
          const ttl = wholeTtl(entry);
          return ifAbsent ? cluster.set(key, value, 'PX', ttl, 'NX') : cluster.set(key, value, 'PX', ttl);
        }),
      );
    },
    async delete(keys) {
      await Promise.all(keys.map((key) => cluster.del(key)));
    },
    script: (lua) => scriptOf(cluster, lua),
    async publish(channel, message) {
      await cluster.publish(channel, message);
    },
    async probe() {
      try {
        const masters = owners();
        const [runs] = await Promise.all([
          Promise.all(masters.map(runOf)),
          ...masters.map(demandWhole),
          textAt(probeKey),
        ]);
        return runs.includes(undefined) ? undefined : runs.sort().join(' ');
      } catch (error) {
        refresh();
        throw error;
      }
    },
    masters: owners,
    places: () =>
      cluster.nodes('master').map(({ options: { host = 'localhost', port = 6379 } }) => ({ host, port })),
    watch({ ready, failed }) {
      cluster.on('ready', ready);
      cluster.on('close', () => failed('the cluster was left, or is not ready'));
      cluster.on('error', failed);
    },
    close: () => cluster.disconnect(),
  };
}

/** Its name is its text's, so that each is defined once. */
function scriptOf(
  redis: Redis | Cluster,
  lua: string,
): (key: string, given: readonly string[]) => Promise<unknown> {
  const name = `script${createHash('sha256').update(lua).digest('hex').slice(0, 16)}`;
  redis.defineCommand(name, { numberOfKeys: 1, lua });
  const commands = redis as unknown as Record<string, (...given: string[]) => Promise<unknown>>;
  return async (key, given) => commands[name]?.(key, ...given);
}

/**
 * What a server calls the history of its data: another after each start, and of each new master. undefined where it does not
 * say, or not to us.
 */
async function runOf(redis: Redis): Promise<string | undefined> {
  try {
    return /^master_replid:(\w+)/m.exec(await redis.info('replication'))?.[1];
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}

/** A node that answers may still answer nothing but that it misses the others. */
async function demandWhole(node: Redis): Promise<void> {
  const info = await node.cluster('INFO');
  if (!String(info).includes('cluster_state:ok')) throw new Error('the cluster is not whole');
}

function setCommand(entry: StoreEntry): [string, ...(string | number)[]] {
  const { key, value, ifAbsent } = entry;
  return ['set', key, value, 'PX', wholeTtl(entry), ...(ifAbsent ? ['NX'] : [])];
}

/** Redis takes whole milliseconds, and none below one. */
function wholeTtl({ ttl }: StoreEntry): number {
  return Math.max(1, Math.ceil(ttl));
}
