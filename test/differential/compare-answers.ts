// Owns the relation in which an engine's answer must stand to the monolith's, with failures and without.
import type { GraphQLFormattedError } from 'graphql';
import type { EngineAnswer } from './engines/engine-under-test.ts';

type Path = readonly (string | number)[];

export interface Expectation {
  /** Whether nothing failed on purpose but what the client asked for: then the data must be the same. */
  exact: boolean;
  /** Whether subgraphs did not find entities: what they would have added may be null without an error. */
  lostEntities: boolean;
  /** Response paths of fields that are worked out of what other subgraphs sent. */
  computed: ReadonlySet<string>;
  /** Whether the engine says where its errors belong; without it only the data is held against the monolith's. */
  locatesErrors: boolean;
}

/**
 * What is wrong with the engine's answer; undefined when nothing is.
 *
 * Without failures both answers must be the same text and without errors. With failures:
 * 1. Where the answers differ, the engine has null and the monolith a value, never the other way round.
 *    But what is worked out of failed values may be anything (`@requires`): the monolith works it out of the true ones.
 * 2. There is such a difference only if a subgraph did not find an entity, or a field failed that a fetch may need though
 *    the client did not ask for it (keys, requirements).
 * 3. At, above or below each such null there is an error, and at each null where the monolith has an error; but for
 *    entities that were not found, which is no error where null is allowed.
 * 4. Each error lies at, above or below a null.
 */
export function compareAnswers(
  engine: EngineAnswer,
  monolith: EngineAnswer,
  { exact, lostEntities, computed, locatesErrors }: Expectation,
): string | undefined {
  const nulls: Path[] = [];
  const objection = compareValues(engine.data, monolith.data, [], {
    nulls,
    isFree: (path) => !exact && computed.has(path.join('.')),
  });
  if (objection !== undefined) return objection;
  const [first] = nulls;
  if (first !== undefined && exact) return `at ${show(first)} there is null without a reason`;
  if (!locatesErrors) return undefined;
  for (const path of nulls) {
    if (!lostEntities && !touches(engine.errors, path))
      return `nothing says why there is null at ${show(path)}`;
  }
  for (const { path = [], message } of monolith.errors) {
    const inMonolith = nullOn(monolith.data, path);
    // The engine may have null further above, for another reason.
    const place = inMonolith && (nullOn(engine.data, inMonolith) ?? inMonolith);
    const explained = lostEntities || (!exact && holdsFree(path, computed));
    if (place && !explained && !touches(engine.errors, place)) {
      return `nothing says why there is null at ${show(place)} ("${message}")`;
    }
  }
  if (monolith.errors.length === 0 && exact && engine.errors.length > 0) {
    return `an error without a reason: ${JSON.stringify(engine.errors[0])}`;
  }
  for (const error of engine.errors) {
    if (error.path === undefined) return `an error without a path: ${JSON.stringify(error)}`;
    if (!nullNear(engine.data, error.path)) return `an error beside a value: ${JSON.stringify(error)}`;
  }
  return undefined;
}

interface Comparison {
  /** Gets the places where only the engine has null. */
  nulls: Path[];
  /** Whether any value will do. */
  isFree: (path: Path) => boolean;
}

function compareValues(
  ours: unknown,
  theirs: unknown,
  path: Path,
  comparison: Comparison,
): string | undefined {
  if (comparison.isFree(path)) return undefined;
  if (ours === null || theirs === null) {
    if (ours !== null) return `at ${show(path)} there is ${cut(ours)}, and in the monolith null`;
    if (theirs !== null) comparison.nulls.push(path);
    return undefined;
  }
  if (typeof ours !== 'object' || typeof theirs !== 'object') {
    return Object.is(ours, theirs) ? undefined : differs(ours, theirs, path);
  }
  if (Array.isArray(ours) || Array.isArray(theirs)) {
    if (!Array.isArray(ours) || !Array.isArray(theirs) || ours.length !== theirs.length) {
      return differs(ours, theirs, path);
    }
    return firstOf(ours.keys(), (index) =>
      compareValues(ours[index], theirs[index], [...path, index], comparison),
    );
  }
  const names = Object.keys(theirs);
  if (names.join() !== Object.keys(ours).join()) {
    return `at ${show(path)} there are the fields ${Object.keys(ours)}, and in the monolith ${names}`;
  }
  const [left, right] = [ours as Record<string, unknown>, theirs as Record<string, unknown>];
  return firstOf(names, (name) => compareValues(left[name], right[name], [...path, name], comparison));
}

function firstOf<Item>(items: Iterable<Item>, find: (item: Item) => string | undefined): string | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function holdsFree(path: Path, computed: ReadonlySet<string>): boolean {
  return path.some((_, index) => computed.has(path.slice(0, index + 1).join('.')));
}

/** Whether an error lies at the path, above or below it. */
function touches(errors: readonly GraphQLFormattedError[], path: Path): boolean {
  return errors.some(({ path: place }) =>
    place?.slice(0, path.length).every((step, index) => step === path[index]),
  );
}

/** The place on the way to a path at which the data is null. */
function nullOn(data: unknown, path: Path): Path | undefined {
  let value = data;
  for (let length = 0; ; length += 1) {
    if (value === null || value === undefined) return path.slice(0, length);
    const step = path[length];
    if (step === undefined || typeof value !== 'object') return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
}

function nullNear(data: unknown, path: Path): boolean {
  return nullOn(data, path) !== undefined || holdsNull(valueAt(data, path));
}

function valueAt(data: unknown, path: Path): unknown {
  return path.reduce((value, step) => (value as Record<string | number, unknown> | undefined)?.[step], data);
}

function holdsNull(value: unknown): boolean {
  return value === null || (typeof value === 'object' && Object.values(value).some(holdsNull));
}

function differs(ours: unknown, theirs: unknown, path: Path): string {
  return `at ${show(path)} there is ${cut(ours)}, and in the monolith ${cut(theirs)}`;
}

function show(path: Path): string {
  return path.length === 0 ? 'data' : path.join('.');
}

function cut(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
