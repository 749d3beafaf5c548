// Owns when something that keeps failing is left alone, and how it is found out that it answers again: by one question.
import { CircuitState, CountBreaker } from 'cockatiel';

export interface BreakerTerms {
  /** From which share of failures on it is left alone, above 0 and at most 1. */
  opensAt: number;
  /** Of how many of the last questions; fewer say nothing yet. */
  of: number;
  /** For so many milliseconds. */
  for: number;
}

export type BreakerState = 'closed' | 'open' | 'probing';

/** 'unknown': whoever asked left too early to tell. */
export type Verdict = 'good' | 'bad' | 'unknown';

export interface BreakerOptions {
  /** Hears of each opening and closing; a probe that fails opens nothing anew. */
  changed?: (state: 'closed' | 'open') => void;
  /** Milliseconds. */
  now?: () => number;
}

/** It opens above a share; declared is from which on. */
const hair = 1e-9;

export class Breaker {
  readonly #terms: BreakerTerms;
  readonly #changed: (state: 'closed' | 'open') => void;
  readonly #now: () => number;
  #last: CountBreaker;
  #state: BreakerState = 'closed';
  /** What was asked before it opened says nothing of what came after. */
  #round = 0;
  #openUntil = 0;

  constructor(
    terms: BreakerTerms,
    { changed = () => {}, now = () => performance.now() }: BreakerOptions = {},
  ) {
    this.#terms = terms;
    this.#changed = changed;
    this.#now = now;
    this.#last = this.#nothingYet();
  }

  get state(): BreakerState {
    return this.#state;
  }

  /** Whether a question would be refused now. */
  get refuses(): boolean {
    return this.#state === 'probing' || (this.#state === 'open' && this.#now() < this.#openUntil);
  }

  /** For whoever asks; `leave` wants it back. undefined: it must not be asked. */
  enter(): number | undefined {
    if (this.#state === 'closed') return this.#round;
    if (this.refuses) return undefined;
    this.#state = 'probing';
    this.#round += 1;
    return this.#round;
  }

  leave(round: number, verdict: Verdict): void {
    if (round !== this.#round) return;
    if (this.#state === 'probing') this.#endProbe(verdict);
    else if (verdict === 'good') this.#last.success(CircuitState.Closed);
    else if (verdict === 'bad' && this.#last.failure(CircuitState.Closed)) {
      this.#open(this.#terms.for);
      this.#changed('open');
    }
  }

  #endProbe(verdict: Verdict): void {
    if (verdict === 'good') {
      this.#last = this.#nothingYet();
      this.#state = 'closed';
      this.#changed('closed');
      return;
    }
    // Where nothing was found out the next one finds out.
    this.#open(verdict === 'bad' ? this.#terms.for : 0);
  }

  #open(time: number): void {
    this.#state = 'open';
    this.#round += 1;
    this.#openUntil = this.#now() + time;
  }

  #nothingYet(): CountBreaker {
    return new CountBreaker({ threshold: this.#terms.opensAt - hair, size: this.#terms.of });
  }
}
