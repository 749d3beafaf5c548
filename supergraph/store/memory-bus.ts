// Owns the bus inside one process, for routers and subgraphs that run in it together.
import type { Bus } from './bus.ts';

/** Listeners are called before `publish` returns, and throw nothing. */
export function createMemoryBus(): Bus {
  const listeners = new Set<(message: string) => void>();
  return {
    async publish(message) {
      for (const listener of [...listeners]) listener(message);
      return true;
    },
    listen(listener) {
      const own = (message: string): void => listener(message);
      listeners.add(own);
      return () => void listeners.delete(own);
    },
    // Whoever is in the same process misses nothing.
    onGap: () => () => {},
    heardUntil: () => performance.now(),
    async close() {
      listeners.clear();
    },
  };
}
