// Owns what an operation has cost, as its answer shows: the same reckoning, with the lists as long as they were.
import { type GraphQLCompositeType, getNamedType, isCompositeType } from 'graphql';
import { isRecord } from '../../foundation/is-record.ts';
import type { CanonicalOperation } from '../../planner/canonical/canonical-operation.ts';
import type { CanonicalField, CanonicalSelection } from '../../planner/canonical/canonical-selection.ts';
import { type Amount, amountIn, once, type Reckoning } from './amount.ts';
import { type CostedFields, type FieldOnType, mutationFieldCost } from './costed-fields.ts';

/** Of the data under the client's names; what is null in it costs no more than its arguments. */
export function actualCost(
  { kind, rootType, selections }: CanonicalOperation,
  fields: CostedFields,
  data: unknown,
  reckoning: Reckoning,
): number {
  const actual = new Actual(fields, reckoning);
  const roots = [...fields.selected(selections, rootType, rootType)];
  const own = kind === 'mutation' ? mutationFieldCost * roots.length : 0;
  return own + (isRecord(data) ? actual.object(data, selections, rootType, true) : 0);
}

class Actual {
  readonly #fields: CostedFields;
  readonly #reckoning: Reckoning;
  readonly #arguments = new Map<CanonicalField, Map<FieldOnType['terms'], Amount>>();

  constructor(fields: CostedFields, reckoning: Reckoning) {
    this.#fields = fields;
    this.#reckoning = reckoning;
  }

  /** `isWeighed`: whether it is said of the field what an object in it costs by itself. */
  object(
    data: Readonly<Record<string, unknown>>,
    selections: readonly CanonicalSelection[],
    on: GraphQLCompositeType,
    isWeighed: boolean,
  ): number {
    /** What is in a value is the same whatever type of object has it. */
    const inner = new Map<CanonicalField, Map<boolean, Content>>();
    const contentOf = (field: CanonicalField, isWeighed: boolean): Content => {
      const known = inner.get(field) ?? new Map<boolean, Content>();
      inner.set(field, known);
      const made = known.get(isWeighed) ?? this.#content(data[field.responseName], field, isWeighed);
      known.set(isWeighed, made);
      return made;
    };
    const told = typeNameIn(data, selections);
    let dearest = 0;
    for (const type of this.#fields.possibleTypes(on)) {
      if (told !== undefined && told !== type.name) continue;
      let cost = isWeighed ? 0 : this.#fields.objectWeight(type, on);
      for (const one of this.#fields.selected(selections, on, type)) {
        const { field, terms } = one;
        if (!Object.hasOwn(data, field.responseName)) continue;
        const { items, cost: content } = contentOf(field, terms.weight !== undefined);
        const own = items * (terms.weight ?? 0) + content;
        cost += Math.max(0, Math.max(0, own) + this.#argumentsOf(one));
      }
      dearest = Math.max(dearest, cost);
    }
    return dearest;
  }

  #content(value: unknown, field: CanonicalField, isWeighed: boolean): Content {
    if (value === null || value === undefined) return nothing;
    if (Array.isArray(value)) {
      let items = 0;
      let cost = 0;
      for (const item of value) {
        const content = this.#content(item, field, isWeighed);
        items += content.items;
        cost += content.cost;
      }
      return { items, cost };
    }
    const type = getNamedType(field.type);
    if (!isCompositeType(type)) return { items: 1, cost: isWeighed ? 0 : this.#fields.leafWeight(type) };
    const cost = isRecord(value) ? this.object(value, field.selections ?? [], type, isWeighed) : 0;
    return { items: 1, cost };
  }

  #argumentsOf(one: FieldOnType): number {
    const known = this.#arguments.get(one.field) ?? new Map<FieldOnType['terms'], Amount>();
    this.#arguments.set(one.field, known);
    const amount = known.get(one.terms) ?? once(this.#fields.arguments(one));
    known.set(one.terms, amount);
    return amountIn(amount, this.#reckoning);
  }
}

/** Where the client has asked for it on whatever the object is. */
function typeNameIn(
  data: Readonly<Record<string, unknown>>,
  selections: readonly CanonicalSelection[],
): unknown {
  for (const one of selections) {
    if (one.kind === 'field' && one.fieldName === '__typename' && !one.isHidden)
      return data[one.responseName];
  }
  return undefined;
}

/** What is in the value of a field: values that are not null, and what they cost but for the field's own weight. */
interface Content {
  items: number;
  cost: number;
}

const nothing: Content = { items: 0, cost: 0 };
