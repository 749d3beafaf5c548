// Owns all that one BFF keeps of subgraphs' answers: here and with other replicas, what is on its way, and what is renewed.
import type { GraphQLError } from 'graphql';
import type { Freshness } from '../foundation/freshness.ts';
import type { Asked, Outcome } from './ask-subgraph.ts';
import type { CacheCounts } from './cache-counts.ts';
import { tagMark } from './changes.ts';
import type { EntityKeys } from './entity-keys.ts';
import { horizonAt } from './horizon.ts';
import { bytesOf, type Kept, type Lifetime, lifetimeFrom } from './kept.ts';
import type { LevelOne } from './level-one.ts';
import type { LevelTwo, Wanted } from './level-two.ts';
import type { Reading } from './reading.ts';
import type { Place, Sheet } from './sheet.ts';
import type { Shelf } from './shelf.ts';
import type { SubgraphTerms } from './subgraph-terms.ts';

export interface ShelvesOptions {
  levelOne: LevelOne;
  levelTwo: LevelTwo | undefined;
  keys: EntityKeys;
  counts: CacheCounts;
  /** Milliseconds since 1970. */
  now: () => number;
  /** The last moment up to which all changes were heard, on the same clock. */
  heardUntil: () => number;
  /** From 0 to 1. */
  random?: () => number;
}

/** What another request is waiting for: kept, failed in words for clients, or nothing that others could have. */
export type Landed = Kept | GraphQLError | undefined;

interface Flight {
  landed: Promise<Landed>;
  land: (landed: Landed) => void;
  marks: readonly string[];
  since: number;
  readAt: number;
}

/** What is being asked for. */
export interface Landing {
  /** When the asking began: for clocks, and for what changes meanwhile. */
  readAt: number;
  since: number;
  /** From 0 to 1: see lifetimeFrom. */
  random: number;
  land: (kept: ReadonlyMap<Place, Landed>) => void;
}

const mostRenewed = 10_000;
/** Milliseconds. */
const unsharedTime = 10_000;

export class Shelves {
  readonly counts: CacheCounts;
  readonly now: () => number;
  readonly #levelOne: LevelOne;
  readonly #levelTwo: LevelTwo | undefined;
  readonly #keys: EntityKeys;
  readonly #heardUntil: () => number;
  readonly #random: () => number;
  readonly #flights = new Map<string, Flight>();
  /** Shelves of which nothing came lately that others could have, and until when nobody waits for that. */
  readonly #unshared = new WeakMap<Shelf, number>();
  readonly #renewing = new Set<string>();
  /** What was asked for already when its time was nearly over. */
  readonly #usedLate = new WeakSet<Kept>();

  constructor({ levelOne, levelTwo, keys, counts, now, heardUntil, random = Math.random }: ShelvesOptions) {
    this.counts = counts;
    this.now = now;
    this.#levelOne = levelOne;
    this.#levelTwo = levelTwo;
    this.#keys = keys;
    this.#heardUntil = heardUntil;
    this.#random = random;
  }

  /** See LevelOne. */
  get moment(): number {
    return this.#levelOne.moment;
  }

