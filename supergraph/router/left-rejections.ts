// Owns what becomes of a promise that has failed and that nobody waits for: it is a fault of ours, told and counted, and no
// reason to leave all others without an answer.
interface Log {
  error: (details: object, message: string) => void;
}

export class LeftRejections {
  readonly #log: Log;
  #count = 0;

  constructor(log: Log) {
    this.#log = log;
  }

  note(reason: unknown): void {
    this.#count += 1;
    const err = reason instanceof Error ? reason : new Error(String(reason));
    this.#log.error(
      { err },
      'a promise has failed that nobody waits for: this is a fault, please tell of it',
    );
  }

  /** Prometheus' text format. */
  metrics(): string {
    return [
      '# HELP tributary_unhandled_rejections_total Promises that have failed and that nobody waited for.',
      '# TYPE tributary_unhandled_rejections_total counter',
      `tributary_unhandled_rejections_total ${this.#count}`,
      '',
    ].join('\n');
  }
}
