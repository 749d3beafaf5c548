// Owns the last good values of fields: where they are remembered, for how long, and that nothing is written more often than it must be.
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Fallback } from '../declaration/fallback-words.ts';
import { milliseconds } from '../foundation/duration.ts';
import type { Store, StoreEntry } from '../store/store.ts';

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

/** Values of one field that differ by the object they are of, and by nothing else. */
export interface GroupTerms {
  /** All else that they depend on. */
  key: string;
  /** Whether other replicas may have them too. */
  isShared: boolean;
  /** Milliseconds for which they may stand in. */
  upTo: number;
}

/** Where something is remembered. */
export interface Place {
  group: ValueGroup;
  /** What tells the object from others. */
  identity: string;
}

export interface Remembered {
  /** JSON. */
  text: string;
  /** Milliseconds; below zero where another's clock goes before ours. */
  age: number;
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
/** Groups, and objects of one of them, of which it is known when they were written. */
const mostGroups = 2_000;
const mostObjects = 5_000;

/** Knows of each object when its value is to be written again. */
export class ValueGroup {
  readonly terms: GroupTerms;
  /** In stores nobody can read off whose it is. */
  readonly hash: string;
  readonly #now: () => number;
  readonly #pause: number;
  readonly #due = new Map<string, number>();

  constructor(terms: GroupTerms, now: () => number) {
    this.terms = terms;
    this.hash = hashOf(terms.key);
    this.#now = now;
    this.#pause = Math.min(Math.max(terms.upTo * writtenAgainAfter, mostOftenWritten), leastOftenWritten);
  }

  /** Whether it is long enough ago that something was remembered there. */
  isDue(identity: string): boolean {
    const at = this.#due.get(identity);
    return at === undefined || this.#now() >= at;
  }

  written(identity: string): void {
    if (this.#due.size >= mostObjects) this.#due.clear();
    this.#due.set(identity, this.#now() + this.#pause);
  }
}

export class LastKnown {
  readonly #options: LastKnownOptions;
  readonly #groups = new LRUCache<string, ValueGroup>({ max: mostGroups });

  constructor(options: LastKnownOptions) {
    this.#options = options;
  }

  group(terms: GroupTerms): ValueGroup {
    const known = this.#groups.get(terms.key);
    if (known) return known;
    const made = new ValueGroup(terms, this.#options.now);
    this.#groups.set(terms.key, made);
    return made;
  }

  /** In the background. `age` is for how many milliseconds they have been known already. */
  remember(age: number, values: readonly (Place & { text: string })[]): void {
    const { shared, own, now } = this.#options;
    const at = now() - age;
    const here: StoreEntry[] = [];
    const forOthers: StoreEntry[] = [];
    for (const { group, identity, text } of values) {
      if (text.length > longestText) continue;
      group.written(identity);
      const ttl = group.terms.upTo - age;
      here.push({ key: ownKey(group, identity), value: `${at}\n${text}`, ttl });
      if (shared === undefined || !group.terms.isShared) continue;
      const key = sharedKey(group, identity);
      forOthers.push({ key, value: `${JSON.stringify([version, key, at])}\n${text}`, ttl });
    }
    if (here.length > 0) void own.set(here);
    if (forOthers.length > 0) void shared?.set(forOthers);
  }

  /** In their order, the youngest that is known of each; undefined for what is not known, or only from too long ago. */
  async recall(places: readonly Place[]): Promise<(Remembered | undefined)[]> {
    const { shared, own } = this.#options;
    const wanted = shared ? places.filter(({ group }) => group.terms.isShared) : [];
    const keys = wanted.map(({ group, identity }) => sharedKey(group, identity));
    const [here, fromOthers] = await Promise.all([
      own.get(places.map(({ group, identity }) => ownKey(group, identity))),
      shared && wanted.length > 0 ? shared.get(keys) : [],
    ]);
    const theirs = new Map(wanted.map((place, index) => [place, readShared(fromOthers[index], keys[index])]));
    return places.map((place, index) => {
      const known = [readOwn(here[index]), theirs.get(place)].flatMap((one) => one ?? []);
      const [youngest] = known.sort((one, other) => other.at - one.at);
      return youngest && this.#usable(youngest, place.group.terms.upTo);
    });
  }

  #usable({ at, text }: Recorded, upTo: number): Remembered | undefined {
    const age = this.#options.now() - at;
    // Another's clock may go a little before ours.
    if (!(age <= upTo && age > -upTo)) return undefined;
    return { text, age };
  }
}

interface Recorded {
  /** Milliseconds since 1970. */
  at: number;
  text: string;
}

function readOwn(record: string | undefined): Recorded | undefined {
  const end = record?.indexOf('\n') ?? -1;
  return record === undefined ? undefined : { at: Number(record.slice(0, end)), text: record.slice(end + 1) };
}

/** Somebody else may have written something else there. */
function readShared(record: string | undefined, key: string | undefined): Recorded | undefined {
  if (record === undefined) return undefined;
  const end = record.indexOf('\n');
  const text = record.slice(end + 1);
  try {
    const head: unknown = JSON.parse(record.slice(0, end));
    if (!Array.isArray(head) || head[0] !== version || head[1] !== key) return undefined;
    JSON.parse(text);
    return { at: Number(head[2]), text };
  } catch {
    return undefined;
  }
}

function ownKey({ hash }: ValueGroup, identity: string): string {
  return hash + identity;
}

function sharedKey(group: ValueGroup, identity: string): string {
  return keyPrefix + hashOf(ownKey(group, identity));
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
