// Owns what has to be known of a supergraph to follow an answer through its document: which types there are, what a subgraph
// may answer for them, and which fields are read by the plan itself.
import { type ConstDirectiveNode, type DocumentNode, Kind, type SelectionSetNode } from 'graphql';
import { stringArgument } from '../../foundation/supergraph-facts.ts';
import {
  graphOf,
  isSupergraphType,
  parseSelection,
  SupergraphTypes,
} from '../../planner/corrections/supergraph-types.ts';

export class GraphTypes {
  readonly #types: SupergraphTypes;
  /** Names of objects by `subgraph.abstract type`. */
  readonly #possible = new Map<string, string[]>();
  readonly #implementing = new Map<string, string[]>();
  readonly #needed = new Set<string>();

  constructor(document: DocumentNode) {
    const types = new SupergraphTypes(document);
    this.#types = types;
    for (const [type, interfaces] of types.interfaces) {
      for (const one of interfaces) {
        this.#implementing.set(one, [...(this.#implementing.get(one) ?? []), type]);
      }
    }
    for (const definition of document.definitions) {
      if (!isSupergraphType(definition) && definition.kind !== Kind.UNION_TYPE_DEFINITION) continue;
      for (const join of definition.directives ?? []) this.#addPossible(definition.name.value, join);
    }
    for (const definition of document.definitions.filter(isSupergraphType)) {
      const type = definition.name.value;
      for (const join of definition.directives ?? []) {
        if (join.name.value === 'join__type') this.#need(type, stringArgument(join, 'key'));
      }
      for (const { directives = [] } of definition.fields ?? []) {
        for (const join of directives) {
          if (join.name.value !== 'join__field') continue;
          this.#need(type, stringArgument(join, 'requires'));
          for (const { context, selection } of contextsOf(join)) {
            for (const around of types.inContext(context)) this.#need(around, selection);
          }
        }
      }
    }
  }

  get queryType(): string {
    return this.#types.rootType('query') ?? 'Query';
  }

  isObject(type: string): boolean {
    return this.#types.objects.has(type);
  }

  interfacesOf(type: string): readonly string[] {
    return this.#types.interfaces.get(type) ?? [];
  }

  /** Names of the objects that a subgraph may answer for an abstract type; none for what it knows as an object. */
  possibleTypes(subgraph: string, type: string): readonly string[] {
    return this.#possible.get(`${subgraph}.${type}`) ?? [];
  }

  /** Whether a subgraph says of its objects that they are of this type. */
  isAnswered(subgraph: string, type: string): boolean {
    return this.isObject(type) || this.#types.interfaceObjects.get(subgraph)?.has(type) === true;
  }

  /** The name of a field's type, lists and non-nulls taken off; undefined for what the supergraph does not have. */
  fieldType(type: string, field: string): string | undefined {
    return this.#types.fieldType(type, field, undefined);
  }

  /** Whether a field is part of a key, or read by another for `@requires` or from a context: others fail where it is not asked for. */
  isNeeded(type: string, field: string): boolean {
    return field === '__typename' || this.#needed.has(`${type}.${field}`);
  }

  #addPossible(type: string, join: ConstDirectiveNode): void {
    const isObject = this.isObject(type);
    const subgraph = this.#types.subgraphName(graphOf(join));
    const [abstract, object] =
      join.name.value === 'join__implements' && isObject
        ? [stringArgument(join, 'interface'), type]
        : join.name.value === 'join__unionMember'
          ? [type, stringArgument(join, 'member')]
          : [];
    if (abstract === undefined || object === undefined) return;
    const key = `${subgraph}.${abstract}`;
    this.#possible.set(key, [...(this.#possible.get(key) ?? []), object]);
  }

  #need(type: string, selection: string | undefined): void {
    if (selection !== undefined && selection !== '') this.#needAll(type, parseSelection(selection));
  }

  #needAll(type: string, { selections }: SelectionSetNode): void {
    for (const selection of selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        this.#needAll(selection.typeCondition?.name.value ?? type, selection.selectionSet);
      } else if (selection.kind === Kind.FIELD) {
        const field = selection.name.value;
        for (const one of this.#alike(type)) this.#needed.add(`${one}.${field}`);
        const inner = this.fieldType(type, field);
        if (selection.selectionSet && inner !== undefined) this.#needAll(inner, selection.selectionSet);
      }
    }
  }

  /** What is needed of an interface is needed of its objects, and an object may be asked for as its interface. */
  #alike(type: string): readonly string[] {
    return [type, ...this.interfacesOf(type), ...(this.#implementing.get(type) ?? [])];
  }
}

interface ContextRead {
  context: string;
  selection: string;
}

function contextsOf(join: ConstDirectiveNode): ContextRead[] {
  const value = join.arguments?.find(({ name }) => name.value === 'contextArguments')?.value;
  if (value?.kind !== Kind.LIST) return [];
  return value.values.flatMap((one) => {
    if (one.kind !== Kind.OBJECT) return [];
    const texts = new Map(
      one.fields.flatMap(({ name, value: text }) =>
        text.kind === Kind.STRING ? [[name.value, text.value] as const] : [],
      ),
    );
    const context = texts.get('context');
    const selection = texts.get('selection');
    return context !== undefined && selection !== undefined ? [{ context, selection }] : [];
  });
}
