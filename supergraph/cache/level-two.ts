// Owns what replicas keep together in a store, and that nobody reads there what was read before a change.
import { createHash, randomBytes } from 'node:crypto';
import { isRecord } from '../foundation/is-record.ts';
import type { Store, StoreEntry } from '../store/store.ts';
import { everything } from './changes.ts';
import { bytesOf, endOf, type Kept } from './kept.ts';
import type { Shelf } from './shelf.ts';

/** What is looked for. */
export interface Wanted {
  shelf: Shelf;
  /** All that tells it from others on its shelf. */
  key: string;
  /** Of it alone, beside those of its shelf. */
  marks: readonly string[];
}

/** What was found, and what stood at the marks by then: it goes with what is kept later. */
export interface Found {
  kept: Kept | undefined;
  /** undefined while it is not certain that they are true. */
  fences: Fences | undefined;
}

/** Stands among the fences: what was kept in another run of the store counts no more. No mark has this character. */
const ofRun = '\0run';

const nothing: Found = { kept: undefined, fences: undefined };

/** By mark, and by the run; undefined where nothing stood. */
export type Fences = ReadonlyMap<string, string | undefined>;

/** Milliseconds. Who was away may have changes to tell that others could not hear; until then nobody believes the store. */
const settling = 3_000;
/** Milliseconds: fences outlive all that was kept before them. */
const longest = 86_400_000;
const fenceTtl = longest + 3_600_000;
/** When more marks than these have no fence yet, nothing is believed. */
const mostOwed = 10_000;
/** A longer one is not worth its way. */
const longestValue = 1_000_000;
const keyPrefix = 'kept:';
const fencePrefix = 'fence:';
/** Milliseconds by which another's clock may go before ours; what is from later cannot be judged. */
const mostAhead = 2_000;
/** So much is looked for at once. */
const mostWanted = 1_000;
/** Of records. */
const version = 3;

export class LevelTwo {
  readonly #store: Store;
  readonly #openedAt = performance.now();
  #firstReachedAt: number | undefined;
  /** Marks that have changed, and of which it is not certain that the store knows it. */
  #owed = new Set<string>();

  readonly #now: () => number;
  readonly #ahead: () => number;

  /**
   * Both give milliseconds since 1970: `now` by the clock of this process, as things are kept in it, and `wall` by the one
   * that replicas have in common, as far as clocks can.
   */
  constructor(store: Store, { now, wall }: { now: () => number; wall: () => number }) {
    this.#store = store;
    this.#now = now;
    this.#ahead = () => wall() - now();
  }

