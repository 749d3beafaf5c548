// Owns plans in the store that replicas share: what one of them has planned the others need not plan.
import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import type { Store, StoreEntry } from '../store/store.ts';
import { decodePlan, encodePlan, sha256 } from './encode-plan.ts';
import type { QueryPlan } from './plan.ts';

export interface PlanStore {
  /** Undefined when there is no plan, none that can be trusted, or no answer within the store's own time. Never rejects. */
  read: (operation: string) => Promise<QueryPlan | undefined>;
  /** Those of these operations for which there are plans, after `patience` at most of waiting for the store. Never rejects. */
  readAll: (operations: readonly string[]) => Promise<ReadonlyMap<string, QueryPlan>>;
  /** In the background; what the store does not take is not there for others, and that is all. */
  write: (operation: string, plan: QueryPlan) => void;
  /** Resolves when everything is written that the store takes. The store stays open. */
  close: () => Promise<void>;
}

export interface PlanStoreOptions {
  store: Store;
  /** Plans of another version are another graph's, and are never read. */
  version: string;
  /** Characters that this process writes in a day: clients who think of ever new operations must not fill the store. */
  characters?: number;
  /** Milliseconds for which a start waits for the store, all its questions together. */
  patience?: number;
  /** Milliseconds since 1970: other processes read what is written by it. */
  now?: () => number;
}

const day = 86_400_000;
const timeToLive = 7 * day;
/** Characters of an entry. */
const largestEntry = 1_000_000;
/** Characters of what an entry stands for, before it was made small. */
const largestPlan = 16_000_000;
/** Characters from which on making a plan small is worth the work. */
const smallestDeflated = 1_000;
const longestBacklog = 1_000;
const writtenAtOnce = 20;
const readAtOnce = 50;

/** How it is written and when, in milliseconds since 1970; what follows is the plan. */
const entryStart = /^(text|deflated) (\d{1,15})\n/;

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

export function createPlanStore(options: PlanStoreOptions): PlanStore {
  const { store, version, characters = 50_000_000, patience = 2_000, now = Date.now } = options;
  const backlog = new Map<string, QueryPlan>();
  let writing: Promise<void> | undefined;
  let isClosing = false;
  let allowance = { left: characters, endsAt: now() + day };

  const keyOf = (operation: string): string => `plan:${sha256(JSON.stringify([version, operation]))}`;

  async function entryOf([operation, plan]: [string, QueryPlan]): Promise<StoreEntry[]> {
    const body = await pack(encodePlan({ version, operation }, plan), now());
    if (now() >= allowance.endsAt) allowance = { left: characters, endsAt: now() + day };
    if (body === undefined || body.length > allowance.left) return [];
    allowance.left -= body.length;
    return [{ key: keyOf(operation), value: body, ttl: timeToLive }];
  }

  async function writeBacklog(): Promise<void> {
    while (backlog.size > 0) {
      const some = [...backlog].slice(0, writtenAtOnce);
      for (const [operation] of some) backlog.delete(operation);
      const isTaken = await store.set((await Promise.all(some.map(entryOf))).flat());
      // Who ends must not wait for a store that is not there.
      if (!isTaken && isClosing) backlog.clear();
    }
  }

  function write(operation: string, plan: QueryPlan): void {
    if (isClosing || backlog.size >= longestBacklog) return;
    backlog.set(operation, plan);
    // Plans that are made one after the other in this turn are written together.
    writing ??= Promise.resolve()
      .then(writeBacklog)
      .catch(() => backlog.clear())
      .finally(() => {
        writing = undefined;
      });
  }

  async function planIn(value: string | undefined, operation: string): Promise<QueryPlan | undefined> {
    const unpacked = value === undefined ? undefined : await unpack(value);
    const plan = unpacked && decodePlan(unpacked.encoded, { version, operation });
    // What is used stays, although nobody plans it any more.
    if (plan && now() - unpacked.writtenAt > timeToLive / 2) write(operation, plan);
    return plan;
  }

  return {
    async read(operation) {
      const [value] = await store.get([keyOf(operation)]);
      return planIn(value, operation);
    },
    async readAll(operations) {
      const found = new Map<string, QueryPlan>();
      let within = patience;
      for (let first = 0; first < operations.length; first += readAtOnce) {
        if (within <= 0) break;
        const some = operations.slice(first, first + readAtOnce);
        const asked = performance.now();
        const values = await store.get(some.map(keyOf), within);
        within -= performance.now() - asked;
        for (const [index, operation] of some.entries()) {
          const plan = await planIn(values[index], operation);
          if (plan) found.set(operation, plan);
        }
      }
      return found;
    },
    write,
    async close() {
      isClosing = true;
      await writing;
    },
  };
}

/**
 * Plans say the same names many times: the larger ones become a third or less, and they lie in the store's memory and are read
 * by each start. As base64, because the store keeps texts. Undefined for what is too large.
 */
async function pack(encoded: string, writtenAt: number): Promise<string | undefined> {
  if (encoded.length > largestPlan) return undefined;
  const isSmall = encoded.length < smallestDeflated;
  // On a thread of its own: a large plan would stop everybody else.
  const body = isSmall ? encoded : (await deflate(encoded)).toString('base64');
  const value = `${isSmall ? 'text' : 'deflated'} ${writtenAt}\n${body}`;
  return value.length > largestEntry ? undefined : value;
}

/** Undefined for what `pack` does not make. */
async function unpack(value: string): Promise<{ encoded: string; writtenAt: number } | undefined> {
  const [start, form, writtenAt] = entryStart.exec(value) ?? [];
  if (start === undefined || value.length > largestEntry) return undefined;
  const body = value.slice(start.length);
  try {
    // Few bytes may stand for very many.
    const encoded =
      form === 'text'
        ? body
        : (await inflate(Buffer.from(body, 'base64'), { maxOutputLength: largestPlan })).toString();
    return { encoded, writtenAt: Number(writtenAt) };
  } catch {
    return undefined;
  }
}