  /** See horizonAt. */
  horizon(now: number): number {
    return horizonAt(now, this.#heardUntil());
  }

  /** In this process; undefined too while it cannot be known whether it has changed. */
  here(key: string, horizon: number): Kept | undefined {
    const kept = this.#levelOne.get(key);
    return kept && kept.readAt > horizon ? kept : undefined;
  }

  /** Whether it is to be read anew in the background although it may be served: what is asked for twice in its last tenth. */
  isWorthRefreshing(kept: Kept, key: string, now: number): boolean {
    const left = kept.freshUntil - now;
    if (left > (kept.freshUntil - kept.readAt) / 10 || this.#renewing.has(key)) return false;
    const isHot = left <= 0 || this.#usedLate.has(kept);
    if (!isHot) this.#usedLate.add(kept);
    return isHot;
  }

  /** Looks for what other replicas have; gives what they do not have, or not new enough. */
  async fromOthers(
    open: readonly Place[],
    { sheet, reading, freshness, since, worthRefreshing }: Looking,
  ): Promise<Place[]> {
    // Whoever wants to see a write is not to be shown what was before it, whatever fails.
    if (!freshness.isReadThrough) {
      for (const place of open) if (place.shelf) place.old = this.#levelOne.get(place.key);
    }
    const shared = open.filter((place) => place.shelf && place.shelf.rule.scope !== 'viewer');
    if (this.#levelTwo === undefined || shared.length === 0 || freshness.patience <= 0) return [...open];
    const began = performance.now();
    const found = await this.#levelTwo.find(
      shared.map((place) => this.#wanted(place, sheet)),
      freshness.patience,
    );
    freshness.patience -= performance.now() - began;
    const horizon = this.horizon(this.now());
    const filled = new Set<Place>();
    for (const [index, place] of shared.entries()) {
      const { kept, fences } = found?.[index] ?? {};
      if (fences) place.fences = fences;
      // Somebody else may have asked for it meanwhile.
      const best = newer(kept, freshness.isReadThrough ? undefined : this.here(place.key, horizon));
      if (best === undefined) continue;
      if (best === kept) this.#levelOne.keep(place.key, kept, since);
      place.old = newer(best, place.old);
      if (best.staleUntil <= reading.now) continue;
      filled.add(place);
      sheet.put(place, best.value);
      reading.take(best, best === kept ? 'redis' : 'process');
      if (this.isWorthRefreshing(best, place.key, reading.now)) worthRefreshing.push(place);
    }
    return open.filter((place) => !filled.has(place));
  }

  /**
   * What others will know soon, where somebody asks for it already, and nothing of it has changed since, nor can have without
   * our hearing of it.
   */
  coming({ key, shelf }: Place): Promise<Landed> | undefined {
    const flight = shelf && this.#flights.get(key);
    if (flight === undefined || flight.readAt <= this.horizon(this.now())) return undefined;
    return this.#levelOne.isUnchanged(flight.marks, flight.since) ? flight.landed : undefined;
  }

  /** Says what is being asked for; only what is for everybody can be waited for by others. */
  announce(places: readonly Place[]): Landing {
    const [since, readAt] = [this.moment, this.now()];
    const own = new Map<Place, Flight>();
    for (const place of places) {
      if (place.shelf?.rule.scope !== 'public') continue;
      if ((this.#unshared.get(place.shelf) ?? 0) > this.now()) continue;
      let land: Flight['land'] = () => {};
      const landed = new Promise<Landed>((resolve) => {
        land = resolve;
      });
      const flight = { landed, land, since, readAt, marks: this.#marksOf(place) };
      own.set(place, flight);
      this.#flights.set(place.key, flight);
    }
    return {
      ...{ readAt, since, random: this.#random() },
      land: (kept) => {
        for (const [place, flight] of own) {
          if (this.#flights.get(place.key) === flight) this.#flights.delete(place.key);
          flight.land(kept.get(place));
        }
      },
    };
  }

  /** By place, what others may have of it. */
  keep(
    { outcomes, terms }: Asked,
    { landing, sheet, obeysSubgraph }: { landing: Landing; sheet: Sheet; obeysSubgraph: boolean },
  ): Map<Place, Kept> {
    const kept = new Map<Place, Kept>();
    const shared: Parameters<LevelTwo['keep']>[0][number][] = [];
    const said = obeysSubgraph ? terms : { ...silence, tags: terms.tags };
    // The same texts for all that came together.
    const tags = terms.tags.map(tagMark);
    for (const [place, outcome] of outcomes) {
      const made = this.#make(place, outcome, { terms: said, tags, landing });
      if (made === undefined) {
        if (place.shelf && outcome.kind === 'answered')
          this.#unshared.set(place.shelf, this.now() + unsharedTime);
        continue;
      }
      if (!this.#levelOne.keep(place.key, made, landing.since)) continue;
      kept.set(place, made);
      if (made.shelf.rule.scope === 'viewer' || !place.fences || terms.tags.length > 0) continue;
      shared.push({ wanted: this.#wanted(place, sheet), kept: made, fences: place.fences });
    }
    if (shared.length > 0) this.#levelTwo?.keep(shared);
    return kept;
  }

  /** Those that nobody renews already. */
  beginRefreshing(places: readonly Place[]): Place[] {
    const begun = places.filter(({ key }) => !this.#renewing.has(key) && this.#renewing.size < mostRenewed);
    for (const { key } of begun) this.#renewing.add(key);
    return begun;
  }

  endRefreshing(places: readonly Place[]): void {
    for (const { key } of places) this.#renewing.delete(key);
  }

  /** With what stands at their marks; without those that another replica has renewed already. */
  async withFences(places: readonly Place[], sheet: Sheet): Promise<Place[]> {
    const shared = places.filter(({ shelf }) => shelf && shelf.rule.scope !== 'viewer');
    const since = this.moment;
    const found = await this.#levelTwo?.find(
      shared.map((place) => this.#wanted(place, sheet)),
      50,
    );
    const renewed = new Set<Place>();
    for (const [index, place] of shared.entries()) {
      const { kept, fences } = found?.[index] ?? {};
      if (fences) place.fences = fences;
      if (kept === undefined || kept.readAt <= (place.old?.readAt ?? 0) || kept.freshUntil <= this.now())
        continue;
      this.#levelOne.keep(place.key, kept, since);
      renewed.add(place);
    }
    return places.filter((place) => !renewed.has(place));
  }

  #make(place: Place, outcome: Outcome, { terms, tags, landing }: Made): Kept | undefined {
    const { shelf } = place;
    if (shelf === undefined || outcome.kind !== 'answered') return undefined;
    const { value } = outcome;
    if (value === undefined || (!terms.isPublic && shelf.rule.scope !== 'viewer')) return undefined;
    const lifetime = lifetimeOf(shelf.rule, terms, value === null);
    if (lifetime.maxAge <= 0) return undefined;
    const isShortened = terms.maxAge !== undefined && terms.maxAge < shelf.rule.maxAge;
    const marks = [...this.#marksOf(place), ...tags];
    return {
      ...lifetimeFrom(landing.readAt, lifetime, landing.random),
      ...{ value, shelf, marks },
      bytes: bytesOf(JSON.stringify(value).length, marks.length),
      why: value === null ? 'absent' : isShortened ? 'subgraph' : shelf.rule.why,
    };
  }

  #marksOf({ shelf, text }: Place): string[] {
    if (shelf === undefined) return [];
    return text === ''
      ? [...shelf.marks]
      : [...shelf.marks, ...this.#keys.marksOfRepresentation(shelf.of, text)];
  }

  #wanted(place: Place, sheet: Sheet): Wanted {
    const { shelf, text } = place;
    if (shelf === undefined) throw new Error('Nothing is kept of this.');
    const marks = text === '' ? [] : this.#keys.marksOfRepresentation(shelf.of, text);
    return { shelf, key: sheet.sharedKeyOf(place), marks };
  }
}

interface Made {
  terms: SubgraphTerms;
  /** As marks. */
  tags: readonly string[];
  landing: Landing;
}

interface Looking {
  sheet: Sheet;
  reading: Reading;
  freshness: Freshness;
  /** The moment before anything was looked for. */
  since: number;
  /** Takes what is served although it should be renewed. */
  worthRefreshing: Place[];
}

const silence: SubgraphTerms = {
  ...{ maxAge: undefined, staleWhileRevalidate: undefined, staleIfError: undefined },
  ...{ isPublic: true, tags: [] },
};

function lifetimeOf(rule: Lifetime & { absent: number }, terms: SubgraphTerms, isAbsent: boolean): Lifetime {
  const maxAge = Math.min(isAbsent ? rule.absent : rule.maxAge, terms.maxAge ?? Number.POSITIVE_INFINITY);
  if (isAbsent) return { maxAge, staleWhileRevalidate: 0, staleIfError: 0 };
  const time = (name: 'staleWhileRevalidate' | 'staleIfError') =>
    Math.min(rule[name], terms[name] ?? Number.POSITIVE_INFINITY);
  return { maxAge, staleWhileRevalidate: time('staleWhileRevalidate'), staleIfError: time('staleIfError') };
}

function newer(one: Kept | undefined, other: Kept | undefined): Kept | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one.readAt >= other.readAt ? one : other;
}