  /** Whether what it says can be believed now. */
  get isUsable(): boolean {
    const since = this.#store.reachedSince();
    if (since === undefined || this.#store.run() === undefined) return false;
    this.#firstReachedAt ??= since;
    const isFirst = since === this.#firstReachedAt && since - this.#openedAt < settling;
    return isFirst || performance.now() - since > settling;
  }

  /** In their order (of very many the first ones), within so many milliseconds; undefined when nothing could be found out in that time. */
  async find(given: readonly Wanted[], within: number): Promise<Found[] | undefined> {
    if (!this.isUsable || given.length === 0) return undefined;
    const run = this.#store.run();
    const wanted = given.slice(0, mostWanted);
    const marks = [...new Set(wanted.flatMap(marksOf))];
    const keys = wanted.map(keyOf);
    const fenceKeys = marks.map((mark) => fencePrefix + mark);
    const answers = await this.#store.get([...keys, ...fenceKeys], within);
    // While nothing at all can be had it cannot be told from a store that is empty.
    if (!this.isUsable || this.#store.run() !== run) return undefined;
    const standing = new Map(marks.map((mark, index) => [mark, answers[keys.length + index]]));
    return wanted.map((one, index) => {
      if (marksOf(one).some((mark) => this.#owed.has(mark))) return nothing;
      const fences: Fences = new Map([
        [ofRun, run],
        ...marksOf(one).map((mark) => [mark, standing.get(mark)] as const),
      ]);
      const text = answers[index];
      return {
        fences,
        kept:
          text === undefined
            ? undefined
            : readKept(
                text,
                { wanted: one, key: keys[index], now: this.#now(), ahead: this.#ahead() },
                fences,
              ),
      };
    });
  }

  /** In the background. `fences` are those that were found before it was read. */
  keep(entries: readonly { wanted: Wanted; kept: Kept; fences: Fences }[]): void {
    const [now, ahead] = [this.#now(), this.#ahead()];
    const writing: StoreEntry[] = [];
    const fresh = new Map<string, string>();
    for (const { wanted, kept, fences } of entries) {
      const ttl = Math.min(endOf(kept) - now, longest);
      if (ttl <= 0) continue;
      const standing = [ofRun, ...marksOf(wanted)].map((mark) => {
        const known = fences.get(mark) ?? fresh.get(mark) ?? newFence();
        if (fences.get(mark) === undefined) fresh.set(mark, known);
        return known;
      });
      const key = keyOf(wanted);
      const text = writeKept(key, kept, { standing, ahead });
      if (text.length <= longestValue) writing.push({ key, value: text, ttl });
    }
    for (const [mark, value] of fresh) {
      writing.unshift({ key: fencePrefix + mark, value, ttl: fenceTtl, ifAbsent: true });
    }
    if (writing.length > 0) void this.#store.set(writing);
  }

  /** From now on nothing counts that was read before; here also when it is not certain that the store has taken it. */
  async fence(marks: readonly string[]): Promise<boolean> {
    this.#owe(marks);
    // What was too much to be remembered one by one is made good by the next that is taken.
    const due = this.#owed.has(everything) ? [everything] : marks;
    const isTaken = await this.#store.set(
      due.map((mark) => ({ key: fencePrefix + mark, value: newFence(), ttl: fenceTtl })),
    );
    if (!isTaken) this.#owe(marks);
    else if (due.includes(everything)) this.#owed.clear();
    else for (const mark of due) this.#owed.delete(mark);
    return isTaken;
  }

  #owe(marks: readonly string[]): void {
    for (const mark of marks) this.#owed.add(mark);
    if (this.#owed.size > mostOwed) this.#owed = new Set([everything]);
  }
}

export function newFence(): string {
  return randomBytes(9).toString('base64url');
}

function marksOf({ shelf, marks }: Wanted): string[] {
  return [everything, ...shelf.marks, ...marks];
}

/** Of all that the value depends on; the viewer's part in it cannot be read off. */
function keyOf({ shelf, key }: Wanted): string {
  const hash = createHash('sha256').update(shelf.hash).update('\0').update(key);
  return keyPrefix + hash.digest('base64url');
}

/** `[2,key,readAt,freshUntil,staleUntil,errorUntil,why,[fences],[marks]]`, a line feed, and the value's JSON. */
function writeKept(
  key: string,
  { readAt, freshUntil, staleUntil, errorUntil, why, marks, value }: Kept,
  { standing, ahead }: { standing: readonly string[]; ahead: number },
) {
  const times = [readAt + ahead, freshUntil - readAt, staleUntil - readAt, errorUntil - readAt];
  const head = [version, key, ...times, why, standing, marks];
  return `${JSON.stringify(head)}\n${JSON.stringify(value)}`;
}

/** undefined for what somebody else wrote, and what was read before something changed. */
function readKept(
  text: string,
  { wanted, key, now, ahead }: { wanted: Wanted; key: string | undefined; now: number; ahead: number },
  fences: Fences,
): Kept | undefined {
  const { shelf } = wanted;
  try {
    const end = text.indexOf('\n');
    const head: unknown = JSON.parse(text.slice(0, end));
    // What stands under another's key is not for whoever looks there.
    if (!Array.isArray(head) || head[0] !== version || head[1] !== key) return undefined;
    const [, , readAt, fresh, stale, error, why, standing, marks] = head as unknown[];
    const times = [readAt, fresh, stale, error];
    if (!times.every((time) => Number.isFinite(time)) || typeof why !== 'string') return undefined;
    if (!isTexts(standing) || !isTexts(marks)) return undefined;
    const needed = [ofRun, ...marksOf(wanted)];
    const isStanding = needed.every((mark, index) => fences.get(mark) === standing[index]);
    if (!isStanding) return undefined;
    const value: unknown = JSON.parse(text.slice(end + 1));
    const isEntity = !shelf.of.includes('.');
    if (isEntity && value !== null && !isRecord(value)) return undefined;
    const [told = 0, ...rest] = times as number[];
    if (told - ahead > now + mostAhead || !isWithin(shelf.rule, rest)) return undefined;
    // Nobody has read it later than now, and what we read next is newer.
    const at = Math.min(told - ahead, now);
    const [freshUntil = 0, staleUntil = 0, errorUntil = 0] = rest.map((time) => at + time);
    return {
      ...{ value, shelf, why, marks, readAt: at, freshUntil, staleUntil, errorUntil },
      bytes: bytesOf(text.length - end, marks.length),
    };
  } catch {
    return undefined;
  }
}

/** Nobody has kept it longer than the rule allows. */
function isWithin(rule: Shelf['rule'], [fresh = 0, stale = 0, error = 0]: readonly number[]): boolean {
  const { maxAge, staleWhileRevalidate, staleIfError, absent } = rule;
  const longestFresh = Math.max(maxAge, absent);
  if (fresh > longestFresh || stale > longestFresh + staleWhileRevalidate) return false;
  return error <= longestFresh + staleIfError;
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
