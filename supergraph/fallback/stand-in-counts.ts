// Owns telling those who run a router what stood in for what, and why: the log by request, metrics by coordinate.
import type { StoodIn } from '../executor/projection/stand-ins.ts';

export interface StandInLog {
  warn: (message: string) => void;
}

/** Of one answer. */
const mostLogged = 20;

export class StandInCounts {
  readonly #counts = new Map<string, number>();
  readonly #bff: string;
  readonly #log: StandInLog;

  constructor(bff: string, log: StandInLog) {
    this.#bff = bff;
    this.#log = log;
  }

  /** Of the request with this id. */
  tell(degraded: readonly StoodIn[], requestId: string): void {
    const lines = new Map<string, { times: number; message: string }>();
    for (const { coordinate, strategy, reason, error } of degraded) {
      if (error === undefined) continue;
      const labels = `coordinate="${coordinate}",strategy="${strategy}",reason="${reason}"`;
      this.#counts.set(labels, (this.#counts.get(labels) ?? 0) + 1);
      const line = `${strategy} stands in for ${coordinate} (${reason})`;
      lines.set(line, { times: (lines.get(line)?.times ?? 0) + 1, message: error.message });
    }
    for (const [line, { times, message }] of [...lines].slice(0, mostLogged)) {
      this.#log.warn(`${requestId}: ${line}${times > 1 ? `, ${times} times` : ''}: ${message}`);
    }
  }

  text(): string {
    const bff = `bff="${this.#bff}"`;
    return [
      '# HELP tributary_stand_ins_total Values in answers that stood in for what could not be had.',
      '# TYPE tributary_stand_ins_total counter',
      ...[...this.#counts].map(([labels, count]) => `tributary_stand_ins_total{${bff},${labels}} ${count}`),
      '',
    ].join('\n');
  }
}
