// Owns the way from settings to what replicas share in Redis: a store, counters and a bus over the same connection.
import type { RedisSettings } from '../foundation/redis-settings.ts';
import { readTlsFiles, type TlsTexts, watchTlsFiles } from '../foundation/tls-files.ts';
import type { Bus } from './bus.ts';
import type { Counters } from './counters.ts';
import { createRedisBus } from './redis-bus.ts';
import { createRedisClient } from './redis-client.ts';
import { createRedisCounters } from './redis-counters.ts';
import { createReach } from './redis-reach.ts';
import { createRedisStore } from './redis-store.ts';
import type { Store } from './store.ts';

export interface RedisOptions {
  settings: RedisSettings;
  /** Put before every key, so that several programs can share one Redis. */
  prefix: string;
  /** Where messages are heard and sent. */
  channel: string;
  log: {
    /** Told once when Redis is lost, and once when it is back. */
    warn: (message: string) => void;
    /** Told when files of TLS were replaced. */
    info: (message: string) => void;
    error: (message: string) => void;
  };
}

export interface SharedRedis {
  store: Store;
  counters: Counters;
  bus: Bus;
  /** Closes all. */
  close: () => Promise<void>;
}

/**
 * Connects in the background: a Redis that is not there yet is used as soon as it is. Files of TLS that are replaced are used
 * for new connections. Throws a StartupProblem when they cannot be used.
 */
export async function connectRedis({ settings, prefix, channel, log }: RedisOptions): Promise<SharedRedis> {
  const { tls: files } = settings;
  const hasFiles = files !== undefined && Object.keys(files).length > 0;
  const texts: TlsTexts = hasFiles ? await readTlsFiles(files) : { minVersion: 'TLSv1.2' };
  const connection = { settings, tls: files && texts };
  const client = createRedisClient(connection, prefix);
  const reach = createReach({ client, settings, log });
  const store = createRedisStore({ client, reach, settings, prefix, log });
  const counters = createRedisCounters({ client, reach, settings, prefix, log });
  const bus = createRedisBus({ connection, client, reach, channel, log });
  const unwatch = hasFiles
    ? watchTlsFiles({ files, texts, replaced: (fresh) => Object.assign(texts, fresh), log })
    : () => {};
  return {
    store,
    counters,
    bus,
    async close() {
      unwatch();
      await bus.close();
      await store.close();
    },
  };
}
