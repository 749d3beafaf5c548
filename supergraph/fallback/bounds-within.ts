// Owns that no part of what was known last stands in for longer than is said of its own field: looked at when a text is recalled.
import type { Found, StoodInWithin } from '../executor/projection/fallbacks.ts';
import { isRecord } from '../foundation/is-record.ts';

/** A field selected within a remembered text. */
export interface FieldWithin {
  responseName: string;
  coordinate: string;
  /** undefined where it may be as old as the text. */
  bound: Bound | undefined;
  inner: readonly FieldWithin[];
  /** Milliseconds: its own bound, or that of something within it where that is less. */
  least: number;
}

export interface Bound {
  /** Milliseconds. */
  upTo: number;
  /** What takes its place when it is older; undefined where nothing is known ahead. */
  standIn: { strategy: 'value' | 'omit'; text: string } | undefined;
}

/** Of all that is selected within one remembered field. */
export interface BoundsWithin {
  /** Milliseconds up to which a text need not be looked into. */
  least: number;
  /** undefined where nobody knows them one by one: then no part of an older text stands in. */
  fields: readonly FieldWithin[] | undefined;
}

/** What stands in of a text of this age, in milliseconds; undefined where it holds what may not be so old and nothing replaces. */
export function withinBounds(
  text: string,
  age: number,
  { least, fields }: BoundsWithin,
): Pick<Found, 'text' | 'degraded'> | undefined {
  if (age <= least) return { text };
  if (fields === undefined) return undefined;
  const value: unknown = JSON.parse(text);
  const degraded: StoodInWithin[] = [];
  return replaceOverdue(value, [], { fields, age, degraded })
    ? { text: JSON.stringify(value), degraded }
    : undefined;
}

interface Overdue {
  fields: readonly FieldWithin[];
  age: number;
  degraded: StoodInWithin[];
}

/** In the value itself. Whether all could be replaced that had to be. */
function replaceOverdue(value: unknown, path: readonly (string | number)[], overdue: Overdue): boolean {
  const { fields, age, degraded } = overdue;
  if (Array.isArray(value)) {
    return value.every((item, index) => replaceOverdue(item, [...path, index], overdue));
  }
  if (!isRecord(value)) return true;
  return fields.every(({ responseName, coordinate, bound, inner, least }) => {
    if (age <= least || !Object.hasOwn(value, responseName)) return true;
    const place = [...path, responseName];
    if (bound === undefined || age <= bound.upTo) {
      return replaceOverdue(value[responseName], place, { ...overdue, fields: inner });
    }
    const { standIn } = bound;
    if (standIn === undefined) return false;
    value[responseName] = JSON.parse(standIn.text);
    degraded.push({ path: place, coordinate, strategy: standIn.strategy });
    return true;
  });
}
