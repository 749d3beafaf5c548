// Owns the shape of a store: many keys at once, every entry with an end; it never throws and never blocks for long.

export interface StoreEntry {
  key: string;
  value: string;
  /** Milliseconds until the entry is gone. */
  ttl: number;
  /** What is there already under the key stays; the entry is stored where nothing is. */
  ifAbsent?: boolean;
}

/** A place to remember what can be found out again. A store that fails behaves like one that remembers nothing. */
export interface Store {
  /**
   * One value per key, in the order of the keys; undefined for what is not there or cannot be reached in time: `within` so
   * many milliseconds, 50 unless told. They are read together or not at all: when they cannot be reached in time all are
   * undefined, and so is `reachedSince` by then.
   */
  get(keys: readonly string[], within?: number): Promise<(string | undefined)[]>;
  /** Whether it is certain that the store has taken all of it. */
  set(entries: readonly StoreEntry[]): Promise<boolean>;
  delete(keys: readonly string[]): Promise<void>;
  /**
   * Since when it can be reached without a break, in milliseconds on the clock of `performance.now()`; undefined while it
   * cannot. What others wanted to say meanwhile may come a moment later than that.
   */
  reachedSince(): number | undefined;
  /**
   * Which run of the store it is that can be reached. In another one there may be again what was replaced or deleted in this
   * one, as after a start from a copy on disk, or with another master. undefined while that is not known.
   */
  run(): string | undefined;
  close(): Promise<void>;
}
