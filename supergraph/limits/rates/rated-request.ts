// Owns one request under its BFF's rates: what it has been counted for, once each, and what its client is told.
import type { GraphQLError } from 'graphql';
import type { Client } from '../../foundation/client-version.ts';
import { clientError } from '../../foundation/errors.ts';
import { anonymous, type Viewer } from '../../foundation/viewer.ts';
import type { Counters, CountersHere, Take, Taken } from '../../store/counters.ts';
import { type Charge, isFree } from './charge.ts';
import type { RateCounts } from './rate-counts.ts';
import type { RateState } from './rate-headers.ts';
import { isFor, type KeyOf } from './rate-key.ts';
import type { RateTerms } from './rate-terms.ts';

/** undefined where there is room; a promise only where others are asked. */
export type Verdict = GraphQLError | undefined | Promise<GraphQLError | undefined>;

export interface RatedBy {
  terms: readonly RateTerms[];
  /** Those of `terms` that count each request: before it is known who asks, and then. */
  ofStrangers: readonly Due[];
  ofRequests: readonly Due[];
  keyOf: KeyOf;
  /** Those of all replicas. */
  shared: Counters | undefined;
  /** Those of this process: where it is alone, and while the others cannot be reached. */
  own: CountersHere;
  counts: RateCounts;
}

/** What a request counts of a rate. */
export interface Due {
  rate: RateTerms;
  points: number;
}

export class RatedRequest {
  readonly #by: RatedBy;
  readonly #client: Client;
  readonly #address: () => string;
  readonly #counted = new Set<RateTerms>();
  #viewer = anonymous;
  /** Under the rates that it falls under, as far as they were asked. */
  readonly states: RateState[] = [];

  constructor(by: RatedBy, client: Client, address: () => string) {
    this.#by = by;
    this.#client = client;
    this.#address = address;
  }

  /** Before it is known who asks: what is counted by address alone, so that guessing tokens is counted too. */
  knock(): Verdict {
    return this.#count(this.#by.ofStrangers);
  }

  /** When it is known who asks, whatever it asks for. */
  enter(viewer: Viewer): Verdict {
    this.#viewer = viewer;
    return this.#count(this.#by.ofRequests);
  }

  /** When it is known what is asked for, before anything of it is run; after `enter`. May be called on several roads. */
  charge(charge: Charge): Verdict {
    if (isFree(charge)) return undefined;
    return this.#count(this.#by.terms.map((rate, index) => ({ rate, points: charge[index] ?? 0 })));
  }

  #count(all: readonly Due[]): Verdict {
    if (all.length === 0) return undefined;
    const asker = { viewer: this.#viewer, client: this.#client };
    const due = all.filter(
      ({ rate, points }) => points > 0 && !this.#counted.has(rate) && isFor(rate, asker),
    );
    if (due.length === 0) return undefined;
    for (const { rate } of due) this.#counted.add(rate);
    const never = due.find(({ rate, points }) => points > rate.most);
    if (never) return this.#neverFits(never);
    const whole = { ...asker, address: this.#address() };
    const takes = due.map(({ rate, points }): Take => {
      const { name: group, most: limit, window, kind } = rate;
      return { group, key: this.#by.keyOf(rate, whole), points, limit, window, kind };
    });
    const { shared, own } = this.#by;
    const taking = (shared ?? own).take(takes);
    return taking instanceof Promise
      ? taking.then((taken) => (taken ? this.#judge(due, taken) : this.#alone(due, takes)))
      : this.#judge(due, taking);
  }

  /** Nothing is counted for it, and waiting makes no room. */
  #neverFits({ rate, points }: Due): GraphQLError {
    this.#by.counts.refused(rate.name, 'room');
    const reason = `This takes ${points} points of "${rate.name}", which has ${rate.most} in ${rate.in}: ask for less at once.`;
    return clientError('RATE_LIMITED', { reason });
  }

  /** The others cannot be reached. */
  #alone(due: readonly Due[], takes: readonly Take[]): GraphQLError | undefined {
    const closed = due.find(({ rate }) => rate.away === 'closed');
    if (closed) {
      this.#by.counts.refused(closed.rate.name, 'unreachable');
      return clientError('RATE_LIMITS_UNAVAILABLE');
    }
    return this.#judge(due, this.#by.own.take(takes));
  }

  #judge(due: readonly Due[], taken: readonly Taken[]): GraphQLError | undefined {
    const states = due.map(({ rate }, index): RateState => {
      const { isAllowed = true, remaining = rate.most, wait = 0 } = taken[index] ?? {};
      return { rate, isAllowed, remaining, wait };
    });
    this.states.push(...states);
    const refused = states.filter(({ isAllowed }) => !isAllowed);
    if (refused.length === 0) return undefined;
    for (const { rate } of refused) this.#by.counts.refused(rate.name, 'room');
    return tooMany(refused);
  }
}

function tooMany(refused: readonly RateState[]): GraphQLError {
  const names = refused.map(({ rate }) => `"${rate.name}"`).join(', ');
  return clientError('RATE_LIMITED', { reason: `There is no room for this under ${names} now.` });
}
