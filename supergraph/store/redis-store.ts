// Owns the store that replicas share in Redis; a Redis that is gone or frozen costs a request 50 ms at most, and no error.
import type { RedisSettings } from '../foundation/redis-settings.ts';
import { createNotice, type StoreLog } from './notice.ts';
import { isRefusal, type RedisClient, reasonOf } from './redis-client.ts';
import type { Reach } from './redis-reach.ts';
import type { Store } from './store.ts';

export interface RedisStoreOptions {
  client: RedisClient;
  reach: Reach;
  settings: RedisSettings;
  /** Put before every key, so that several programs can share one Redis. */
  prefix: string;
  log: StoreLog;
}

/** The values of a call are there together or not at all. Closing it closes the client too. */
export function createRedisStore({ client, reach, settings, prefix, log }: RedisStoreOptions): Store {
  const notice = createNotice(log, 'Redis takes what is written again.');

  /** Who refuses to be written to (it is full, or somebody's copy) may well be read. */
  async function written(command: () => Promise<void>): Promise<boolean> {
    const isWritten = await reach.ask(async () => {
      try {
        await command();
        return true;
      } catch (error) {
        if (!isRefusal(error)) throw error;
        notice.amiss('Redis does not take what is written', reasonOf(error, settings));
        return false;
      }
    });
    if (isWritten) notice.well();
    return isWritten ?? false;
  }

  return {
    async get(keys, within) {
      if (keys.length === 0) return [];
      const values = await reach.ask(() => client.get(keys.map((key) => prefix + key)), within);
      return keys.map((_, index) => values?.[index] ?? undefined);
    },
    async set(entries) {
      if (entries.length === 0) return true;
      return written(() => client.set(entries.map((entry) => ({ ...entry, key: prefix + entry.key }))));
    },
    async delete(keys) {
      if (keys.length > 0) await written(() => client.delete(keys.map((key) => prefix + key)));
    },
    reachedSince: reach.since,
    run: reach.run,
    async close() {
      notice.close();
      reach.close();
      client.close();
    },
  };
}
