// Owns what may stand in for the fields of an operation: declared by coordinate, compiled for what a client selects.
import { createHash } from 'node:crypto';
import type { GraphQLInterfaceType, GraphQLObjectType, GraphQLOutputType, GraphQLSchema } from 'graphql';
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
import type { CanonicalOperation, CanonicalSelection } from '../planner/canonical/canonical-operation.ts';
import type { Besides } from '../planner/canonical/operation-schema.ts';
import type { RequestContext } from '../transport/subgraph-client.ts';
import { selectionText, variablesIn } from './client-text.ts';
import type { LastKnown, Place } from './last-known.ts';
import { OtherField, type RunOther } from './other-field.ts';
import { valueText } from './value-text.ts';

/** For whom something is remembered: what stands in the key of those who may have it, and whether other replicas may. */
export interface Audience {
  key: string;
  isShared: boolean;
}

/** undefined for whom nothing is remembered. `text` is the GraphQL text of one field of the type, in canonical names. */
export type AudienceOf = (type: string, text: string) => (context: RequestContext) => Audience | undefined;

export interface FallbackOptions {
  /** By coordinate of an object type, or of an interface for objects of which nothing more is known. */
  declared: ReadonlyMap<string, readonly Fallback[]>;
  schema: GraphQLSchema;
  /** By which entities are told apart: names of fields by type. */
  keys: ReadonlyMap<string, readonly string[]>;
  audienceOf: AudienceOf;
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
  return (operation) => {
    if (operation.kind !== 'query' || !hasField(operation.selections, names)) return undefined;
    const compiled = new Map<FieldFallbacks, Compiled>();
    return {
      of(type, applicable) {
        const made = compileField(options, operation, type, applicable);
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
  audience: ReturnType<AudienceOf>;
  /** Of the object that has the field; undefined where it cannot be told from others. */
  identity: (object: JsonObject) => string | undefined;
  upTo: number;
}

function compileField(
  options: FallbackOptions,
  operation: CanonicalOperation,
  type: GraphQLObjectType | GraphQLInterfaceType,
  applicable: ApplicableField,
): Compiled | undefined {
  const { declared, schema } = options;
  const { fieldName, type: usual } = applicable.field;
  const coordinate = `${type.name}.${fieldName}`;
  const promised = type.getFields()[fieldName]?.type ?? usual;
  const remembered = rememberedField(options, type, applicable);
  const tries: StandIn[] = [];
  const others = new Map<number, OtherField>();
  for (const fallback of declared.get(coordinate) ?? []) {
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
  { declared, schema, keys, audienceOf }: FallbackOptions,
  type: GraphQLObjectType | GraphQLInterfaceType,
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
  return {
    text: `${coordinate}\0${selected}`,
    variables: variablesIn(selected),
    audience: audienceOf(type.name, selected),
    identity: isRoot || key === undefined ? () => '' : (object) => identityOf(object, type.name, key),
    upTo: milliseconds(fallback.upTo),
  };
}

function identityOf(object: JsonObject, type: string, key: readonly string[]): string | undefined {
  const { __typename: named } = object;
  let identity = typeof named === 'string' ? named : type;
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
  /** What is the same for all objects of the request. */
  readonly #common = new Map<RememberedField, Audience | undefined>();
  readonly #others = new Map<OtherField, Promise<Found | undefined>>();

  constructor(parts: RunParts) {
    this.#parts = parts;
  }

  keyFor(fallbacks: FieldFallbacks, object: JsonObject): string | undefined {
    const place = this.#placeOf(fallbacks, object);
    return place && this.#parts.options.lastKnown.isDue(place.key) ? place.key : undefined;
  }

  remember(values: Parameters<FallbackRun['remember']>[0]): void {
    const { options, compiled, context } = this.#parts;
    const age = ageOf(context);
    if (age === undefined) return;
    options.lastKnown.remember(
      age,
      values.flatMap(({ fallbacks, key, text }) => {
        const remembered = compiled.get(fallbacks)?.remembered;
        if (remembered === undefined) return [];
        const { isShared = false } = this.#audienceOf(remembered) ?? {};
        return [{ key, text, isShared, upTo: remembered.upTo }];
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
    return demands.map((_, index) => recalled.get(places[index]) ?? others[index]);
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
    const remembered = this.#parts.compiled.get(fallbacks)?.remembered;
    const identity = remembered?.identity(object);
    const audience = remembered && this.#audienceOf(remembered);
    if (remembered === undefined || audience === undefined || identity === undefined) return undefined;
    return { key: `${audience.key}\0${identity}`, isShared: audience.isShared, upTo: remembered.upTo };
  }

  /** With all that is the same for the objects of a request in its key. */
  #audienceOf(remembered: RememberedField): Audience | undefined {
    if (!this.#common.has(remembered)) {
      const { context, variables } = this.#parts;
      const audience = remembered.audience(context);
      const values = remembered.variables.map((name) => variables.get(name) ?? null);
      const text = `${remembered.text}\0${JSON.stringify(values)}\0${audience?.key}`;
      // Short, because it is put before each object's own.
      const key = createHash('sha256').update(text).digest('base64url');
      this.#common.set(remembered, audience && { ...audience, key });
    }
    return this.#common.get(remembered);
  }
}

/** Milliseconds since the oldest part of an answer was read; undefined where it is older than it should be, because something failed. */
function ageOf({ freshness }: RequestContext): number | undefined {
  if (freshness === undefined) return 0;
  const { parts } = freshness;
  if (parts.some(({ failed }) => failed)) return undefined;
  const now = freshness.now();
  return Math.max(0, ...parts.map(({ readAt }) => (Number.isFinite(readAt) ? now - readAt : 0)));
}
