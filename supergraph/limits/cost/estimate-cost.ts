// Owns what an operation may cost before it runs: worked out once, but for what its variables say.
import { type GraphQLCompositeType, getNamedType, isCompositeType } from 'graphql';
import type { CanonicalOperation } from '../../planner/canonical/canonical-operation.ts';
import type { CanonicalField, CanonicalSelection } from '../../planner/canonical/canonical-selection.ts';
import { type Amount, largest, notBelowZero, once, sum, times } from './amount.ts';
import { type CostedFields, type FieldOnType, mutationFieldCost } from './costed-fields.ts';

/** What a field says of the size of lists in what it gives. */
interface Sized {
  names: ReadonlySet<string>;
  size: Amount;
}

export function estimateCost(
  { kind, rootType, selections }: CanonicalOperation,
  fields: CostedFields,
): Amount {
  const estimate = new Estimate(fields);
  const each = [...fields.selected(selections, rootType, rootType)].map((one) => estimate.field(one));
  return sum([...each, kind === 'mutation' ? mutationFieldCost * each.length : 0]);
}

class Estimate {
  readonly #fields: CostedFields;
  /** Of what is selected in a field, where nothing around says how long its lists are: with and without the objects' own. */
  readonly #inner = new Map<CanonicalField, Map<boolean, Amount>>();

  constructor(fields: CostedFields) {
    this.#fields = fields;
  }

  field(one: FieldOnType, around?: Sized): Amount {
    const { field, terms } = one;
    const sized = around?.names.has(field.fieldName) ? around.size : undefined;
    const item = notBelowZero(sum([terms.weight ?? 0, this.#itemOf(one)]));
    const items = this.#fields.items(one, sized);
    return once(notBelowZero(sum([times(items, item), this.#fields.arguments(one)])));
  }

  /** Of one item, but for what is said of the field. */
  #itemOf(one: FieldOnType): Amount {
    const { field, terms } = one;
    const type = getNamedType(field.type);
    const isWeighed = terms.weight !== undefined;
    if (!isCompositeType(type)) return isWeighed ? 0 : this.#fields.leafWeight(type);
    const names = terms.listSize?.sized;
    if (names !== undefined && names.size > 0) {
      const sized = { names, size: this.#fields.size(one) ?? 1 };
      return this.#objects(field.selections ?? [], type, isWeighed, sized);
    }
    const known = this.#inner.get(field) ?? new Map<boolean, Amount>();
    this.#inner.set(field, known);
    const made = known.get(isWeighed) ?? this.#objects(field.selections ?? [], type, isWeighed);
    known.set(isWeighed, made);
    return made;
  }

  /** Of the dearest of the types that it can be. */
  #objects(
    selections: readonly CanonicalSelection[],
    on: GraphQLCompositeType,
    isWeighed: boolean,
    around?: Sized,
  ): Amount {
    const known = new Map<CanonicalField, Map<FieldOnType['terms'], Amount>>();
    const costOf = (one: FieldOnType): Amount => {
      const ofField = known.get(one.field) ?? new Map<FieldOnType['terms'], Amount>();
      known.set(one.field, ofField);
      const made = ofField.get(one.terms) ?? this.field(one, around);
      ofField.set(one.terms, made);
      return made;
    };
    const each = this.#fields.possibleTypes(on).map((type) => {
      const selected = [...this.#fields.selected(selections, on, type)].map(costOf);
      return { own: isWeighed ? 0 : this.#fields.objectWeight(type, on), selected };
    });
    return once(largest(distinct(each)));
  }
}

/** Most types of an interface cost the same. */
function distinct(types: readonly { own: number; selected: readonly Amount[] }[]): Amount[] {
  const numbers = new Map<Amount, number>();
  const numberOf = (amount: Amount): number => {
    const number = numbers.get(amount) ?? numbers.size;
    numbers.set(amount, number);
    return number;
  };
  const found = new Map<string, Amount>();
  for (const { own, selected } of types) {
    const key = `${own} ${selected.map(numberOf).join()}`;
    if (!found.has(key)) found.set(key, sum([own, ...selected]));
  }
  return [...found.values()];
}
