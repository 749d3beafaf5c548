// Owns the store inside this process: bounded in entries and in size, the least recently used goes first.
import type { Store } from './store.ts';

interface Limits {
  entries?: number;
  /** Characters of all keys and values together. */
  characters?: number;
  /** Milliseconds on a clock that never goes back. */
  now?: () => number;
}

interface Kept {
  value: string;
  endsAt: number;
}

/** An entry larger than the whole store is not kept. */
export function createMemoryStore(limits: Limits = {}): Store {
  const { entries: maxEntries = 10_000, characters: maxCharacters = 30_000_000 } = limits;
  const { now = () => performance.now() } = limits;
  // A Map keeps the order of insertion: what is used is put at the end, so the first is the least recently used.
  const kept = new Map<string, Kept>();
  let characters = 0;
  const since = performance.now();

  function forget(key: string): void {
    const entry = kept.get(key);
    if (entry === undefined) return;
    kept.delete(key);
    characters -= key.length + entry.value.length;
  }

  function read(key: string): string | undefined {
    const entry = kept.get(key);
    if (entry === undefined) return undefined;
    if (entry.endsAt <= now()) {
      forget(key);
      return undefined;
    }
    kept.delete(key);
    kept.set(key, entry);
    return entry.value;
  }

  return {
    async get(keys) {
      return keys.map(read);
    },
    async set(entries) {
      for (const { key, value, ttl, ifAbsent = false } of entries) {
        if (ifAbsent && read(key) !== undefined) continue;
        forget(key);
        if (ttl <= 0 || key.length + value.length > maxCharacters) continue;
        kept.set(key, { value, endsAt: now() + ttl });
        characters += key.length + value.length;
        for (const oldest of kept.keys()) {
          if (kept.size <= maxEntries && characters <= maxCharacters) break;
          forget(oldest);
        }
      }
      return true;
    },
    async delete(keys) {
      keys.forEach(forget);
    },
    reachedSince: () => since,
    run: () => 'memory',
    async close() {
      kept.clear();
      characters = 0;
    },
  };
}
