// Owns how dear the operations of a BFF are, as a metric in Prometheus' text format.

/** The last bound of a bucket is what is above all of them. */
const bounds = [1, 10, 30, 100, 300, 1_000, 3_000, 10_000, 100_000];

export class CostHistogram {
  readonly #bff: string;
  readonly #buckets = new Float64Array(bounds.length + 1);
  #total = 0;

  constructor(bff: string) {
    this.#bff = bff.replaceAll(/["\\]/g, '\\$&');
  }

  count(cost: number): void {
    let bucket = 0;
    while (bucket < bounds.length && cost > (bounds[bucket] ?? 0)) bucket += 1;
    this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + 1;
    this.#total += cost;
  }

  text(): string {
    const name = 'tributary_operation_cost';
    const bff = `bff="${this.#bff}"`;
    let count = 0;
    const lines = [...this.#buckets].map((operations, at) => {
      count += operations;
      return `${name}_bucket{${bff},le="${bounds[at] ?? '+Inf'}"} ${count}`;
    });
    return [
      `# HELP ${name} Operations that were run, by what they might cost before they ran.`,
      `# TYPE ${name} histogram`,
      ...lines,
      `${name}_sum{${bff}} ${this.#total}`,
      `${name}_count{${bff}} ${count}`,
      '',
    ].join('\n');
  }
}
