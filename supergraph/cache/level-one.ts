// Owns what is kept in this process: bounded by bytes, the least recently used goes first, and gone at once when it changes.
import { LRUCache } from 'lru-cache';
import { everything } from './changes.ts';
import { endOf, type Kept } from './kept.ts';

export interface LevelOneOptions {
  bytes: number;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** Marks whose last change is remembered. */
const mostChanges = 50_000;

export class LevelOne {
  readonly #kept: LRUCache<string, Kept>;
  readonly #byMark = new Map<string, Set<string>>();
  /** By mark, the moment of its last change; the earliest is first. */
  readonly #changes = new Map<string, number>();
  /** Of changes before this moment it is not known any more what they were about. */
  #forgotten = 0;
  #moment = 0;
  readonly #now: () => number;

  constructor({ bytes, now }: LevelOneOptions) {
    this.#now = now;
    this.#kept = new LRUCache<string, Kept>({
      maxSize: bytes,
      sizeCalculation: ({ bytes: size }, key) => size + key.length * 2,
      dispose: ({ marks }, key, reason) => {
        if (reason !== 'set') this.#unmark(key, marks);
      },
    });
  }

  get size(): number {
    return this.#kept.size;
  }

  get bytes(): number {
    return this.#kept.calculatedSize;
  }

  /** A moment for `keep`: whoever begins to read now has seen all changes before it, and may miss those after it. */
  get moment(): number {
    return this.#moment;
  }

  get(key: string): Kept | undefined {
    return this.#kept.get(key);
  }

  /** Not when something that it has marks of has changed since the moment at which its read began. */
  keep(key: string, kept: Kept, since: number): boolean {
    if (!this.isUnchanged(kept.marks, since)) return false;
    if (endOf(kept) <= this.#now()) return false;
    const before = this.#kept.peek(key);
    // Two may have read at once, and the one that began earlier come back later.
    if (before && before.readAt > kept.readAt && before.freshUntil > this.#now()) return false;
    if (before) this.#unmark(key, before.marks);
    for (const mark of kept.marks) {
      const keys = this.#byMark.get(mark);
      if (keys) keys.add(key);
      else this.#byMark.set(mark, new Set([key]));
    }
    this.#kept.set(key, kept);
    if (this.#kept.peek(key) === kept) return true;
    this.#unmark(key, kept.marks);
    return false;
  }

  /** Whether nothing that has one of these marks has changed after that moment. */
  isUnchanged(marks: readonly string[], since: number): boolean {
    return since >= this.#forgotten && marks.every((mark) => (this.#changes.get(mark) ?? 0) <= since);
  }

  /** Drops all that has one of the marks; how much it was. */
  drop(marks: Iterable<string>): number {
    this.#moment += 1;
    let dropped = 0;
    for (const mark of marks) {
      if (mark === everything) return dropped + this.#dropAll();
      this.#changes.delete(mark);
      this.#changes.set(mark, this.#moment);
      for (const key of [...(this.#byMark.get(mark) ?? [])]) {
        this.#kept.delete(key);
        dropped += 1;
      }
    }
    for (const [mark, moment] of this.#changes) {
      if (this.#changes.size <= mostChanges) break;
      this.#forgotten = Math.max(this.#forgotten, moment);
      this.#changes.delete(mark);
    }
    return dropped;
  }

  /** All that has the mark, the most recently used first. */
  *having(mark: string): Iterable<Kept> {
    for (const kept of this.#kept.values()) if (mark === everything || kept.marks.includes(mark)) yield kept;
  }

  #dropAll(): number {
    const dropped = this.#kept.size;
    this.#kept.clear();
    this.#byMark.clear();
    this.#changes.clear();
    this.#forgotten = this.#moment;
    return dropped;
  }

  #unmark(key: string, marks: readonly string[]): void {
    for (const mark of marks) {
      const keys = this.#byMark.get(mark);
      keys?.delete(key);
      if (keys?.size === 0) this.#byMark.delete(mark);
    }
  }
}
