// Owns finding the objects of the data that a fetch is about.
import { isObject, type JsonObject } from './failure.ts';
import { typeCondition } from './rewrite-answer.ts';
import type { TypeNames } from './type-names.ts';

export interface Target {
  entity: JsonObject;
  /** The objects around it, the nearest last; empty unless they were asked for. */
  around: readonly JsonObject[];
}

type Step = { kind: 'key'; key: string } | { kind: 'items' } | { kind: 'type'; condition: string };

/** All objects at the path; null, missing and failed ones are stepped over. */
export function compileFindTargets(
  path: readonly string[],
  types: TypeNames,
  { around: wantsAround = false } = {},
): (root: JsonObject) => Target[] {
  const steps: Step[] = path.map((step) => {
    if (step === '@') return { kind: 'items' };
    const condition = typeCondition(step);
    return condition === undefined ? { kind: 'key', key: step } : { kind: 'type', condition };
  });

  function find(value: unknown, at: number, around: readonly JsonObject[], found: Target[]): void {
    if (Array.isArray(value)) {
      // Lists are stepped into wherever they are; the step that says so may have been left out.
      const next = steps[at]?.kind === 'items' ? at + 1 : at;
      for (const item of value) find(item, next, around, found);
      return;
    }
    if (!isObject(value)) return;
    const step = steps[at];
    if (step === undefined) {
      found.push({ entity: value, around });
    } else if (step.kind === 'key') {
      find(value[step.key], at + 1, wantsAround ? [...around, value] : around, found);
    } else if (step.kind === 'type') {
      const name = value['__typename'];
      if (typeof name !== 'string' || types.matches(name, step.condition)) find(value, at + 1, around, found);
    }
  }

  return (root) => {
    const found: Target[] = [];
    find(root, 0, [], found);
    return found;
  };
}
