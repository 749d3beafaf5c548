// Owns the words in which a BFF says what stands in for a field that cannot be had; check-fallbacks.ts says what is wrong with them.
import type { Duration } from '../foundation/duration.ts';
import type { CacheScope } from './cache-declaration.ts';

export type Fallback =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'lastKnown'; readonly upTo: Duration; readonly scope?: CacheScope }
  | {
      readonly kind: 'field';
      readonly coordinate: string;
      readonly arguments: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'omit' }
  | { readonly kind: 'critical' };

/** By coordinate; of several the first that can be had. */
export type Fallbacks<Coordinate extends string = string> = {
  readonly [name in Coordinate]?: Fallback | readonly Fallback[];
};

/** This very value: JSON that fits the field's type, an object with all that its type promises. */
export function value(value: unknown): Fallback {
  return { kind: 'value', value };
}

/**
 * The last good value of this entity, or of these arguments, if it is no older than this. It is for whom the field's cache rule
 * says, unless `scope` does, and for its viewer alone where neither does, or where not everybody may ask for all of it.
 */
export function lastKnown({ upTo, scope }: { upTo: Duration; scope?: CacheScope }): Fallback {
  return { kind: 'lastKnown', upTo, ...(scope !== undefined && { scope }) };
}

/** What another field of `Query` gives, asked for what the client wants of this one. */
export function field(coordinate: string, args: Readonly<Record<string, unknown>> = {}): Fallback {
  return { kind: 'field', coordinate, arguments: args };
}

/** A list goes without its items that cannot be had. */
export const omit: Fallback = { kind: 'omit' };

/** Nothing: without this field the whole operation fails. */
export const critical: Fallback = { kind: 'critical' };
