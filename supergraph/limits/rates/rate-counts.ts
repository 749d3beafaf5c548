// Owns telling those who run a router which rates refuse requests: metrics by rate, and the log once in a while.

export interface RateLog {
  warn: (message: string) => void;
}

/** Milliseconds between two lines about the same rate. */
const betweenLines = 60_000;

interface Count {
  refused: number;
  /** Of these the log has told. */
  told: number;
  toldAt: number;
}

export class RateCounts {
  readonly #counts: ReadonlyMap<string, Count>;
  readonly #bff: string;
  readonly #log: RateLog;
  readonly #now: () => number;

  constructor(bff: string, rates: readonly string[], { log, now }: { log: RateLog; now: () => number }) {
    this.#bff = bff;
    this.#log = log;
    this.#now = now;
    this.#counts = new Map(
      rates.map((name) => [name, { refused: 0, told: 0, toldAt: Number.NEGATIVE_INFINITY }]),
    );
  }

  /** By the rate of this name, because there was no room or because that could not be found out. */
  refused(name: string): void {
    const count = this.#counts.get(name);
    if (count === undefined) return;
    count.refused += 1;
    const now = this.#now();
    if (now - count.toldAt < betweenLines) return;
    const more = count.refused - count.told;
    this.#log.warn(
      `${this.#bff}: the rate "${name}" has refused ${more === 1 ? 'a request' : `${more} requests`}`,
    );
    count.told = count.refused;
    count.toldAt = now;
  }

  /** In Prometheus' text format. */
  text(): string {
    return [
      '# HELP tributary_rate_limited_total Requests that were refused, by the rate that had no room for them.',
      '# TYPE tributary_rate_limited_total counter',
      ...[...this.#counts].map(
        ([name, { refused }]) => `tributary_rate_limited_total{bff="${this.#bff}",rate="${name}"} ${refused}`,
      ),
      '',
    ].join('\n');
  }
}
