// Owns what replicas share: a store, counters and a bus, in Redis where there is one.
import type { FastifyBaseLogger } from 'fastify';
import type { Environment } from '../foundation/environment.ts';
import type { Bus } from '../store/bus.ts';
import type { Counters } from '../store/counters.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import type { Store } from '../store/store.ts';

export interface SharedMemory {
  store: Store;
  /** The same store where other replicas have it too. */
  shared: Store | undefined;
  /** Those of all replicas, where there are others; without them each counts for itself. */
  counters: Counters | undefined;
  bus: Bus;
  close: () => Promise<void>;
}

/** `bus` is that of this process, for where there is no other. */
export async function openSharedMemory(
  { redis }: Environment,
  bus: Bus,
  log: FastifyBaseLogger,
): Promise<SharedMemory> {
  if (redis === undefined) {
    const store = createMemoryStore();
    return { store, shared: undefined, counters: undefined, bus, close: () => store.close() };
  }
  // Loaded for those alone who have a Redis: in ioredis a class extends String, and from then on V8 looks up the methods
  // of strings slowly, in the whole process.
  const { connectRedis } = await import('../store/connect-redis.ts');
  const channel = 'tributary:changes';
  const opened = await connectRedis({ settings: redis, prefix: 'tributary:', channel, log });
  return { ...opened, shared: opened.store };
}
