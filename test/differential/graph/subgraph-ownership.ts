// Owns what a subgraph's schema says about its fields: which it may not resolve, and what it needs or hands along.
import {
  type ASTNode,
  type ConstDirectiveNode,
  type FieldDefinitionNode,
  Kind,
  parse,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { stringArgument } from '../../../supergraph/foundation/supergraph-facts.ts';

export interface FieldOwnership {
  /** Resolvable only where a field with `@provides` led to it. */
  external: boolean;
  requires: boolean;
  provides?: SelectionSetNode;
}

export interface SubgraphOwnership {
  field: (type: string, name: string) => FieldOwnership;
  /** The selections of each `@key` by which the subgraph can be asked. */
  keys: ReadonlyMap<string, readonly SelectionSetNode[]>;
  /** Names of the fields that keys and requirements select, at whatever depth, and of those of interface objects. */
  needed: ReadonlySet<string>;
  /** `Type.field` of those with `@requires`. */
  computed: ReadonlySet<string>;
  /** `Type.field` and where `@override` takes it from. */
  overrides: ReadonlyMap<string, string>;
}

const plain: FieldOwnership = { external: false, requires: false };

export function subgraphOwnership(sdl: string): SubgraphOwnership {
  const fields = new Map<string, FieldOwnership>();
  const keys = new Map<string, SelectionSetNode[]>();
  const overrides = new Map<string, string>();
  const needed = new Set<string>();
  for (const definition of parse(sdl).definitions) {
    if (!('fields' in definition) || !('name' in definition) || definition.name === undefined) continue;
    const type = definition.name.value;
    for (const key of directives(definition, 'key')) {
      if (isResolvable(key)) keys.set(type, [...(keys.get(type) ?? []), selectionOf(key)]);
    }
    const keyed = new Set(
      directives(definition, 'key').flatMap((key) => selectionOf(key).selections.map(fieldName)),
    );
    for (const field of definition.fields ?? []) {
      if (field.kind !== Kind.FIELD_DEFINITION) continue;
      // Asked of all objects that the fetch is about, though the client may want it of those of one type.
      if (directives(definition, 'interfaceObject').length > 0) needed.add(field.name.value);
      const [override] = directives(field, 'override');
      const from = override && stringArgument(override, 'from');
      if (from !== undefined) overrides.set(`${type}.${field.name.value}`, from);
      fields.set(`${type}.${field.name.value}`, ownershipOf(field, keyed));
    }
  }
  visit(parse(sdl), {
    Directive(directive) {
      if (directive.name.value !== 'key' && directive.name.value !== 'requires') return;
      visit(selectionOf(directive as ConstDirectiveNode), {
        Field: ({ name }) => void needed.add(name.value),
      });
    },
  });
  const computed = new Set([...fields].flatMap(([name, { requires }]) => (requires ? [name] : [])));
  return { needed, computed, field: (type, name) => fields.get(`${type}.${name}`) ?? plain, keys, overrides };
}

function isResolvable({ arguments: given }: ConstDirectiveNode): boolean {
  const resolvable = given?.find(({ name }) => name.value === 'resolvable')?.value;
  return !(resolvable?.kind === Kind.BOOLEAN && !resolvable.value);
}

function ownershipOf(field: FieldDefinitionNode, keyed: ReadonlySet<string>): FieldOwnership {
  const [provides] = directives(field, 'provides');
  return {
    external: directives(field, 'external').length > 0 && !keyed.has(field.name.value),
    requires: directives(field, 'requires').length > 0,
    ...(provides && { provides: selectionOf(provides) }),
  };
}

function directives(node: ASTNode, name: string): ConstDirectiveNode[] {
  const all = 'directives' in node ? (node.directives ?? []) : [];
  return all.filter((directive) => directive.name.value === name) as ConstDirectiveNode[];
}

function selectionOf(directive: ConstDirectiveNode): SelectionSetNode {
  const [definition] = parse(`{ ${stringArgument(directive, 'fields')} }`).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error('The fields are no selection.');
  return definition.selectionSet;
}

function fieldName(selection: SelectionSetNode['selections'][number]): string {
  return selection.kind === Kind.FIELD ? selection.name.value : '';
}
