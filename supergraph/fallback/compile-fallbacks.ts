// Owns what may stand in for the fields of an operation: declared by coordinate, compiled for what a client selects.
import {
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isObjectType,
} from 'graphql';
import type { CacheScope } from '../declaration/cache-declaration.ts';
import type { Fallback } from '../declaration/fallback-words.ts';
import type { JsonObject } from '../executor/failure.ts';
import type { ApplicableField } from '../executor/projection/applicable-fields.ts';
import type {
  CompileFallbacks,
  Demand,
  FallbackRun,
  FieldFallbacks,
  Found,
  StandIn,
} from '../executor/projection/fallbacks.ts';
import { milliseconds } from '../foundation/duration.ts';
import type { CanonicalOperation } from '../planner/canonical/canonical-operation.ts';
import type { CanonicalSelection } from '../planner/canonical/canonical-selection.ts';
import type { Besides } from '../planner/canonical/operation-schema.ts';
import type { RequestContext } from '../transport/subgraph-client.ts';
import { type BoundsWithin, withinBounds } from './bounds-within.ts';
import { isDeniedBelow, selectionText, shapeText, variablesIn } from './client-text.ts';
import { boundsCompiler, type CompileBounds } from './compile-bounds.ts';
import type { LastKnown, Place, Remembered, ValueGroup } from './last-known.ts';
import { OtherField, type RunOther } from './other-field.ts';
import { triedInOrder } from './tried-in-order.ts';
import { valueText } from './value-text.ts';

/** For whom values of fields are remembered. */
export interface Audiences {
  /** `text` is the GraphQL text of one field of the type; `declared` is what its fallback says. */
  scopeOf: (type: string, text: string, declared: CacheScope | undefined) => CacheScope;
  /** What stands in the keys of whoever asks; undefined where nothing is remembered for them. */
  keysOf: (context: RequestContext) => (scope: CacheScope) => string | undefined;
}

export interface FallbackOptions {
  /** By coordinate of an object type, or of an interface for objects of which nothing more is known. */
  declared: ReadonlyMap<string, readonly Fallback[]>;
  schema: GraphQLSchema;
  /** By which entities are told apart: names of fields by type. */
  keys: ReadonlyMap<string, readonly string[]>;
  audiences: Audiences;
  lastKnown: LastKnown;
  run: RunOther;
  /** So that the plan is there when it is needed. */
  planAhead: (text: string) => void;
}

/** What an object needs beside a field whose values are remembered: without it nobody can say whose they are. */
export function besidesRemembered({ declared, keys }: Pick<FallbackOptions, 'declared' | 'keys'>): Besides {
  return (type, field) => {
    const fallbacks = declared.get(`${type}.${field}`);
    return fallbacks?.some(({ kind }) => kind === 'lastKnown') ? (keys.get(type) ?? []) : [];
  };
}

/** Nothing stands in for anything in a mutation. */
export function createFallbacks(options: FallbackOptions): CompileFallbacks {
  const names = new Set([...options.declared.keys()].map((coordinate) => coordinate.split('.')[1]));
  const parts = { ...options, compileBounds: boundsCompiler(options) };
  return (operation) => {
    if (operation.kind !== 'query' || !hasField(operation.selections, names)) return undefined;
    const compiled = new Map<FieldFallbacks, Compiled>();
    return {
      of(type, applicable) {
        const made = compileField(parts, operation, type, applicable);
        if (made) compiled.set(made.fallbacks, made);
        return made?.fallbacks;
      },
      begin: (context, variables) => new Run({ options, compiled, context, variables }),
    };
  };
}

function hasField(
  selections: readonly CanonicalSelection[],
  names: ReadonlySet<string | undefined>,
): boolean {
  return selections.some(
    (selection) =>
      (selection.kind === 'field' && names.has(selection.fieldName)) ||
      hasField(selection.selections ?? [], names),
  );
}

interface FieldParts extends FallbackOptions {
  compileBounds: CompileBounds;
}

interface Compiled {
  fallbacks: FieldFallbacks;
  remembered: RememberedField | undefined;
  /** By place among the tries. */
  others: ReadonlyMap<number, OtherField>;
}

/** How the good values of a field are told apart. */
interface RememberedField {
  /** What the same for all objects and requests. */
  text: string;
  /** Canonical names of variables in it. */
  variables: readonly string[];
  scope: CacheScope;
  /** Of the object that has the field; undefined where it cannot be told from others. */
  identity: (object: JsonObject) => string | undefined;
  upTo: number;
  within: BoundsWithin;
}

