// Owns the shape of a store: many keys at once, every entry with an end; it never throws and never blocks for long.

export interface StoreEntry {
  key: string;
  value: string;
  /** Milliseconds until the entry is gone. */
  ttl: number;
}

/** A place to remember what can be found out again. A store that fails behaves like one that remembers nothing. */
export interface Store {
  /** One value per key, in the order of the keys; undefined for what is not there or cannot be reached in time. */
  get(keys: readonly string[]): Promise<(string | undefined)[]>;
  set(entries: readonly StoreEntry[]): Promise<void>;
  delete(keys: readonly string[]): Promise<void>;
  close(): Promise<void>;
}
