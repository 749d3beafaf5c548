// Owns telling those who run a router which rates refuse requests: metrics by rate, and the log once in a while.

export interface RateLog {
  warn: (message: string) => void;
}

/** Milliseconds between two lines about the same rate. */
const betweenLines = 60_000;

/** Why a request is refused: there is no room, or nobody could be asked whether there is. */
type Because = 'room' | 'unreachable';

interface Count {
  refused: Record<Because, number>;
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
      rates.map((name) => [
        name,
        { refused: { room: 0, unreachable: 0 }, told: 0, toldAt: Number.NEGATIVE_INFINITY },
      ]),
    );
  }

  /** By the rate of this name. */
  refused(name: string, because: Because): void {
    const count = this.#counts.get(name);
    if (count === undefined) return;
    count.refused[because] += 1;
    const refused = count.refused.room + count.refused.unreachable;
    const now = this.#now();
    if (now - count.toldAt < betweenLines) return;
    const more = refused - count.told;
    const why = because === 'room' ? '' : ', because Redis cannot be reached';
    this.#log.warn(
      `${this.#bff}: the rate "${name}" has refused ${more === 1 ? 'a request' : `${more} requests`}${why}`,
    );
    count.told = refused;
    count.toldAt = now;
  }

  /** In Prometheus' text format. */
  text(): string {
    return [
      '# HELP tributary_rate_limited_total Requests that were refused, by rate: it had no room, or what counts could not be reached.',
      '# TYPE tributary_rate_limited_total counter',
      ...[...this.#counts].flatMap(([name, { refused }]) =>
        Object.entries(refused).map(
          ([because, count]) =>
            `tributary_rate_limited_total{bff="${this.#bff}",rate="${name}",because="${because}"} ${count}`,
        ),
      ),
      '',
    ].join('\n');
  }
}