function compileField(
  options: FieldParts,
  operation: CanonicalOperation,
  type: GraphQLObjectType | GraphQLInterfaceType,
  applicable: ApplicableField,
): Compiled | undefined {
  const { declared, schema } = options;
  const { fieldName, type: usual } = applicable.field;
  const coordinate = `${type.name}.${fieldName}`;
  const promised = type.getFields()[fieldName]?.type ?? usual;
  // Who may not have a part of it is told so, which nothing that is found elsewhere would do.
  const isDenied = isDeniedBelow(applicable);
  const remembered = isDenied ? undefined : rememberedField(options, type, promised, applicable);
  const tries: StandIn[] = [];
  const others = new Map<number, OtherField>();
  for (const fallback of triedInOrder(declared.get(coordinate))) {
    if (isDenied && (fallback.kind === 'value' || fallback.kind === 'field')) continue;
    if (fallback.kind === 'value') {
      const text = valueText(schema, promised, applicable.inner, fallback.value);
      if (text !== undefined) tries.push({ strategy: 'value', text });
    } else if (fallback.kind === 'field') {
      others.set(tries.length, otherField(options, operation, promised, applicable, fallback));
      tries.push({ strategy: 'field' });
    } else if (fallback.kind !== 'lastKnown' || remembered) {
      tries.push({ strategy: fallback.kind });
    }
  }
  if (tries.length === 0) return undefined;
  return { fallbacks: { coordinate, tries, isRemembered: remembered !== undefined }, remembered, others };
}

function otherField(
  { schema, planAhead }: FallbackOptions,
  { definitions }: CanonicalOperation,
  type: GraphQLOutputType,
  applicable: ApplicableField,
  fallback: Extract<Fallback, { kind: 'field' }>,
): OtherField {
  const [, field = ''] = fallback.coordinate.split('.');
  const selection = selectionText(applicable);
  const made = new OtherField({
    ...{ schema, field, arguments: fallback.arguments, selection, type, definitions },
  });
  planAhead(made.text);
  return made;
}

function rememberedField(
  { declared, schema, keys, audiences, compileBounds }: FieldParts,
  type: GraphQLObjectType | GraphQLInterfaceType,
  promised: GraphQLOutputType,
  applicable: ApplicableField,
): RememberedField | undefined {
  const { fieldName, call } = applicable.field;
  const coordinate = `${type.name}.${fieldName}`;
  const fallback = declared.get(coordinate)?.find(({ kind }) => kind === 'lastKnown');
  if (fallback?.kind !== 'lastKnown') return undefined;
  const isRoot = type === schema.getQueryType();
  const key = keys.get(type.name);
  if (!isRoot && key === undefined) return undefined;
  const selected = `${call}${selectionText(applicable)}`;
  const upTo = milliseconds(fallback.upTo);
  return {
    text: `${coordinate}\0${selected}\0${shapeText(applicable)}`,
    variables: variablesIn(selected),
    scope: audiences.scopeOf(type.name, selected, fallback.scope),
    identity:
      isRoot || key === undefined ? () => '' : (object) => identityOf(object, key, isObjectType(type)),
    upTo,
    within: compileBounds(promised, applicable.inner, upTo),
  };
}

/** `isOne`: whether all objects are of one type, so that its name says nothing. */
function identityOf(object: JsonObject, key: readonly string[], isOne: boolean): string | undefined {
  const [first = ''] = key;
  const sole = key.length === 1 && isOne ? object[first] : undefined;
  // Nearly all are so, and no text begins with the character that others begin with.
  if (typeof sole === 'string' && !sole.startsWith('\0')) return sole;
  const { __typename: named } = object;
  let identity = isOne ? '' : `\0${JSON.stringify(named)}`;
  for (const name of key) {
    const value = object[name];
    if (typeof value !== 'string' && typeof value !== 'number') return undefined;
    identity += `\0${JSON.stringify(value)}`;
  }
  return identity;
}

interface RunParts {
  options: FallbackOptions;
  compiled: ReadonlyMap<FieldFallbacks, Compiled>;
  context: RequestContext;
  /** JSON texts by canonical name. */
  variables: ReadonlyMap<string, string>;
}

