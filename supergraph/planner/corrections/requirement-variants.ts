// Owns making room for arguments within @requires: in the planner's copy of a supergraph each field with arguments that
// is required becomes a hidden field of its own, without arguments, because the planner merges fields by name alone.
import {
  type ArgumentNode,
  type ConstArgumentNode,
  type ConstDirectiveNode,
  type ConstValueNode,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type FieldNode,
  Kind,
  print,
  type SelectionSetNode,
  stripIgnoredCharacters,
} from 'graphql';
import { hiddenMark, withHiddenMark } from './hidden-mark.ts';
import {
  graphOf,
  isSupergraphType,
  parseSelection,
  printSelection,
  type SupergraphType,
  type SupergraphTypes,
} from './supergraph-types.ts';

/** What a hidden field stands for. */
export interface Variant {
  field: string;
  arguments: readonly ArgumentNode[];
}

export interface RequirementVariants {
  /** By the name of the hidden field. */
  byName: ReadonlyMap<string, Variant>;
  /** What fields of subgraphs require, hidden fields in it: by subgraph, then by `Type.field`. */
  requirements: ReadonlyMap<string, ReadonlyMap<string, SelectionSetNode>>;
  objectTypes: ReadonlySet<string>;
  /** Names of the interfaces of each type. */
  interfaces: ReadonlyMap<string, readonly string[]>;
}

export interface WithVariants {
  document: DocumentNode;
  variants: RequirementVariants;
}

export function replaceRequiredArguments(document: DocumentNode, types: SupergraphTypes): WithVariants {
  const replacement = new Replacement(document, types);
  const replaced = replacement.run();
  return {
    document: replaced,
    variants: {
      byName: replacement.byName,
      requirements: replacement.requirements,
      objectTypes: types.objects,
      interfaces: types.interfaces,
    },
  };
}

class Replacement {
  readonly byName = new Map<string, Variant>();
  readonly requirements = new Map<string, Map<string, SelectionSetNode>>();
  private readonly document: DocumentNode;
  private readonly types: SupergraphTypes;
  private readonly prefix: string;
  /** Names of hidden fields by what they stand for. */
  private readonly names = new Map<string, string>();
  /** Hidden fields that a type needs, by its name. */
  private readonly needed = new Map<string, Set<string>>();

  constructor(document: DocumentNode, types: SupergraphTypes) {
    this.document = document;
    this.types = types;
    this.prefix = this.types.freePrefix('required');
  }

  run(): DocumentNode {
    const definitions = this.document.definitions.map((definition) => this.withReplacedFields(definition));
    if (this.byName.size === 0) return this.document;
    this.spread();
    const extended = definitions.map((definition) => this.withHiddenFields(definition));
    return withHiddenMark({ ...this.document, definitions: extended });
  }

  private withReplacedFields(definition: DefinitionNode): DefinitionNode {
    if (!isSupergraphType(definition)) return definition;
    return {
      ...definition,
      fields: (definition.fields ?? []).map((field) => ({
        ...field,
        directives: (field.directives ?? []).map((join) => this.withReplacedJoin(definition, field, join)),
      })),
    };
  }

  private withReplacedJoin(
    type: SupergraphType,
    field: FieldDefinitionNode,
    join: ConstDirectiveNode,
  ): ConstDirectiveNode {
    if (join.name.value !== 'join__field') return join;
    const graph = graphOf(join);
    return {
      ...join,
      arguments: (join.arguments ?? []).map((argument): ConstArgumentNode => {
        const { value } = argument;
        if (argument.name.value === 'requires' && value.kind === Kind.STRING) {
          const before = parseSelection(value.value);
          const after = this.replace(before, [type.name.value], graph);
          this.remember(graph, `${type.name.value}.${field.name.value}`, after);
          return { ...argument, value: { ...value, value: printSelection(after) } };
        }
        if (argument.name.value !== 'contextArguments' || value.kind !== Kind.LIST) return argument;
        return {
          ...argument,
          value: { ...value, values: value.values.map((entry) => this.withReplacedContext(entry, graph)) },
        };
      }),
    };
  }

