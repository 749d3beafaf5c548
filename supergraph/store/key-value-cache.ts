// Owns the bridge from our store to the cache interface of Apollo Server, which keeps its persisted queries there.
import type { ApolloServerOptions, BaseContext } from '@apollo/server';
import type { Store } from './store.ts';

export type KeyValueCache = Exclude<ApolloServerOptions<BaseContext>['cache'], 'bounded' | undefined>;

const dayInSeconds = 86_400;

/** Entries without a ttl stay for a day. */
export function keyValueCache(store: Store): KeyValueCache {
  return {
    async get(key) {
      const [value] = await store.get([key]);
      return value;
    },
    async set(key, value, options) {
      // Apollo counts in seconds.
      await store.set([{ key, value, ttl: (options?.ttl ?? dayInSeconds) * 1000 }]);
    },
    async delete(key) {
      await store.delete([key]);
    },
  };
}
