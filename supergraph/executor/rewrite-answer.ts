// Owns the changes that a plan wants made to an answer before it is merged: names that could not be asked for as they are.
import type { Rewrite } from '../planner/plan.ts';
import { isObject, type JsonObject } from './failure.ts';
import type { TypeNames } from './type-names.ts';

export function rewriteAnswer(
  answer: unknown,
  rewrites: readonly Rewrite[] | undefined,
  types: TypeNames,
): void {
  for (const rewrite of rewrites ?? []) rewriteAt(answer, rewrite.path, rewrite, types);
}

function rewriteAt(value: unknown, [step, ...rest]: string[], rewrite: Rewrite, types: TypeNames): void {
  if (Array.isArray(value)) {
    for (const item of value) rewriteAt(item, [step ?? '', ...rest], rewrite, types);
    return;
  }
  if (step === undefined || !isObject(value)) return;
  const condition = typeCondition(step);
  if (condition !== undefined) {
    const name = value['__typename'];
    // Without a type name the object has the one type that its place allows.
    if (typeof name !== 'string' || types.matches(name, condition)) rewriteAt(value, rest, rewrite, types);
  } else if (rest.length > 0) {
    rewriteAt(value[step], rest, rewrite, types);
  } else {
    change(value, step, rewrite);
  }
}

function change(object: JsonObject, key: string, rewrite: Rewrite): void {
  if (rewrite.kind === 'set') {
    object[key] = rewrite.value;
  } else if (Object.hasOwn(object, key)) {
    object[rewrite.to] = object[key];
    delete object[key];
  }
}

/** `Book` of `... on Book`; undefined for a key. */
export function typeCondition(step: string): string | undefined {
  return step.startsWith('... on ') ? step.slice('... on '.length) : undefined;
}
