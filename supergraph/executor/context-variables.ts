// Owns values that a field takes from the objects around its own (`@fromContext`), as variables of a fetch.
import type { ContextVariable } from '../planner/plan.ts';
import { Failure, isObject, type JsonObject } from './failure.ts';
import { typeCondition } from './rewrite-answer.ts';
import type { TypeNames } from './type-names.ts';

/** An entity, and the objects of the data around it, the nearest last. */
interface Target {
  entity: JsonObject;
  around: readonly JsonObject[];
}

/** `,"name":value` for each variable, or the failure of a value that could not be had. */
export function contextVariables(
  target: Target,
  contexts: readonly ContextVariable[],
  types: TypeNames,
): string | Failure {
  const values = new Map<string, unknown>();
  for (const { variable, path } of contexts) {
    // A variable can have several paths, one for each type that may lie around.
    if ((values.get(variable) ?? null) === null) values.set(variable, read(target, path, types));
  }
  let text = '';
  for (const [variable, value] of values) {
    if (value instanceof Failure) return value;
    text += `,"${variable}":${JSON.stringify(value ?? null)}`;
  }
  return text;
}

function read({ entity, around }: Target, path: readonly string[], types: TypeNames): unknown {
  const up = path.lastIndexOf('..') + 1;
  let value: unknown = up === 0 ? entity : around[around.length - up];
  for (const step of path.slice(up)) {
    if (!isObject(value)) return value;
    const condition = typeCondition(step);
    if (condition === undefined) {
      value = value[step];
      continue;
    }
    const name = value['__typename'];
    if (typeof name === 'string' && !types.matches(name, condition)) return undefined;
  }
  return value;
}
