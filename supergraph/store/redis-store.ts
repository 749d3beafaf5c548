// Owns the store that replicas share in Redis; a Redis that is gone or frozen costs a request 50 ms at most, and no error.
import { Redis } from 'ioredis';
import type { Store } from './store.ts';

interface RedisStoreOptions {
  url: string;
  /** Put before every key, so that several programs can share one Redis. */
  prefix: string;
  /** Told once when Redis is lost and once when it is back. */
  log: { warn: (message: string) => void; info: (message: string) => void };
}

const commandTimeout = 50;

/** Connects in the background: a Redis that is not there yet is used as soon as it is. */
export function createRedisStore({ url, prefix, log }: RedisStoreOptions): Store {
  const redis = new Redis(url, {
    commandTimeout,
    connectTimeout: 1000,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    // Whatever waits when the connection breaks fails at once and is not sent again.
    autoResendUnfulfilledCommands: false,
    retryStrategy: (attempt) => Math.min(attempt * 100, 2000),
  });
  let lost = false;
  let since = performance.now();
  redis.on('error', (error) => {
    if (!lost) log.warn(`Redis is not reachable, going on without it: ${error.message}`);
    lost = true;
  });
  redis.on('ready', () => {
    if (lost) log.info('Redis is back.');
    lost = false;
    since = performance.now();
  });

  // All commands of this store may be lost: then it knows nothing, which every caller must be ready for anyway.
  async function orElse<Answer>(command: () => Promise<Answer>, otherwise: Answer): Promise<Answer> {
    if (redis.status !== 'ready') return otherwise;
    try {
      return await command();
    } catch {
      return otherwise;
    }
  }

  return {
    async get(keys) {
      if (keys.length === 0) return [];
      const nothing = new Array<string | null>(keys.length).fill(null);
      const values = await orElse(() => redis.mget(keys.map((key) => prefix + key)), nothing);
      return values.map((value) => value ?? undefined);
    },
    async set(entries) {
      if (entries.length === 0) return true;
      const commands = entries.map(({ key, value, ttl, ifAbsent }) => [
        'set',
        prefix + key,
        value,
        'PX',
        Math.ceil(ttl),
        ...(ifAbsent ? ['NX'] : []),
      ]);
      const answers = await orElse(() => redis.pipeline(commands).exec(), null);
      return answers?.every(([error]) => error === null) ?? false;
    },
    async delete(keys) {
      if (keys.length === 0) return;
      await orElse(() => redis.del(keys.map((key) => prefix + key)), 0);
    },
    reachedSince: () => (redis.status === 'ready' ? since : undefined),
    async close() {
      // Not quit(): it waits for an answer that a frozen Redis never gives.
      redis.disconnect();
    },
  };
}