  // `{context: "shop__place", name: "city", type: "String", selection: "{ city(short: true) }"}`
  private withReplacedContext(entry: ConstValueNode, graph: string | undefined): ConstValueNode {
    if (entry.kind !== Kind.OBJECT) return entry;
    const text = (name: string): string => {
      const value = entry.fields.find((field) => field.name.value === name)?.value;
      return value?.kind === Kind.STRING ? value.value : '';
    };
    const before = parseSelection(text('selection'));
    const after = this.replace(before, this.types.inContext(text('context')), graph);
    if (after === before) return entry;
    return {
      ...entry,
      fields: entry.fields.map((field) =>
        field.name.value === 'selection'
          ? { ...field, value: { kind: Kind.STRING, value: `{${printSelection(after)}}` } }
          : field,
      ),
    };
  }

  /** The same object when it holds no arguments. */
  private replace(
    set: SelectionSetNode,
    types: readonly string[],
    graph: string | undefined,
  ): SelectionSetNode {
    let changed = false;
    const selections = set.selections.map((selection) => {
      const inner = selection.kind === Kind.FRAGMENT_SPREAD ? undefined : selection.selectionSet;
      const innerTypes =
        selection.kind === Kind.FIELD
          ? types.flatMap((type) => this.types.fieldType(type, selection.name.value, graph) ?? [])
          : selection.kind === Kind.INLINE_FRAGMENT && selection.typeCondition
            ? [selection.typeCondition.name.value]
            : types;
      const selectionSet = inner && this.replace(inner, innerTypes, graph);
      const name = selection.kind === Kind.FIELD && this.hiddenName(selection, types);
      if (selectionSet === inner && !name) return selection;
      changed = true;
      if (!name) return { ...selection, selectionSet };
      return {
        kind: Kind.FIELD,
        name: { kind: Kind.NAME, value: name },
        ...(selectionSet && { selectionSet }),
      } satisfies FieldNode;
    });
    return changed ? ({ ...set, selections } as SelectionSetNode) : set;
  }

  private hiddenName(field: FieldNode, types: readonly string[]): string | undefined {
    if (!field.arguments?.length) return undefined;
    const given = [...field.arguments].sort((a, b) => (a.name.value < b.name.value ? -1 : 1));
    const key = `${field.name.value}(${given.map((argument) => stripIgnoredCharacters(print(argument))).join()})`;
    let name = this.names.get(key);
    if (name === undefined) {
      name = `${this.prefix}${this.names.size}_${field.name.value}`;
      this.names.set(key, name);
      this.byName.set(name, { field: field.name.value, arguments: given });
    }
    for (const type of types) this.need(type, name);
    return name;
  }

  private need(type: string, name: string): void {
    const names = this.needed.get(type) ?? new Set();
    this.needed.set(type, names.add(name));
  }

  private remember(graph: string | undefined, coordinate: string, selection: SelectionSetNode): void {
    const subgraph = this.types.subgraphName(graph);
    if (subgraph === undefined) return;
    const known = this.requirements.get(subgraph) ?? new Map<string, SelectionSetNode>();
    this.requirements.set(subgraph, known.set(coordinate, selection));
  }

  /** What an interface has, all have that implement it. */
  private spread(): void {
    for (const [type, implemented] of this.types.interfaces) {
      for (const parent of implemented) {
        for (const name of this.needed.get(parent) ?? []) this.need(type, name);
      }
    }
  }

  private withHiddenFields(definition: DefinitionNode): DefinitionNode {
    if (!isSupergraphType(definition)) return definition;
    const hidden = [...(this.needed.get(definition.name.value) ?? [])].flatMap((name) => {
      const real = this.byName.get(name)?.field;
      const field = definition.fields?.find((candidate) => candidate.name.value === real);
      return field ? hiddenField(field, name) : [];
    });
    return hidden.length > 0
      ? { ...definition, fields: [...(definition.fields ?? []), ...hidden] }
      : definition;
  }
}

/** It is wherever the real one is, and requires what the real one requires. */
function hiddenField(field: FieldDefinitionNode, name: string): FieldDefinitionNode {
  const joins = (field.directives ?? []).filter((directive) => directive.name.value === 'join__field');
  return {
    kind: Kind.FIELD_DEFINITION,
    name: { kind: Kind.NAME, value: name },
    type: field.type,
    directives: [...joins, hiddenMark],
  };
}
