// Owns what can be kept of a request to a subgraph: its lists of entities and its root fields, each with its shelf.
import { createHash } from 'node:crypto';
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  visit,
} from 'graphql';
import { type SubgraphOperation, subgraphOperation } from '../transport/subgraph-client.ts';
import { anyOf, tagMark } from './changes.ts';
import type { Selected, SelectionRule } from './rules/selection-rule.ts';
import type { Shelf, ShelfRegister } from './shelf.ts';

/** `lists` where it asks for entities; `fields` where it asks for root fields. */
export interface KeepableRequest {
  lists: readonly KeepableList[];
  fields: readonly KeepableField[];
  /** Names of all its variables but representations. */
  variables: readonly string[];
  /** The same request with these of its fields alone, by their places. */
  only: (places: readonly number[]) => SubgraphOperation;
}

export interface KeepableList {
  /** Its response name. */
  name: string;
  /** Of its representations. */
  variable: string;
  /** Of entities of this type, by the `__typename` of the representation; undefined where nothing is kept. */
  shelfOf: (type: string) => Shelf | undefined;
}

export interface KeepableField {
  name: string;
  shelf: Shelf | undefined;
}

/** What may be kept of a selection; `Query` is the root, whatever it is called. */
export type RuleOf = (selected: Selected) => SelectionRule | undefined;

/** Makes the shelves of one subgraph; the same texts have the same shelf as long as the request is remembered. */
export class RequestCompiler {
  readonly #subgraph: string;
  readonly #ruleOf: RuleOf;
  readonly #known = new WeakMap<SubgraphOperation, KeepableRequest | undefined>();
  readonly #register: ShelfRegister;
  readonly #obeysSubgraph: boolean;

  /** Whoever obeys what a subgraph says of keeping must not find what somebody keeps who does not. */
  constructor(
    subgraph: string,
    { ruleOf, register, obeysSubgraph }: { ruleOf: RuleOf; register: ShelfRegister; obeysSubgraph: boolean },
  ) {
    this.#subgraph = subgraph;
    this.#ruleOf = ruleOf;
    this.#register = register;
    this.#obeysSubgraph = obeysSubgraph;
  }

  /** undefined for a request of which nothing is kept. */
  of(operation: SubgraphOperation): KeepableRequest | undefined {
    if (this.#known.has(operation)) return this.#known.get(operation);
    const made = operation.kind === 'query' ? this.#compile(operation) : undefined;
    this.#known.set(operation, made);
    return made;
  }

  #compile({ document: text }: SubgraphOperation): KeepableRequest | undefined {
    const document = parse(text);
    const [definition, ...others] = document.definitions;
    if (
      definition?.kind !== Kind.OPERATION_DEFINITION ||
      others.some(({ kind }) => kind !== Kind.FRAGMENT_DEFINITION)
    ) {
      return undefined;
    }
    const selected = definition.selectionSet.selections;
    const fields = selected.filter((selection) => selection.kind === Kind.FIELD);
    if (fields.length !== selected.length || definition.directives?.length) return undefined;
    const source = new Source(text, document, definition);
    const representations = new Set<string>();
    const lists = fields.flatMap((field) => {
      const list = this.#list(field, source);
      if (list) representations.add(list.variable);
      return list ?? [];
    });
    const keepable = lists.length > 0 ? [] : fields.map((field) => this.#field(field, source));
    const isKept = lists.length > 0 ? lists.length === fields.length : keepable.some(({ shelf }) => shelf);
    if (!isKept) return undefined;
    const variables = source.variables.filter((name) => !representations.has(name));
    const parts = new Map<string, SubgraphOperation>();
    const only = (places: readonly number[]): SubgraphOperation => {
      const key = places.join();
      const known =
        parts.get(key) ??
        subgraphOperation('query', source.only(fields.filter((_, at) => places.includes(at))));
      // So many combinations do not come about by themselves.
      if (parts.size < 100) parts.set(key, known);
      return known;
    };
    return { lists, fields: keepable, variables, only };
  }

  #list(field: FieldNode, source: Source): KeepableList | undefined {
    const { name, arguments: given = [], selectionSet } = field;
    const value = given.find((argument) => argument.name.value === 'representations')?.value;
    if (name.value !== '_entities' || value?.kind !== Kind.VARIABLE || !selectionSet) return undefined;
    const shelves = new Map<string, Shelf | undefined>();
    return {
      name: (field.alias ?? name).value,
      variable: value.name.value,
      shelfOf: (type) => {
        if (!shelves.has(type)) {
          const selection = source.textOf(selectionSet);
          const kept = this.#ruleOf({ type, selectionSet, fragments: source.fragments });
          shelves.set(
            type,
            kept && this.#shelf(type, selection, kept, source.variablesIn(selectionSet), [type]),
          );
        }
        return shelves.get(type);
      },
    };
  }

