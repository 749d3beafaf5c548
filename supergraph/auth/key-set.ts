// Owns the keys of one issuer as they were when they could last be had, and when they are fetched again.
import type { TokenAlgorithm } from '../declaration/identity-declaration.ts';
import type { Clock } from '../foundation/clock.ts';
import type { VerificationKey } from './verification-key.ts';

export interface KeySetOptions {
  /** Gets the keys of the last time; rejects when there are none to be had. */
  fetch: (before: readonly VerificationKey[]) => Promise<VerificationKey[]>;
  clock: Clock;
  /** Hears why keys could not be fetched, how many are kept from the last time, and how many fetches failed in a row. */
  failed: (error: unknown, kept: number, failures: number) => void;
}

const refreshAfter = 10 * 60_000;
const firstPause = 1_000;
const longestPause = 5 * 60_000;
/** Between fetches that unknown key ids bring about: anybody can make these up. */
const unknownPause = 30_000;

/**
 * Fetches in the background from its start on, never twice at once. What a provider gave last goes on being used while it
 * gives nothing better.
 */
export class KeySet {
  private keys: readonly VerificationKey[] = [];
  private fetching: Promise<void> | undefined;
  private first: Promise<void> | undefined;
  private failures = 0;
  private endedAt = Number.NEGATIVE_INFINITY;
  private unknownAt = Number.NEGATIVE_INFINITY;
  private cancelNext: (() => void) | undefined;
  private stopped = false;
  private readonly options: KeySetOptions;

  constructor(options: KeySetOptions) {
    this.options = options;
    void this.refresh();
  }

  /** Keys that may have signed such a token; undefined when nobody can tell now, because the issuer's keys cannot be had. */
  async find(algorithm: TokenAlgorithm, id: string | undefined): Promise<VerificationKey[] | undefined> {
    if (this.keys.length === 0) await this.fetchFirst();
    if (this.keys.length === 0) return undefined;
    const found = this.matching(algorithm, id);
    if (found.length > 0) return found;
    const now = this.options.clock.now();
    if (now - this.unknownAt >= unknownPause) {
      this.unknownAt = now;
      await this.refresh();
    } else {
      await this.fetching;
    }
    const fresh = this.matching(algorithm, id);
    return fresh.length > 0 || this.failures === 0 ? fresh : undefined;
  }

  /** Whether it is still one of the issuer's keys. */
  has(key: VerificationKey): boolean {
    return this.keys.includes(key);
  }

  stop(): void {
    this.stopped = true;
    this.cancelNext?.();
  }

  private matching(algorithm: TokenAlgorithm, id: string | undefined): VerificationKey[] {
    return this.keys.filter(
      (key) => key.algorithms.includes(algorithm) && (id === undefined || key.id === id),
    );
  }

  /** For all who cannot do without: the next fetch, at once unless the last has only just failed. */
  private fetchFirst(): Promise<void> {
    const { clock } = this.options;
    const pause = this.endedAt + firstPause - clock.now();
    if (this.fetching || pause <= 0) return this.refresh();
    this.first ??= new Promise<void>((resolve) => clock.after(pause, resolve))
      .then(() => this.refresh())
      .finally(() => {
        this.first = undefined;
      });
    return this.first;
  }

  /** Never rejects. */
  private refresh(): Promise<void> {
    this.fetching ??= this.fetchNow().finally(() => {
      this.fetching = undefined;
    });
    return this.fetching;
  }

  private async fetchNow(): Promise<void> {
    const { fetch, clock, failed } = this.options;
    this.cancelNext?.();
    try {
      this.keys = await fetch(this.keys);
      this.failures = 0;
    } catch (error) {
      this.failures += 1;
      if (!this.stopped) failed(error, this.keys.length, this.failures);
    }
    this.endedAt = clock.now();
    if (this.stopped) return;
    const pause = this.failures === 0 ? refreshAfter : firstPause * 2 ** (this.failures - 1);
    this.cancelNext = clock.after(Math.min(pause, this.failures === 0 ? refreshAfter : longestPause), () => {
      void this.refresh();
    });
  }
}
