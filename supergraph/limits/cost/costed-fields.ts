// Owns what single fields of an operation cost by the schema: on which type, with which arguments, in how many items.
import {
  type GraphQLCompositeType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isListType,
  isNonNullType,
} from 'graphql';
import type { CanonicalField, CanonicalSelection } from '../../planner/canonical/canonical-selection.ts';
import { type Amount, times } from './amount.ts';
import type { CostDirectives, FieldTerms } from './cost-directives.ts';
import {
  argumentsCost,
  type GivenArguments,
  listSize,
  nothingGiven,
  readGivenArguments,
} from './given-arguments.ts';

export interface CostRules {
  schema: GraphQLSchema;
  directives: CostDirectives;
  /** Items of a list of which nothing is said. */
  assumedListSize: number;
  /** Whether an operation is held to giving one slicing argument where the schema demands that. */
  isStrict: boolean;
}

/** A field as it is on one type of object. */
export interface FieldOnType {
  field: CanonicalField;
  /** The same object for types on which it is the same. */
  terms: FieldTerms;
}

export const mutationFieldCost = 10;
const noTerms: FieldTerms = { arguments: new Map() };

/** Of one operation; what is worked out of a field is remembered as long as this is. */
export class CostedFields {
  readonly #rules: CostRules;
  readonly #variables: ReadonlyMap<string, string>;
  readonly #given = new Map<CanonicalField, GivenArguments>();
  readonly #merged = new Map<string, FieldTerms>();

  constructor(rules: CostRules, variables: ReadonlyMap<string, string>) {
    this.#rules = rules;
    this.#variables = variables;
  }

  possibleTypes(type: GraphQLCompositeType): readonly GraphQLObjectType[] {
    return isAbstractType(type) ? this.#rules.schema.getPossibleTypes(type) : [type];
  }

  /** What is selected of an object of the type, in a list of selections on `on`; what costs nothing is left out. */
  *selected(
    selections: readonly CanonicalSelection[],
    on: GraphQLCompositeType,
    type: GraphQLObjectType,
  ): Generator<FieldOnType> {
    for (const one of selections) {
      if (one.kind === 'fragment') {
        if (this.possibleTypes(one.type).includes(type)) yield* this.selected(one.selections, one.type, type);
      } else if (!isFree(one)) {
        yield { field: one, terms: this.#terms(one, on, type) };
      }
    }
  }

  /** Of an object with nothing selected in it; what is said of an interface or union holds where its member says nothing. */
  objectWeight(type: GraphQLObjectType, on: GraphQLNamedType): number {
    const { directives } = this.#rules;
    return directives.type(type.name) ?? directives.type(on.name) ?? 1;
  }

  leafWeight(type: GraphQLNamedType): number {
    return this.#rules.directives.type(type.name) ?? 0;
  }

  arguments({ field, terms }: FieldOnType): Amount {
    return argumentsCost(this.#givenTo(field), terms, this.#rules.directives);
  }

  /** Items of its list, where it is one. `sized` is what the field around it says of it. */
  items(one: FieldOnType, sized: Amount | undefined): Amount {
    const { assumedListSize } = this.#rules;
    const levels = listLevels(one.field.type);
    if (levels === 0) return 1;
    let items = sized ?? this.size(one) ?? assumedListSize;
    for (let level = 1; level < levels; level += 1) items = times(items, assumedListSize);
    return items;
  }

  /** What its arguments say of how many items there are, here or within. */
  size({ field, terms }: FieldOnType): Amount | undefined {
    if (terms.listSize === undefined) return undefined;
    const { assumedListSize, isStrict } = this.#rules;
    const where = isStrict ? `The field "${field.fieldName}"` : undefined;
    return listSize(terms.listSize, this.#givenTo(field), assumedListSize, where);
  }

  #givenTo(field: CanonicalField): GivenArguments {
    return this.#given.get(field) ?? nothingGiven;
  }

  /** Of the type, then of what it is selected on. */
  #terms(field: CanonicalField, on: GraphQLCompositeType, type: GraphQLObjectType): FieldTerms {
    this.#readArguments(field, on);
    const { directives } = this.#rules;
    const own = directives.field(type.name, field.fieldName);
    const general = on === type ? undefined : directives.field(on.name, field.fieldName);
    if (own === undefined || general === undefined) return own ?? general ?? noTerms;
    const key = `${on.name} ${type.name}.${field.fieldName}`;
    const known = this.#merged.get(key);
    if (known) return known;
    const merged = {
      ...general,
      ...own,
      arguments: new Map([...general.arguments, ...own.arguments]),
    };
    this.#merged.set(key, merged);
    return merged;
  }

  #readArguments(field: CanonicalField, on: GraphQLCompositeType): void {
    if (this.#given.has(field)) return;
    const definition = 'getFields' in on ? on.getFields()[field.fieldName] : undefined;
    this.#given.set(field, readGivenArguments(field.call, definition?.args ?? [], this.#variables));
  }
}

/** What the client did not ask for, or nobody is asked for. */
function isFree(field: CanonicalField): boolean {
  return (
    field.isHidden === true ||
    field.denied !== undefined ||
    field.introspection !== undefined ||
    field.fieldName === '__typename'
  );
}

/** Lists within each other. */
function listLevels(type: GraphQLOutputType): number {
  if (isNonNullType(type)) return listLevels(type.ofType);
  return isListType(type) ? 1 + listLevels(type.ofType) : 0;
}