  #field(field: FieldNode, source: Source): KeepableField {
    const of = `Query.${field.name.value}`;
    const selectionSet = { kind: Kind.SELECTION_SET, selections: [field] } as const;
    const kept = this.#ruleOf({ type: 'Query', selectionSet, fragments: source.fragments });
    const shelf = kept && this.#shelf(of, source.textOf(field), kept, source.variablesIn(field), [of]);
    return { name: (field.alias ?? field.name).value, shelf };
  }

  #shelf(
    of: string,
    selection: string,
    { types, signature, ...rule }: SelectionRule,
    variables: readonly string[],
    own: readonly string[],
  ): Shelf {
    const subgraph = this.#subgraph;
    const hash = createHash('sha256')
      .update(JSON.stringify([subgraph, of, selection, signature, rule, this.#obeysSubgraph]))
      .digest('base64url');
    const marks = [...own, ...types.flatMap((type) => [type, anyOf(type)]), ...rule.tags.map(tagMark)];
    return this.#register.of({
      ...{ subgraph, of, selection, rule, hash, variables },
      marks: [...new Set(marks)],
    });
  }
}

/** The text of a document, and what stands where in it. */
class Source {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variables: readonly string[];
  readonly #text: string;
  readonly #definition: OperationDefinitionNode;

  constructor(text: string, document: DocumentNode, definition: OperationDefinitionNode) {
    this.#text = text;
    this.#definition = definition;
    this.variables = (definition.variableDefinitions ?? []).map(({ variable }) => variable.name.value);
    this.fragments = new Map(
      document.definitions.flatMap((one) =>
        one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one] as const] : [],
      ),
    );
  }

  /** With the fragments that it uses. */
  textOf(node: FieldNode | NonNullable<FieldNode['selectionSet']>): string {
    const used = this.#fragmentsIn(node).map((one) => this.#slice(one));
    return [this.#slice(node), ...used].join(' ');
  }

  variablesIn(node: FieldNode | NonNullable<FieldNode['selectionSet']>): string[] {
    const names = new Set<string>();
    for (const one of [node, ...this.#fragmentsIn(node)]) {
      visit(one, { Variable: ({ name }) => void names.add(name.value) });
    }
    return [...names].sort();
  }

  /** A document of these fields. */
  only(fields: readonly FieldNode[]): string {
    const used = new Set(fields.flatMap((field) => this.variablesIn(field)));
    const definitions = (this.#definition.variableDefinitions ?? [])
      .filter(({ variable }) => used.has(variable.name.value))
      .map((one) => this.#slice(one));
    const head = definitions.length > 0 ? `query(${definitions.join(',')})` : '';
    const fragments = new Set(fields.flatMap((field) => this.#fragmentsIn(field)));
    const tail = [...fragments].map((one) => this.#slice(one)).join(' ');
    return `${head}{${fields.map((field) => this.#slice(field)).join(' ')}}${tail}`;
  }

  #fragmentsIn(node: FieldNode | NonNullable<FieldNode['selectionSet']>): FragmentDefinitionNode[] {
    const found = new Set<FragmentDefinitionNode>();
    const look = (one: typeof node | FragmentDefinitionNode): void => {
      visit(one, {
        FragmentSpread: ({ name }) => {
          const fragment = this.fragments.get(name.value);
          if (fragment === undefined || found.has(fragment)) return;
          found.add(fragment);
          look(fragment);
        },
      });
    };
    look(node);
    return [...found];
  }

  #slice({ loc }: { loc?: { start: number; end: number } | undefined }): string {
    return this.#text.slice(loc?.start ?? 0, loc?.end ?? 0);
  }
}
