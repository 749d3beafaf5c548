// Owns what an operation has cost, as its answer shows: the same reckoning, with the lists as long as they were.
import { type GraphQLCompositeType, getNamedType, isCompositeType } from 'graphql';
import { isRecord } from '../../foundation/is-record.ts';
import type { CanonicalOperation } from '../../planner/canonical/canonical-operation.ts';
import type { CanonicalField, CanonicalSelection } from '../../planner/canonical/canonical-selection.ts';
import { amountIn, type Reckoning } from './amount.ts';
import { type CostedFields, type FieldOnType, mutationFieldCost } from './costed-fields.ts';

/** What is looked at of one answer, in values and fields of types: more keeps others waiting. */
const mostLooks = 100_000;

/**
 * Of the data under the client's names; what is null in it costs no more than its arguments. undefined where it takes too long
 * to find out.
 */
export function actualCost(
  { kind, rootType, selections }: CanonicalOperation,
  fields: CostedFields,
  data: unknown,
  reckoning: Reckoning,
): number | undefined {
  const actual = new Actual(fields, reckoning);
  const roots = [...fields.selected(selections, rootType, rootType)];
  const own = kind === 'mutation' ? mutationFieldCost * roots.length : 0;
  const cost = own + (isRecord(data) ? actual.object(data, selections, rootType, true) : 0);
  return actual.isTooLong ? undefined : cost;
}

class Actual {
  readonly #fields: CostedFields;
  readonly #reckoning: Reckoning;
  readonly #forms = new Map<readonly CanonicalSelection[], ObjectForm>();
  #looks = 0;

  constructor(fields: CostedFields, reckoning: Reckoning) {
    this.#fields = fields;
    this.#reckoning = reckoning;
  }

  get isTooLong(): boolean {
    return this.#looks > mostLooks;
  }

  /** `isWeighed`: whether it is said of the field what an object in it costs by itself. */
  object(
    data: Readonly<Record<string, unknown>>,
    selections: readonly CanonicalSelection[],
    on: GraphQLCompositeType,
    isWeighed: boolean,
  ): number {
    const { types, values } = this.#formOf(selections, on);
    /** What is in a value is the same whatever type of object has it. */
    const contents: Content[] = [];
    const told = typeNameIn(data, selections);
    let dearest = 0;
    for (const { name, weight, fields } of types) {
      if (told !== undefined && told !== name) continue;
      this.#looks += 1 + fields.length;
      if (this.isTooLong) return 0;
      let cost = isWeighed ? 0 : weight;
      for (const { at, itemWeight, argumentsCost } of fields) {
        const { field, isWeighed } = values[at] as Value;
        if (!Object.hasOwn(data, field.responseName)) continue;
        contents[at] ??= this.#content(data[field.responseName], field, isWeighed);
        const { items, cost: content } = contents[at];
        cost += Math.max(0, Math.max(0, items * itemWeight + content) + argumentsCost);
      }
      dearest = Math.max(dearest, cost);
    }
    return dearest;
  }

  #content(value: unknown, field: CanonicalField, isWeighed: boolean): Content {
    this.#looks += 1;
    if (value === null || value === undefined) return nothing;
    if (Array.isArray(value)) {
      let items = 0;
      let cost = 0;
      for (const item of value) {
        if (this.isTooLong) break;
        const content = this.#content(item, field, isWeighed);
        items += content.items;
        cost += content.cost;
      }
      return { items, cost };
    }
    const type = getNamedType(field.type);
    if (!isCompositeType(type)) return { items: 1, cost: isWeighed ? 0 : this.#fields.leafWeight(type) };
    const { selections } = field;
    const cost = selections && isRecord(value) ? this.object(value, selections, type, isWeighed) : 0;
    return { items: 1, cost };
  }

  /** The same selections are always those of the same field, and so on the same type. */
  #formOf(selections: readonly CanonicalSelection[], on: GraphQLCompositeType): ObjectForm {
    const known = this.#forms.get(selections);
    if (known) return known;
    const values: Value[] = [];
    const places = new Map<CanonicalField, Map<boolean, number>>();
    const placeOf = (field: CanonicalField, isWeighed: boolean): number => {
      const ofField = places.get(field) ?? new Map<boolean, number>();
      places.set(field, ofField);
      const place = ofField.get(isWeighed) ?? values.push({ field, isWeighed }) - 1;
      ofField.set(isWeighed, place);
      return place;
    };
    const argumentsOf = new Map<CanonicalField, Map<FieldOnType['terms'], number>>();
    const argumentsCostOf = (one: FieldOnType): number => {
      const ofField = argumentsOf.get(one.field) ?? new Map<FieldOnType['terms'], number>();
      argumentsOf.set(one.field, ofField);
      const cost = ofField.get(one.terms) ?? amountIn(this.#fields.arguments(one), this.#reckoning);
      ofField.set(one.terms, cost);
      return cost;
    };
    const possible = this.#fields.possibleTypes(on);
    this.#looks += possible.length * selections.length;
    const types = possible.map((type) => ({
      name: type.name,
      weight: this.#fields.objectWeight(type, on),
      fields: [...this.#fields.selected(selections, on, type)].map((one) => ({
        at: placeOf(one.field, one.terms.weight !== undefined),
        itemWeight: one.terms.weight ?? 0,
        argumentsCost: argumentsCostOf(one),
      })),
    }));
    const form = { types, values };
    this.#forms.set(selections, form);
    return form;
  }
}

/** What is selected of an object, on each type that it can be: worked out once for all objects there. */
interface ObjectForm {
  types: readonly {
    name: string;
    /** Of the object by itself. */
    weight: number;
    fields: readonly {
      /** Where its value is among `values`. */
      at: number;
      itemWeight: number;
      argumentsCost: number;
    }[];
  }[];
  values: readonly Value[];
}

interface Value {
  field: CanonicalField;
  isWeighed: boolean;
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
