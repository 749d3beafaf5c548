// Owns what is counted of a cache, as metrics in Prometheus' text format.
import type { LevelOne } from './level-one.ts';

/** Where it was looked for: here, with the other replicas, among what was being asked for, or among whole answers. */
export type Level = 'process' | 'redis' | 'flight' | 'responses';

export class CacheCounts {
  readonly #counts = new Map<string, number>();
  readonly #bff: string;

  constructor(bff: string) {
    this.#bff = bff;
  }

  count(type: string, level: Level, result: 'hit' | 'stale' | 'miss', times = 1): void {
    const key = `type="${type}",level="${level}",result="${result}"`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + times);
  }

  text({ size, bytes }: Pick<LevelOne, 'size' | 'bytes'>): string {
    const bff = `bff="${this.#bff}"`;
    return [
      '# HELP tributary_cache_lookups_total Entities, root fields and whole answers that were looked for, by how it went.',
      '# TYPE tributary_cache_lookups_total counter',
      ...[...this.#counts].map(([key, count]) => `tributary_cache_lookups_total{${bff},${key}} ${count}`),
      '# HELP tributary_cache_entries What is kept in this process.',
      '# TYPE tributary_cache_entries gauge',
      `tributary_cache_entries{${bff}} ${size}`,
      '# HELP tributary_cache_bytes About how many bytes that takes.',
      '# TYPE tributary_cache_bytes gauge',
      `tributary_cache_bytes{${bff}} ${bytes}`,
      '',
    ].join('\n');
  }
}
