// Owns what is looked up in a supergraph's document by name: types, fields and their types per subgraph, contexts.
import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type InterfaceTypeDefinitionNode,
  isTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type OperationTypeDefinitionNode,
  parse,
  parseType,
  print,
  type SelectionSetNode,
  stripIgnoredCharacters,
  type TypeNode,
} from 'graphql';
import { stringArgument } from '../../foundation/supergraph-facts.ts';

export type SupergraphType = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

export class SupergraphTypes {
  readonly objects = new Set<string>();
  /** Names of the interfaces of each type. */
  readonly interfaces = new Map<string, readonly string[]>();
  /** Names of the interfaces that a subgraph knows as objects, by its name. */
  readonly interfaceObjects = new Map<string, Set<string>>();
  /** Names of the interfaces that a subgraph has without a type that implements them. */
  readonly bareInterfaces = new Set<string>();
  private readonly roots = new Map<string, string>();
  private readonly types = new Map<string, SupergraphType>();
  private readonly contexts = new Map<string, string[]>();
  private readonly subgraphs = new Map<string, string>();

  constructor(document: DocumentNode) {
    for (const definition of document.definitions) {
      if (definition.kind === Kind.ENUM_TYPE_DEFINITION && definition.name.value === 'join__Graph') {
        for (const { name, directives } of definition.values ?? []) {
          const join = directives?.find((directive) => directive.name.value === 'join__graph');
          this.subgraphs.set(name.value, (join && stringArgument(join, 'name')) ?? name.value);
        }
      }
    }
    for (const definition of document.definitions) {
      for (const root of rootsOf(definition)) this.roots.set(root.operation, root.type.name.value);
      if (isTypeDefinitionNode(definition)) {
        this.addContexts(definition.name.value, definition.directives ?? []);
      }
      if (!isSupergraphType(definition)) continue;
      const name = definition.name.value;
      this.types.set(name, definition);
      if (definition.kind === Kind.OBJECT_TYPE_DEFINITION) this.objects.add(name);
      for (const directive of definition.directives ?? []) {
        const isObject = directive.name.value === 'join__type' && isTrue(directive, 'isInterfaceObject');
        const subgraph = isObject ? this.subgraphName(graphOf(directive)) : undefined;
        if (subgraph === undefined) continue;
        this.interfaceObjects.set(subgraph, (this.interfaceObjects.get(subgraph) ?? new Set()).add(name));
      }
      this.interfaces.set(
        name,
        (definition.interfaces ?? []).map((implemented) => implemented.name.value),
      );
    }
    this.addBareInterfaces();
  }

  rootType(operation: string): string | undefined {
    return this.roots.get(operation);
  }

  /** The interface from which a type has a field of an @interfaceObject that requires something. */
  requiringInterface(type: string, field: string): string | undefined {
    return this.interfaces.get(type)?.find((owner) =>
      this.joins(owner, field).some((join) => {
        const subgraph = this.subgraphName(graphOf(join));
        return (
          stringArgument(join, 'requires') !== undefined &&
          subgraph !== undefined &&
          this.interfaceObjects.get(subgraph)?.has(owner)
        );
      }),
    );
  }

  /** The name of a field's type, lists and non-nulls taken off, as the subgraph of that `join__Graph` value sees it. */
  fieldType(type: string, field: string, graph: string | undefined): string | undefined {
    const definition = this.types.get(type)?.fields?.find(({ name }) => name.value === field);
    const join = this.joins(type, field).find((directive) => graphOf(directive) === graph);
    const own = join && stringArgument(join, 'type');
    if (own !== undefined) return namedType(parseType(own));
    return definition && namedType(definition.type);
  }

  /** Names of the types that set a context. */
  inContext(context: string): readonly string[] {
    return this.contexts.get(context) ?? [];
  }

  subgraphName(graph: string | undefined): string | undefined {
    return graph === undefined ? undefined : this.subgraphs.get(graph);
  }

  /** Begins with the given letters; no field of the supergraph begins with it. */
  freePrefix(letters: string): string {
    const names = [...this.types.values()].flatMap(({ fields }) =>
      (fields ?? []).map(({ name }) => name.value),
    );
    let prefix = letters;
    while (names.some((name) => name.startsWith(prefix))) prefix += '_';
    return prefix;
  }

  private joins(type: string, field: string): ConstDirectiveNode[] {
    const definition = this.types.get(type)?.fields?.find(({ name }) => name.value === field);
    return (definition?.directives ?? []).filter((directive) => directive.name.value === 'join__field');
  }

  private addBareInterfaces(): void {
    const implemented = new Set<string>();
    const known = [...this.types.values()].flatMap(({ kind, name, directives = [] }) =>
      directives.map((join) => ({ isObject: kind === Kind.OBJECT_TYPE_DEFINITION, name: name.value, join })),
    );
    for (const { isObject, join } of known) {
      if (!isObject || join.name.value !== 'join__implements') continue;
      implemented.add(`${graphOf(join)} ${stringArgument(join, 'interface')}`);
    }
    for (const { isObject, name, join } of known) {
      if (isObject || join.name.value !== 'join__type' || isTrue(join, 'isInterfaceObject')) continue;
      if (!implemented.has(`${graphOf(join)} ${name}`)) this.bareInterfaces.add(name);
    }
  }

  private addContexts(type: string, directives: readonly ConstDirectiveNode[]): void {
    for (const directive of directives) {
      const context = directive.name.value === 'context' && stringArgument(directive, 'name');
      if (context) this.contexts.set(context, [...(this.contexts.get(context) ?? []), type]);
    }
  }
}

export function isSupergraphType(definition: { kind: string }): definition is SupergraphType {
  return (
    definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.INTERFACE_TYPE_DEFINITION
  );
}

/** The `join__Graph` value that a `@join__…` directive speaks of. */
export function graphOf(join: ConstDirectiveNode): string | undefined {
  const value = join.arguments?.find((argument) => argument.name.value === 'graph')?.value;
  return value?.kind === Kind.ENUM ? value.value : undefined;
}

/** Selections as directives hold them, with or without braces around them. */
export function parseSelection(text: string): SelectionSetNode {
  const inBraces = text.trimStart().startsWith('{') ? text : `{${text}}`;
  const [operation] = parse(inBraces, { noLocation: true }).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`This is no selection: ${text}`);
  return operation.selectionSet;
}

/** Without the outer braces. */
export function printSelection(set: SelectionSetNode): string {
  return stripIgnoredCharacters(print(set)).slice(1, -1);
}

function isTrue(directive: ConstDirectiveNode, argument: string): boolean {
  const value = directive.arguments?.find(({ name }) => name.value === argument)?.value;
  return value?.kind === Kind.BOOLEAN && value.value;
}

function rootsOf(definition: DefinitionNode): readonly OperationTypeDefinitionNode[] {
  return definition.kind === Kind.SCHEMA_DEFINITION ? definition.operationTypes : [];
}

function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}
