// Owns which fields of one subgraph are left out for a while, because they keep failing: a breaker for each that has failed lately.
import { Breaker, type BreakerTerms, type Verdict } from '../breaker.ts';

export interface FieldBreakersOptions {
  /** undefined for a field that is asked for whatever happens. */
  termsOf: (coordinate: string) => BreakerTerms | undefined;
  /** Hears when a field is not asked for any more, and when it is again. */
  changed: (coordinate: string, state: 'closed' | 'open') => void;
}

/** Who asks for fields that have failed lately. */
export interface Admission {
  /** Coordinates that must not be asked for. */
  without: string[];
  /** Coordinates whose outcome is waited for, with what `leave` wants back. */
  rounds: Map<string, number>;
}

interface Watched {
  breaker: Breaker;
  terms: BreakerTerms;
  /** How many times in a row it was had, since it last failed. */
  goods: number;
}

export class FieldBreakers {
  readonly #options: FieldBreakersOptions;
  readonly #watched = new Map<string, Watched>();

  constructor(options: FieldBreakersOptions) {
    this.#options = options;
  }

  /** Whether no field has failed lately. */
  get isEmpty(): boolean {
    return this.#watched.size === 0;
  }

  /** Coordinates. */
  open(): string[] {
    return [...this.#watched].flatMap(([name, { breaker }]) => (breaker.state === 'closed' ? [] : [name]));
  }

  /** For a request that would ask for these coordinates; every one of its rounds must be left. undefined where nothing has failed. */
  admit(coordinates: ReadonlySet<string>): Admission | undefined {
    let admission: Admission | undefined;
    for (const [coordinate, { breaker }] of this.#watched) {
      if (!coordinates.has(coordinate)) continue;
      admission ??= { without: [], rounds: new Map() };
      const round = breaker.enter();
      if (round === undefined) admission.without.push(coordinate);
      else admission.rounds.set(coordinate, round);
    }
    return admission;
  }

  leave(coordinate: string, round: number, verdict: Verdict): void {
    const watched = this.#watched.get(coordinate);
    if (watched === undefined) return;
    watched.breaker.leave(round, verdict);
    if (verdict === 'bad') watched.goods = 0;
    if (verdict === 'good' && watched.breaker.state === 'closed') {
      watched.goods += 1;
      // All that it still knew of is good.
      if (watched.goods >= watched.terms.of) this.#watched.delete(coordinate);
    }
  }

  /** Of how many places that a question has it must have failed in, for that question to count; undefined where nothing counts. */
  shareOf(coordinate: string): number | undefined {
    return (this.#watched.get(coordinate)?.terms ?? this.#options.termsOf(coordinate))?.opensAt;
  }

  /** Of a request that was sent when the field was not known to fail. */
  fail(coordinate: string): void {
    const terms = this.#options.termsOf(coordinate);
    if (terms === undefined) return;
    let watched = this.#watched.get(coordinate);
    if (watched === undefined) {
      const changed = (state: 'closed' | 'open') => this.#options.changed(coordinate, state);
      watched = { breaker: new Breaker(terms, { changed }), terms, goods: 0 };
      this.#watched.set(coordinate, watched);
    }
    // What was asked before it was left out says nothing of how it does now.
    const round = watched.breaker.state === 'closed' ? watched.breaker.enter() : undefined;
    if (round !== undefined) this.leave(coordinate, round, 'bad');
  }
}
