// Owns finding the objects of the data that a fetch is about.
import { isObject, type JsonObject } from './failure.ts';
import { typeCondition } from './rewrite-answer.ts';
import type { TypeNames } from './type-names.ts';

/** An object of the data, or a list: what holds a value under a key. */
export type Holder = Record<string | number, unknown>;

/** Is told of each object that was found. `around` are the objects around it, the nearest last, if they were asked for. */
export type Visit = (
  entity: JsonObject,
  holder: Holder,
  key: string | number,
  around: readonly JsonObject[],
) => void;

/** Visits all objects at a path below an object; null, missing and failed ones are stepped over. */
export type FindTargets = (from: JsonObject, visit: Visit) => void;

type Step = { kind: 'key'; key: string } | { kind: 'type'; condition: string };

export function compileFindTargets(
  path: readonly string[],
  types: TypeNames,
  { around: wantsAround = false } = {},
): FindTargets {
  // Lists are stepped into wherever they are; the steps that say so may have been left out.
  const steps: Step[] = path
    .filter((step) => step !== '@')
    .map((step) => {
      const condition = typeCondition(step);
      return condition === undefined ? { kind: 'key', key: step } : { kind: 'type', condition };
    });

  const finder = new Finder(steps, types, wantsAround);
  return (from, visit) => finder.find(from, 0, nowhere, '', [], visit);
}

const nowhere: Holder = Object.freeze({});

class Finder {
  private readonly steps: readonly Step[];
  private readonly types: TypeNames;
  private readonly wantsAround: boolean;

  constructor(steps: readonly Step[], types: TypeNames, wantsAround: boolean) {
    this.steps = steps;
    this.types = types;
    this.wantsAround = wantsAround;
  }

  find(
    value: unknown,
    at: number,
    holder: Holder,
    key: string | number,
    around: readonly JsonObject[],
    visit: Visit,
  ): void {
    if (Array.isArray(value)) {
      const list: Holder & unknown[] = value as never;
      for (let index = 0; index < value.length; index++) {
        this.find(list[index], at, list, index, around, visit);
      }
      return;
    }
    if (!isObject(value)) return;
    const step = this.steps[at];
    if (step === undefined) {
      visit(value, holder, key, around);
    } else if (step.kind === 'key') {
      const inner = this.wantsAround ? [...around, value] : around;
      this.find(value[step.key], at + 1, value, step.key, inner, visit);
    } else {
      const name = value['__typename'];
      const fits = typeof name !== 'string' || this.types.matches(name, step.condition);
      if (fits) this.find(value, at + 1, holder, key, around, visit);
    }
  }
}
