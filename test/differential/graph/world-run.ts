// Owns one run of an operation in a world: its own copy of the data, the failures it meets, and which of them it met.
import { type FailurePlan, noFailures } from './inject-failures.ts';
import type { Data, Row, World } from './world.ts';

export class WorldRun {
  readonly data: Data;
  /** Failures as they happened: `Type.field#row` and the field's name. */
  readonly met = new Map<string, string>();
  /** Response paths of fields that are worked out of what other subgraphs sent; the monolith notes them. */
  readonly computed = new Set<string>();
  /** How many entities were not found. */
  lost = 0;
  readonly #failures: FailurePlan;
  readonly #numbers = new Map<object, number>();

  constructor(world: World, failures: FailurePlan = noFailures) {
    this.data = world.createData();
    this.#failures = failures;
    if (failures !== noFailures) this.#count(this.data);
  }

  /** Throws when the field fails, answers true when it shall be null. */
  fails(type: string, field: string, row: Row): boolean {
    if (this.#failures === noFailures) return false;
    const coordinate = `${type}.${field}`;
    const number = this.#numbers.get(row) ?? -1;
    const failure = this.#failures.field(coordinate, number);
    if (failure === undefined) return false;
    this.met.set(`${coordinate}#${number}`, field);
    if (failure === 'throws') throw new Error(`${coordinate} fails on purpose`);
    return true;
  }

  loses(subgraph: string, type: string, row: Row): boolean {
    const number = this.#numbers.get(row) ?? -1;
    const isLost = this.#failures.lost(subgraph, type, number);
    if (isLost) this.lost += 1;
    return isLost;
  }

  #count(value: unknown): void {
    if (typeof value !== 'object' || value === null || this.#numbers.has(value)) return;
    this.#numbers.set(value, this.#numbers.size);
    for (const inner of Object.values(value)) this.#count(inner);
  }
}
