// Owns the objects of the data that a fetch of entities is about; where equal ones can be one object, they become one.
import type { FetchNode } from '../planner/plan.ts';
import type { Execution } from './execution.ts';
import type { JsonObject } from './failure.ts';
import { compileFindTargets } from './find-targets.ts';
import { placeOf, type SharedPlaces } from './shared-places.ts';
import type { TypeNames } from './type-names.ts';
import type { Representations } from './write-representation.ts';

export type Targets = (execution: Execution) => readonly JsonObject[];

export function compileTargets(
  node: FetchNode,
  places: SharedPlaces,
  representations: Representations,
  types: TypeNames,
): Targets {
  const { path } = node;
  const steps = path.filter((step) => step !== '@');
  const key = steps.join('.');
  const start = startOf(steps, places);
  const find = compileFindTargets(steps.slice(start.length), types);
  const findAll = compileFindTargets(steps, types);
  const startKey = start.join('.');

  /** Each object that stands in the data once is visited once, as far as that is known. */
  function visitAll({ data, shared }: Execution, visit: Parameters<typeof find>[1]): void {
    const from = startKey === '' ? undefined : shared.get(startKey);
    if (from === undefined) findAll(data, visit);
    else for (const object of from) find(object, visit);
  }

  if (!places.tellsAllOf(node)) {
    return (execution) => {
      // Another fetch may have made them one.
      const known = execution.shared.get(key);
      if (known) return known;
      const found: JsonObject[] = [];
      visitAll(execution, (entity) => found.push(entity));
      return found;
    };
  }

  return (execution) => {
    const known = execution.shared.get(key);
    if (known) return known;
    const found: JsonObject[] = [];
    const byForm = new Map<string, Map<string, JsonObject>>();
    visitAll(execution, (entity, holder, at) => {
      const sole = representations.soleField(entity);
      const value = sole && entity[sole.from];
      const text = typeof value === 'string' ? value : representations.write(entity);
      // Without a whole representation it cannot be said what it equals.
      if (typeof text !== 'string') {
        found.push(entity);
        return;
      }
      const form = typeof value === 'string' && sole ? sole.form : '';
      let equals = byForm.get(form);
      if (equals === undefined) {
        equals = new Map();
        byForm.set(form, equals);
      }
      const first = equals.get(text);
      if (first === undefined) {
        equals.set(text, entity);
        found.push(entity);
      } else if (first !== entity) {
        holder[at] = first;
      }
    });
    execution.shared.set(key, found);
    return found;
  };
}

/** The longest beginning of a path that leads to shared objects, so that the search can start from each of them once. */
function startOf(steps: readonly string[], places: SharedPlaces): readonly string[] {
  for (let length = steps.length - 1; length > 0; length--) {
    const start = steps.slice(0, length);
    if (places.has(placeOf(start))) return start;
  }
  return [];
}
