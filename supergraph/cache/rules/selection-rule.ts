// Owns the cache rule of what a fetch selects of one entity, or of a field of `Query`: the strictest of all its fields.
import {
  type FieldNode,
  type FragmentDefinitionNode,
  isInterfaceType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import type { FieldRules, Whereabouts } from './field-rules.ts';
import { isStub } from './is-stub.ts';
import { neverPublic, type ResolvedRule, strictestByScope, strictestOf } from './resolved-rule.ts';
import type { SchemaFacts } from './schema-facts.ts';

export interface Selected {
  /** That the representations name, which may be an interface; or `Query`. */
  type: string;
  /** Of an `_entities` field, with fragments for all types it is asked for; or one that holds a field of `Query`. */
  selectionSet: SelectionSetNode;
  /** Of the fetch's document, by name. */
  fragments?: ReadonlyMap<string, FragmentDefinitionNode>;
}

export interface SelectionRule extends ResolvedRule {
  /**
   * Entities that are inside, also those that are only named by a key, for others may belong there when one of them has
   * changed; and interfaces that are entities and that they implement.
   */
  types: readonly string[];
  /** All coordinates that are selected, with the types they have now: another text, another shape. */
  signature: string;
}

/** undefined when it must not be kept. */
export function selectionRule(
  rules: FieldRules,
  facts: SchemaFacts,
  { type, selectionSet, fragments = new Map() }: Selected,
): SelectionRule | undefined {
  const walk = new Walk(rules, facts, fragments);
  const possible = facts.possibleTypes(type);
  const whole = new Map<string, Whereabouts>(possible.map((one) => [one, 'entity']));
  const isKept = walk.fields(selectionSet, type, possible, whole, []);
  if (!isKept) return undefined;
  // Nothing but its name is asked for, and that is there only where the entity is.
  if (walk.found.length === 0 && facts.rootOf(type) === undefined) {
    for (const one of possible) {
      const named = rules.ofField(one, '__typename', 'entity');
      if (named === undefined) return undefined;
      walk.found.push(...named);
    }
  }
  if (walk.found.length === 0) return undefined;
  return {
    ...strictestOf(walk.found),
    types: [...walk.types].sort(),
    signature: [...walk.coordinates].sort().join(' '),
  };
}

class Walk {
  readonly found: ResolvedRule[] = [];
  readonly types = new Set<string>();
  readonly coordinates = new Set<string>();
  private readonly rules: FieldRules;
  private readonly facts: SchemaFacts;
  private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;

  constructor(rules: FieldRules, facts: SchemaFacts, fragments: ReadonlyMap<string, FragmentDefinitionNode>) {
    this.rules = rules;
    this.facts = facts;
    this.fragments = fragments;
  }

  /**
   * Goes through what is selected on a type, of which the objects at this place are `possible` ones; false as soon as
   * something must not be kept. Each field is seen once, however many types it is selected on.
   */
  fields(
    { selections }: SelectionSetNode,
    type: string,
    possible: readonly string[],
    whereabouts: ReadonlyMap<string, Whereabouts>,
    holders: readonly ResolvedRule[],
  ): boolean {
    return selections.every((selection) => {
      if (selection.kind === Kind.FIELD) return this.field(selection, type, possible, whereabouts, holders);
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT ? selection : this.fragments.get(selection.name.value);
      if (fragment === undefined) return false;
      const condition = fragment.typeCondition?.name.value ?? type;
      if (this.facts.schema.getType(condition) === undefined) return false;
      const meeting = new Set(this.facts.possibleTypes(condition));
      const left = possible.filter((one) => meeting.has(one));
      if (left.length === 0) return true;
      return this.fields(fragment.selectionSet, condition, left, whereabouts, holders);
    });
  }

  private field(
    { name, selectionSet }: FieldNode,
    type: string,
    possible: readonly string[],
    whereabouts: ReadonlyMap<string, Whereabouts>,
    holders: readonly ResolvedRule[],
  ): boolean {
    const field = name.value;
    for (const one of new Set([type, ...possible])) this.note(one, field);
    const own: ResolvedRule[] = [];
    for (const one of possible) {
      const place = whereabouts.get(one) ?? 'entity';
      // Of an entity it says nothing that is not known by whoever names it.
      if (field === '__typename' && (place !== 'part' || this.facts.rootOf(one) !== undefined)) continue;
      const found = this.rules.ofField(one, field, place, holders);
      if (found === undefined) return false;
      own.push(...found);
    }
    if (own.length === 0) return true;
    this.found.push(...own);
    if (this.isProtectedForAll(type, field, possible)) this.found.push(neverPublic(strictestOf(own)));
    if (selectionSet === undefined) return true;
    const isKey = possible.every((one) => whereabouts.get(one) === 'key');
    const given = possible.flatMap((one) => this.facts.givenBy(one, field) ?? []);
    const inner = this.facts.givenBy(type, field) ?? given[0];
    if (inner === undefined) return false;
    const places = this.placesIn(selectionSet, given, isKey);
    return this.fields(selectionSet, inner, [...places.keys()], places, strictestByScope(own));
  }

  /** Of all objects that these types can be. */
  private placesIn(
    selectionSet: SelectionSetNode,
    types: readonly string[],
    isKey: boolean,
  ): Map<string, Whereabouts> {
    const places = new Map<string, Whereabouts>();
    for (const type of new Set(types.flatMap((one) => this.facts.possibleTypes(one)))) {
      const place = isKey ? 'key' : this.placeOf(type, selectionSet);
      places.set(type, place);
      if (place === 'part') continue;
      for (const name of [type, ...this.facts.interfacesOf(type)]) {
        if (this.facts.isEntity(name)) this.types.add(name);
      }
    }
    return places;
  }

  private placeOf(type: string, selectionSet: SelectionSetNode): Whereabouts {
    if (!this.facts.isEntity(type)) return 'part';
    return isStub(this.facts, type, selectionSet, this.fragments) ? 'key' : 'entity';
  }

  /** What an interface demands by itself binds where the field is asked of all that it can be; else that of each type does. */
  private isProtectedForAll(type: string, field: string, possible: readonly string[]): boolean {
    const isOfInterface = isInterfaceType(this.facts.schema.getType(type)) && !possible.includes(type);
    if (!isOfInterface || possible.length < this.facts.possibleTypes(type).length) return false;
    return this.rules.isProtected(type, field);
  }

  private note(type: string, field: string): void {
    const given = field === '__typename' ? 'String!' : this.facts.typeOfField(type, field);
    this.coordinates.add(`${type}.${field}:${String(given)}`);
  }
}
