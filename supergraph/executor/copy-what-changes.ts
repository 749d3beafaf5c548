// Owns taking of an answer that is others' too what may be changed here: a copy of that, and the rest as it is.
import { Failure } from './failure.ts';
import type { FetchShape } from './fetch-shape.ts';
import type { SharedPlaces } from './shared-places.ts';

export type CopyWhatChanges = <Value>(value: Value) => Value;

/** Of values of this shape that stand at these places: objects are copied on the way to where something is merged in. */
export function compileCopy(
  shape: FetchShape,
  places: readonly string[],
  shared: SharedPlaces,
): CopyWhatChanges {
  const below: [key: string, copy: CopyWhatChanges][] = [];
  for (const [key, inner] of shape) {
    if (inner === null) continue;
    const within = places.map((place) => (place === '' ? key : `${place}.${key}`));
    if (places.every((place) => shared.isLeftAlone(place, new Map([[key, inner]])))) continue;
    below.push([key, compileCopy(inner, within, shared)]);
  }
  return function copy<Value>(value: Value): Value {
    if (Array.isArray(value)) return value.map((item) => copy(item)) as Value;
    if (typeof value !== 'object' || value === null || value instanceof Failure) return value;
    const own = { ...value } as Record<string, unknown>;
    for (const [key, copyInner] of below) {
      const inner = own[key];
      if (typeof inner === 'object') own[key] = copyInner(inner);
    }
    return own as Value;
  };
}
