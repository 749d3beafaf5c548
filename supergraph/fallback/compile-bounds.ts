// Owns finding, when an operation is compiled, which fields within a remembered one have a shorter bound than that, and what takes their place.
import {
  type GraphQLCompositeType,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
} from 'graphql';
import type { Fallback } from '../declaration/fallback-words.ts';
import {
  type ApplicableField,
  applicableFields,
  type Selections,
} from '../executor/projection/applicable-fields.ts';
import type { Bound, BoundsWithin } from './bounds-within.ts';
import { lastKnownTimes } from './last-known.ts';
import { type FieldOfType, leastOf, mergedFields } from './merged-fields.ts';
import { triedInOrder } from './tried-in-order.ts';
import { valueText } from './value-text.ts';

interface BoundsOptions {
  /** By coordinate. */
  declared: ReadonlyMap<string, readonly Fallback[]>;
  schema: GraphQLSchema;
}

/** Of a field of this type that is remembered for so many milliseconds. */
export type CompileBounds = (type: GraphQLOutputType, selections: Selections, upTo: number) => BoundsWithin;

export function boundsCompiler(options: BoundsOptions): CompileBounds {
  const times = lastKnownTimes(options.declared);
  const byName = new Map<string, number>();
  for (const [coordinate, time] of times) {
    const [, name = ''] = coordinate.split('.');
    byName.set(name, Math.min(time, byName.get(name) ?? time));
  }
  return (type, selections, upTo) => {
    const least = leastNamed(selections.flat(), byName);
    // A text is never older than its own bound.
    if (least >= upTo) return { least: upTo, fields: [] };
    const reader = new Reader(options, times, upTo);
    const fields = reader.fieldsOf(type, selections);
    return reader.isTooLarge ? { least, fields: undefined } : { least: leastOf(fields), fields };
  };
}

/** By names alone, whatever the types: most selections need no closer look. */
function leastNamed(selections: Selections[number], byName: ReadonlyMap<string, number>): number {
  return selections.reduce((least, selection) => {
    const own = selection.kind === 'field' ? byName.get(selection.fieldName) : undefined;
    return Math.min(least, own ?? Infinity, leastNamed(selection.selections ?? [], byName));
  }, Infinity);
}

/** Selections on different types multiply; of more than these nobody works out which is of which type. */
const mostFields = 2_000;

class Reader {
  #fieldsLeft = mostFields;
  readonly #options: BoundsOptions;
  readonly #times: ReadonlyMap<string, number>;
  readonly #upTo: number;
  readonly #known = new Map<string, readonly FieldOfType[]>();
  readonly #numbers = new Map<unknown, number>();

  constructor(options: BoundsOptions, times: ReadonlyMap<string, number>, upTo: number) {
    this.#options = options;
    this.#times = times;
    this.#upTo = upTo;
  }

  get isTooLarge(): boolean {
    return this.#fieldsLeft < 0;
  }

  fieldsOf(type: GraphQLOutputType, selections: Selections): readonly FieldOfType[] {
    const named = getNamedType(type);
    if (!isCompositeType(named)) return [];
    const key = `${named.name} ${selections.map((selected) => this.#numberOf(selected)).join()}`;
    const known = this.#known.get(key);
    if (known) return known;
    const owners = this.#ownersOf(named);
    const made = mergedFields(owners.map((owner) => this.#fieldsOn(owner, selections)));
    this.#known.set(key, made);
    return made;
  }

  #ownersOf(type: GraphQLCompositeType): readonly (GraphQLObjectType | GraphQLInterfaceType)[] {
    if (!isAbstractType(type)) return [type];
    const possible = this.#options.schema.getPossibleTypes(type);
    return isInterfaceType(type) ? [...possible, type] : possible;
  }

  #fieldsOn(type: GraphQLObjectType | GraphQLInterfaceType, selections: Selections): FieldOfType[] {
    const { declared, schema } = this.#options;
    return applicableFields(schema, type, selections).flatMap((applicable) => {
      if (--this.#fieldsLeft < 0) return [];
      const { responseName, fieldName, type: usual } = applicable.field;
      const coordinate = `${type.name}.${fieldName}`;
      const promised = type.getFields()[fieldName]?.type ?? usual;
      const bound = this.#boundOf(coordinate, promised, applicable);
      const inner = this.fieldsOf(promised, applicable.inner);
      const isOfInterface = isInterfaceType(type);
      return {
        ...{ responseName, coordinate, bound, inner, isOfInterface },
        least: leastOf(inner, bound),
        isSilent: isOfInterface && !declared.has(coordinate),
      };
    });
  }

  #boundOf(
    coordinate: string,
    promised: GraphQLOutputType,
    { inner }: Pick<ApplicableField, 'inner'>,
  ): Bound | undefined {
    const { declared, schema } = this.#options;
    const upTo = this.#times.get(coordinate);
    if (upTo === undefined || upTo >= this.#upTo) return undefined;
    const fallbacks = triedInOrder(declared.get(coordinate));
    const after = fallbacks.slice(fallbacks.findIndex(({ kind }) => kind === 'lastKnown') + 1);
    for (const next of after) {
      if (next.kind === 'omit') return { upTo, standIn: { strategy: 'omit', text: '[]' } };
      if (next.kind !== 'value') break;
      const text = valueText(schema, promised, inner, next.value);
      if (text !== undefined) return { upTo, standIn: { strategy: 'value', text } };
    }
    return { upTo, standIn: undefined };
  }

  #numberOf(selected: unknown): number {
    const known = this.#numbers.get(selected) ?? this.#numbers.size;
    this.#numbers.set(selected, known);
    return known;
  }
}