class Run implements FallbackRun {
  readonly #parts: RunParts;
  readonly #keyOf: (scope: CacheScope) => string | undefined;
  /** Of what is the same for all objects of the request. */
  readonly #groups = new Map<FieldFallbacks, Group | undefined>();
  readonly #others = new Map<OtherField, Promise<Found | undefined>>();

  constructor(parts: RunParts) {
    this.#parts = parts;
    this.#keyOf = parts.options.audiences.keysOf(parts.context);
  }

  keyFor(fallbacks: FieldFallbacks, object: JsonObject): string | undefined {
    const group = this.#groupOf(fallbacks);
    const identity = group?.remembered.identity(object);
    return identity !== undefined && group?.values.isDue(identity) ? identity : undefined;
  }

  remember(values: Parameters<FallbackRun['remember']>[0]): void {
    const { options, context } = this.#parts;
    const age = ageOf(context);
    if (age === undefined) return;
    options.lastKnown.remember(
      age,
      values.flatMap(({ fallbacks, key: identity, text }) => {
        const group = this.#groupOf(fallbacks);
        return group ? [{ group: group.values, identity, text }] : [];
      }),
    );
  }

  async find(demands: readonly Demand[]): Promise<(Found | undefined)[]> {
    const { options } = this.#parts;
    const places = demands.map(({ fallbacks, at, object }) =>
      fallbacks.tries[at]?.strategy === 'lastKnown' ? this.#placeOf(fallbacks, object) : undefined,
    );
    const wanted = places.filter((place) => place !== undefined);
    const recalling = wanted.length > 0 ? options.lastKnown.recall(wanted) : [];
    const others = await Promise.all(demands.map((demand) => this.#otherFor(demand)));
    const recalled = new Map((await recalling).map((found, index) => [wanted[index], found]));
    return demands.map(({ fallbacks }, index) => {
      const place = places[index];
      return place ? this.#usable(fallbacks, recalled.get(place)) : others[index];
    });
  }

  #usable(fallbacks: FieldFallbacks, known: Remembered | undefined): Found | undefined {
    const within = this.#parts.compiled.get(fallbacks)?.remembered?.within;
    const held = known && within && withinBounds(known.text, known.age, within);
    return held && { ...held, ageSeconds: Math.max(0, Math.round(known.age / 1000)) };
  }

  #otherFor({ fallbacks, at }: Demand): Promise<Found | undefined> | undefined {
    const { options, compiled, context, variables } = this.#parts;
    const other = compiled.get(fallbacks)?.others.get(at);
    if (other === undefined) return undefined;
    const known = this.#others.get(other) ?? other.find(options.run, context, variables);
    this.#others.set(other, known);
    return known;
  }

  #placeOf(fallbacks: FieldFallbacks, object: JsonObject): Place | undefined {
    const group = this.#groupOf(fallbacks);
    const identity = group?.remembered.identity(object);
    return group && identity !== undefined ? { group: group.values, identity } : undefined;
  }

  #groupOf(fallbacks: FieldFallbacks): Group | undefined {
    if (!this.#groups.has(fallbacks)) this.#groups.set(fallbacks, this.#findGroup(fallbacks));
    return this.#groups.get(fallbacks);
  }

  #findGroup(fallbacks: FieldFallbacks): Group | undefined {
    const { options, compiled, variables } = this.#parts;
    const remembered = compiled.get(fallbacks)?.remembered;
    const audience = remembered && this.#keyOf(remembered.scope);
    if (remembered === undefined || audience === undefined) return undefined;
    const { text, scope, upTo } = remembered;
    const values = remembered.variables.map((name) => variables.get(name) ?? null);
    const key = `${text}\0${JSON.stringify(values)}\0${audience}`;
    return { remembered, values: options.lastKnown.group({ key, isShared: scope !== 'viewer', upTo }) };
  }
}

interface Group {
  remembered: RememberedField;
  values: ValueGroup;
}

/** Milliseconds since the oldest part of an answer was read; undefined where it is older than it should be, because something failed. */
function ageOf({ freshness }: RequestContext): number | undefined {
  if (freshness === undefined) return 0;
  const { parts } = freshness;
  if (parts.some(({ failed }) => failed)) return undefined;
  const now = freshness.now();
  return Math.max(0, ...parts.map(({ readAt }) => (Number.isFinite(readAt) ? now - readAt : 0)));
}
