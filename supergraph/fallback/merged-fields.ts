// Owns what holds for fields within a remembered text where its objects may be of several types: the text need not say of which they are.
import type { Bound, FieldWithin } from './bounds-within.ts';

/** As it is on one type, or on all it may be of. */
export interface FieldOfType extends FieldWithin {
  inner: readonly FieldOfType[];
  /** Whether the coordinate is an interface's. */
  isOfInterface: boolean;
  /** Whether nothing is said of that: then what is said of the types themselves counts. */
  isSilent: boolean;
}

/** By response name: what is the same on all types that have it, and else what is safe on each. */
export function mergedFields(types: readonly (readonly FieldOfType[])[]): readonly FieldOfType[] {
  const [first, ...others] = new Set(types);
  if (first === undefined) return [];
  if (others.length === 0) return first;
  const byName = new Map<string, FieldOfType[]>();
  for (const field of types.flat()) {
    const known = byName.get(field.responseName) ?? [];
    known.push(field);
    byName.set(field.responseName, known);
  }
  return [...byName.values()].flatMap((all) => mergedField(all) ?? []);
}

export function leastOf(fields: readonly FieldWithin[], bound?: Bound): number {
  return fields.reduce((least, field) => Math.min(least, field.least), bound?.upTo ?? Infinity);
}

function mergedField(all: readonly FieldOfType[]): FieldOfType | undefined {
  const told = toldOf(all);
  if (told === undefined) return undefined;
  const spoken = all.filter(({ isSilent }) => !isSilent);
  const bound = mergedBound(spoken.map((field) => field.bound));
  const inner = mergedFields(all.map((field) => field.inner));
  return { ...told, bound, inner, least: leastOf(inner, bound), isSilent: spoken.length === 0 };
}

/** Whose coordinate is told: of several types it is that of their interface, and where that has no such field the first. */
function toldOf(all: readonly FieldOfType[]): FieldOfType | undefined {
  const ofObjects = all.filter(({ isOfInterface }) => !isOfInterface);
  const isOne = new Set(ofObjects.map(({ coordinate }) => coordinate)).size === 1;
  return (isOne ? undefined : all.find(({ isOfInterface }) => isOfInterface)) ?? ofObjects[0];
}

/** Where types differ nothing is right for all of them, and none may be older than the youngest has to be. */
function mergedBound(all: readonly (Bound | undefined)[]): Bound | undefined {
  const [first] = all;
  if (all.every((one) => isSame(one, first))) return first;
  return { upTo: Math.min(...all.map((one) => one?.upTo ?? Infinity)), standIn: undefined };
}

function isSame(one: Bound | undefined, other: Bound | undefined): boolean {
  return (
    one?.upTo === other?.upTo &&
    one?.standIn?.strategy === other?.standIn?.strategy &&
    one?.standIn?.text === other?.standIn?.text
  );
}
