// Owns the last good values of fields: where they are remembered, for how long, and that nothing is written more often than it must be.
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Fallback } from '../declaration/fallback-words.ts';
import { milliseconds } from '../foundation/duration.ts';
import type { Store } from '../store/store.ts';

/** For how many milliseconds what was known last of a field may stand in, by coordinate. */
export function lastKnownTimes(declared: ReadonlyMap<string, readonly Fallback[]>): Map<string, number> {
  const times = new Map<string, number>();
  for (const [coordinate, fallbacks] of declared) {
    const known = fallbacks.find(({ kind }) => kind === 'lastKnown');
    if (known?.kind === 'lastKnown') times.set(coordinate, milliseconds(known.upTo));
  }
  return times;
}

export interface LastKnownOptions {
  /** Where replicas find each other's, where there is such a place. */
  shared: Store | undefined;
  /** In this process: what is one viewer's, and all that it has seen itself, for when the other cannot be reached. */
  own: Store;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** Where something is remembered. */
export interface Place {
  /** All that the value depends on. */
  key: string;
  /** Whether other replicas may have it too. */
  isShared: boolean;
  /** Milliseconds for which it may stand in. */
  upTo: number;
}

export interface Remembered {
  /** JSON. */
  text: string;
  ageSeconds: number;
}

const keyPrefix = 'last-known:';
/** Of records. */
const version = 1;
/** Characters; a longer one is not worth its way. */
const longestText = 1_000_000;
/** What has just been written is not written again; as a share of the time for which it is wanted. */
const writtenAgainAfter = 0.1;
const mostOftenWritten = 1_000;
const leastOftenWritten = 60_000;

export class LastKnown {
  readonly #options: LastKnownOptions;
  /** When what is under a key is to be written again. */
  readonly #due = new LRUCache<string, number>({ max: 50_000 });

  constructor(options: LastKnownOptions) {
    this.#options = options;
  }

  /** Whether it is long enough ago that something was remembered there. */
  isDue(key: string): boolean {
    return this.#options.now() >= (this.#due.get(key) ?? 0);
  }

  /** In the background. `age` is for how many milliseconds they have been known already. */
  remember(age: number, values: readonly (Place & { text: string })[]): void {
    const { shared, own, now } = this.#options;
    const writable = values
      .filter(({ text }) => text.length <= longestText)
      .map(({ key, upTo, text, isShared }) => {
        const pause = Math.min(Math.max(upTo * writtenAgainAfter, mostOftenWritten), leastOftenWritten);
        this.#due.set(key, now() + pause);
        const stored = storedAs(key);
        const value = `${JSON.stringify([version, stored, now() - age])}\n${text}`;
        return { isShared, entry: { key: stored, value, ttl: upTo - age } };
      });
    if (writable.length === 0) return;
    void own.set(writable.map(({ entry }) => entry));
    const forOthers = writable.flatMap(({ isShared, entry }) => (isShared ? [entry] : []));
    if (shared && forOthers.length > 0) void shared.set(forOthers);
  }

  /** In their order, the youngest that is known of each; undefined for what is not known, or only from too long ago. */
  async recall(places: readonly Place[]): Promise<(Remembered | undefined)[]> {
    const { shared, own } = this.#options;
    const wanted = places.filter(({ isShared }) => isShared);
    const [here, fromOthers] = await Promise.all([
      own.get(places.map(({ key }) => storedAs(key))),
      shared && wanted.length > 0 ? shared.get(wanted.map(({ key }) => storedAs(key))) : [],
    ]);
    const theirs = new Map(wanted.map((place, index) => [place, fromOthers[index]]));
    return places.map((place, index) => {
      const known = [here[index], theirs.get(place)].flatMap((record) => this.#read(record, place) ?? []);
      return known.sort((one, other) => one.ageSeconds - other.ageSeconds)[0];
    });
  }

  /** Somebody else may have written something else there. */
  #read(record: string | undefined, { key, upTo }: Place): Remembered | undefined {
    if (record === undefined) return undefined;
    const end = record.indexOf('\n');
    const text = record.slice(end + 1);
    try {
      const head: unknown = JSON.parse(record.slice(0, end));
      if (!Array.isArray(head) || head[0] !== version || head[1] !== storedAs(key)) return undefined;
      const age = this.#options.now() - Number(head[2]);
      // Another's clock may go a little before ours.
      if (!(age <= upTo && age > -upTo)) return undefined;
      JSON.parse(text);
      return { text, ageSeconds: Math.max(0, Math.round(age / 1000)) };
    } catch {
      return undefined;
    }
  }
}

/** The viewer's part in it cannot be read off. */
function storedAs(key: string): string {
  return keyPrefix + createHash('sha256').update(key).digest('base64url');
}
