// Owns the bus that is a Redis: fences and messages where the routers look for them.
import { Cluster, Redis } from 'ioredis';
import { readCallTls } from '../calls/tls.ts';
import type { ChangeBus } from './publish-changes.ts';
import type { RedisAddress } from './redis-address.ts';

export interface RedisBus extends Required<ChangeBus> {
  close: () => Promise<void>;
}

/** Nothing is held for longer than a day; the hour more is for clocks that differ. */
const fenceLife = 25 * 3_600_000;
/** Milliseconds: what takes longer counts as lost, and the connection with it. */
const mostOfCommand = 2000;
const mostOfStart = 500;

const common = {
  commandTimeout: mostOfCommand,
  socketTimeout: mostOfCommand,
  connectTimeout: 1000,
  maxRetriesPerRequest: 0,
  enableOfflineQueue: false,
  // Whatever waits when the connection breaks fails at once: its change is told again as a whole.
  autoResendUnfulfilledCommands: false,
};

/**
 * Connects in the background, and waits for half a second at most: a Redis that comes later is used then. Throws an Error with a
 * sentence where a file of TLS cannot be used.
 */
export async function openRedisBus(address: RedisAddress): Promise<RedisBus> {
  const redis = await connect(address);
  // Whoever publishes sees it, and says so.
  redis.on('error', () => {});
  await untilReady(redis);
  const isThere = () => redis.status === 'ready';
  return {
    async fence(marks, text) {
      if (!isThere()) return false;
      // Not one command: in a cluster they lie in many places.
      await Promise.all(marks.map((mark) => redis.set(`tributary:fence:${mark}`, text, 'PX', fenceLife)));
      return true;
    },
    async publish(message) {
      if (!isThere()) return false;
      await redis.publish('tributary:changes', message);
      return true;
    },
    // Not quit(): it waits for an answer that a frozen Redis never gives.
    close: async () => redis.disconnect(),
  };
}

async function connect(address: RedisAddress): Promise<Redis | Cluster> {
  const { mode, nodes, user: username, password, database: db, sentinelName, tls: files } = address;
  const tls = files && (await readCallTls(files));
  const options = {
    ...common,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(tls && { tls }),
  };
  const places = nodes.map((node) => ({ ...node }));
  if (mode === 'cluster') {
    return new Cluster(places, {
      redisOptions: options,
      enableOfflineQueue: false,
      clusterRetryStrategy: pauseAfter,
      // Names stay names, because certificates are for names.
      dnsLookup: (host, found) => found(null, host),
    });
  }
  const alone = { ...options, db, retryStrategy: pauseAfter };
  if (mode === 'single') return new Redis({ ...alone, ...places[0] });
  return new Redis({
    ...alone,
    sentinels: places,
    name: sentinelName ?? '',
    sentinelCommandTimeout: 1000,
    sentinelRetryStrategy: pauseAfter,
    // Another server has become the master.
    reconnectOnError: ({ message }) => message.startsWith('READONLY'),
    ...(tls && { enableTLSForSentinelMode: true, sentinelTLS: tls }),
  });
}

/** Many that lost it at once do not come back at once. */
function pauseAfter(attempt: number): number {
  return Math.min(attempt * 50, 500) * (0.5 + Math.random() / 2);
}

async function untilReady(redis: Redis | Cluster): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, mostOfStart);
    redis.once('ready', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
