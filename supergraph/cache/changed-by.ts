// Owns what a mutation has changed, as far as its answer says: every entity that it returns.
import {
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
} from 'graphql';
import { isRecord } from '../foundation/is-record.ts';
import type { SubgraphOperation, SubgraphResponse } from '../transport/subgraph-client.ts';
import type { Change } from './changes.ts';
import type { EntityKeys } from './entity-keys.ts';
import type { SchemaFacts } from './rules/schema-facts.ts';

/** Finds entities in answers to mutations. */
export class ChangedBy {
  readonly #facts: SchemaFacts;
  readonly #keys: EntityKeys;
  readonly #known = new WeakMap<SubgraphOperation, Mutation>();

  constructor(facts: SchemaFacts, keys: EntityKeys) {
    this.#facts = facts;
    this.#keys = keys;
  }

  /**
   * Entities by each of their keys; by their types where the answer does not have all of these. Without an answer nobody
   * knows what has happened, and it is all types that it could have returned.
   */
  mutation(operation: SubgraphOperation, answer: SubgraphResponse | undefined): Change {
    const mutation = this.#mutationOf(operation);
    const found: Found = { keys: new Set(), types: new Set() };
    const { definition, fragments } = mutation;
    const root = this.#facts.schema.getMutationType()?.name;
    if (definition === undefined || root === undefined) return {};
    const walk = new Walk(this.#facts, this.#keys, fragments, found);
    if (isRecord(answer?.data)) walk.object(answer.data, root, [definition.selectionSet]);
    if (answer === undefined || answer.errors !== undefined)
      walk.types(root, definition.selectionSet, new Set());
    return { keys: [...found.keys], types: [...found.types] };
  }

  #mutationOf(operation: SubgraphOperation): Mutation {
    const known = this.#known.get(operation);
    if (known) return known;
    const fragments = new Map<string, FragmentDefinitionNode>();
    let definition: OperationDefinitionNode | undefined;
    for (const one of parse(operation.document, { noLocation: true }).definitions) {
      if (one.kind === Kind.FRAGMENT_DEFINITION) fragments.set(one.name.value, one);
      else if (one.kind === Kind.OPERATION_DEFINITION) definition = one;
    }
    const mutation = { definition, fragments };
    this.#known.set(operation, mutation);
    return mutation;
  }
}

interface Mutation {
  definition: OperationDefinitionNode | undefined;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

interface Found {
  keys: Set<string>;
  types: Set<string>;
}

class Walk {
  readonly #facts: SchemaFacts;
  readonly #keys: EntityKeys;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #found: Found;

  constructor(facts: SchemaFacts, keys: EntityKeys, fragments: Mutation['fragments'], found: Found) {
    this.#facts = facts;
    this.#keys = keys;
    this.#fragments = fragments;
    this.#found = found;
  }

  object(value: Record<string, unknown>, type: string, sets: readonly SelectionSetNode[]): void {
    const fields = sets.flatMap((set) => this.#fieldsOf(set));
    const told = fields.find(({ name }) => name.value === '__typename');
    const named = told && value[(told.alias ?? told.name).value];
    const concrete = typeof named === 'string' && this.#facts.schema.getType(named) ? named : type;
    for (const one of this.#entitiesOf(concrete)) this.#note(one, value, fields);
    for (const field of fields) {
      if (field.selectionSet === undefined) continue;
      const given =
        this.#facts.givenBy(concrete, field.name.value) ?? this.#facts.givenBy(type, field.name.value);
      if (given !== undefined)
        this.#value(value[(field.alias ?? field.name).value], given, [field.selectionSet]);
    }
  }

  /** All entities that could be returned. */
  types(type: string, set: SelectionSetNode, within: Set<SelectionSetNode>): void {
    if (within.has(set)) return;
    within.add(set);
    for (const one of this.#facts.possibleTypes(type))
      for (const name of this.#entitiesOf(one)) this.#found.types.add(name);
    for (const field of this.#fieldsOf(set)) {
      if (field.selectionSet === undefined) continue;
      const owners = [type, ...this.#facts.possibleTypes(type)];
      const given = owners
        .map((one) => this.#facts.givenBy(one, field.name.value))
        .find((one) => one !== undefined);
      if (given !== undefined) this.types(given, field.selectionSet, within);
    }
  }

  #value(value: unknown, type: string, sets: readonly SelectionSetNode[]): void {
    if (Array.isArray(value)) for (const item of value) this.#value(item, type, sets);
    else if (isRecord(value)) this.object(value, type, sets);
  }

  #note(type: string, value: Record<string, unknown>, fields: readonly FieldNode[]): void {
    const { marks, isWhole } = this.#keys.marks(type, (path) => {
      let inner: unknown = value;
      let there: readonly FieldNode[] = fields;
      for (const name of path) {
        const field = there.find((one) => one.name.value === name);
        inner = field && isRecord(inner) ? inner[(field.alias ?? field.name).value] : undefined;
        there = field?.selectionSet ? this.#fieldsOf(field.selectionSet) : [];
      }
      return inner;
    });
    for (const mark of marks) this.#found.keys.add(mark);
    if (!isWhole) this.#found.types.add(type);
  }

  /** The type, and interfaces of it, as far as entities are known by these names. */
  #entitiesOf(type: string): string[] {
    const found = this.#facts.schema.getType(type);
    if (!isCompositeType(found)) return [];
    const interfaces = isObjectType(found) || isInterfaceType(found) ? found.getInterfaces() : [];
    return [type, ...interfaces.map((one) => getNamedType(one).name)].filter((name) =>
      this.#facts.isEntity(name),
    );
  }

  #fieldsOf({ selections }: SelectionSetNode): FieldNode[] {
    return selections.flatMap((selection) => {
      if (selection.kind === Kind.FIELD) return [selection];
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT ? selection : this.#fragments.get(selection.name.value);
      return fragment ? this.#fieldsOf(fragment.selectionSet) : [];
    });
  }
}
