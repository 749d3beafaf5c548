// Owns the canonical form of an operation: fragments expanded, conditions decided, private response names. Operations
// that differ in spelling alone become the same text, and no name that a client chose can meet a name a plan needs.
import {
  type ArgumentNode,
  type DirectiveNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isNonNullType,
  Kind,
  type NameNode,
  type ObjectValueNode,
  type OperationDefinitionNode,
  print,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
  typeFromAST,
  visit,
} from 'graphql';
import { alwaysMeets } from '../../foundation/type-conditions.ts';
import { type CanonicalField, type CanonicalSelection, isHidden } from './canonical-selection.ts';
import { decide, otherDirectives } from './conditions.ts';
import { type Besides, nothingBesides, type OperationSchema } from './operation-schema.ts';
import { RenamedVariables } from './renamed-variables.ts';

/** Whether a field may be asked for where an object is of this type: undefined, or the number of the reason why not. */
export type Guard = (type: GraphQLObjectType | GraphQLInterfaceType, node: FieldNode) => number | undefined;

export interface CanonicalOperation {
  kind: OperationDefinitionNode['operation'];
  rootType: GraphQLObjectType;
  selections: CanonicalSelection[];
  /** GraphQL text of one operation; left out when no subgraph needs to be asked. */
  text?: string;
  /** Names that the text gives to the client's variables: canonical name to the client's. */
  variables: ReadonlyMap<string, string>;
  /** GraphQL text that defines them; empty where there are none. */
  definitions: string;
}

export interface ClientOperation {
  definition: OperationDefinitionNode;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

/**
 * The operation must be valid against the schema, and its expanded selections bounded. `conditions` are the values of
 * the variables that its `@skip` and `@include` read (see conditionVariables). Whatever the guard denies stays among the
 * selections, because the client hears of it, and is not in the text.
 */
export function canonicalOperation(
  schema: OperationSchema,
  operation: ClientOperation,
  conditions: Readonly<Record<string, unknown>> = {},
  guard: Guard = everything,
): CanonicalOperation {
  const { definition } = operation;
  const rootType = schema.schema.getRootType(definition.operation);
  if (!rootType) throw new Error(`The schema has no root type for ${definition.operation}.`);
  const canonicalizer = new Canonicalizer(schema, operation, conditions, guard);
  const selected = canonicalizer.select(rootType, [definition.selectionSet], new Scope());
  // Where a mutation's answer is null for certain, nobody could tell what of it has happened: then nothing does.
  const fatal = definition.operation === 'mutation' ? selected.find(isFatal) : undefined;
  const selections = fatal ? [fatal] : selected;
  const body = canonicalizer.print(selections);
  const directives = canonicalizer.directives(definition.directives);
  const { variables } = canonicalizer;
  return {
    kind: definition.operation,
    rootType,
    selections,
    ...(body !== '' && {
      text: `${definition.operation}${variables.definitions()}${directives}{${body}}`,
    }),
    variables: variables.byCanonicalName,
    definitions: variables.definitions(),
  };
}

const everything: Guard = () => undefined;

function isFatal(selection: CanonicalSelection): boolean {
  return selection.kind === 'field' && selection.denied !== undefined && isNonNullType(selection.type);
}

/** The names in one object of the data: everything selected on it, by whatever fragment, shares them. */
class Scope {
  readonly slots = new Map<string, { name: string; scope: Scope }>();
  readonly taken = new Set<string>();
}

interface Collected {
  field: CanonicalField;
  nodes: FieldNode[];
  scope: Scope;
}

/** One list of selections while it is collected. */
interface Level {
  type: GraphQLCompositeType;
  /** What an object here can be, after all the conditions around it. */
  possible: readonly GraphQLObjectType[];
  scope: Scope;
  selections: CanonicalSelection[];
  fields: Collected[];
  /** Fields since the last fragment. What follows a fragment must not move before it: the client sees the order. */
  open: Map<string, Collected>;
}

class Canonicalizer {
  readonly variables: RenamedVariables;
  private readonly schema: GraphQLSchema;
  private readonly required: ReadonlySet<string>;
  private readonly fragments: ClientOperation['fragments'];
  private readonly conditions: Readonly<Record<string, unknown>>;
  private readonly guard: Guard;
  private readonly prefix: string;
  private readonly besides: Besides;

  constructor(
    { schema, required, prefix, besides = nothingBesides }: OperationSchema,
    { definition, fragments }: ClientOperation,
    conditions: Readonly<Record<string, unknown>>,
    guard: Guard,
  ) {
    this.schema = schema;
    this.required = required;
    this.fragments = fragments;
    this.conditions = conditions;
    this.guard = guard;
    this.variables = new RenamedVariables(definition.variableDefinitions ?? []);
    this.prefix = prefix;
    this.besides = besides;
  }

  select(
    type: GraphQLCompositeType,
    sets: SelectionSetNode[],
    scope: Scope,
    possible = this.possibleTypes(type),
  ): CanonicalSelection[] {
    const level: Level = { type, possible, scope, selections: [], fields: [], open: new Map() };
    for (const set of sets) this.collect(set, level);
    for (const { field, nodes, scope: inner } of level.fields) {
      const composite = getNamedType(field.type);
      if (field.introspection || !isCompositeType(composite)) continue;
      const innerSets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
      field.selections = this.select(composite, innerSets, inner);
    }
    return level.selections;
  }

  private collect(set: SelectionSetNode, level: Level): void {
    for (const node of set.selections) {
      if (!decide(node.directives, this.conditions)) continue;
      if (node.kind === 'Field') {
        this.collectField(node, level);
        continue;
      }
      const fragment = node.kind === 'InlineFragment' ? node : this.fragments.get(node.name.value);
      if (fragment === undefined) continue;
      const condition = fragment.typeCondition
        ? typeFromAST(this.schema, fragment.typeCondition)
        : level.type;
      if (!isCompositeType(condition)) continue;
      if (alwaysMeets(this.schema, level.type, condition)) this.collect(fragment.selectionSet, level);
      else this.collectFragment(condition, fragment.selectionSet, level);
    }
  }

  private collectFragment(type: GraphQLCompositeType, set: SelectionSetNode, level: Level): void {
    const within = this.possibleTypes(type);
    const possible = level.possible.filter((candidate) => within.includes(candidate));
    // Deep inside of other conditions a valid condition can be one that nothing meets.
    if (possible.length === 0) return;
    const selections = this.select(type, [set], level.scope, possible);
    if (selections.length === 0) return;
    level.selections.push({ kind: 'fragment', type, selections });
    level.open.clear();
  }

  private collectField(node: FieldNode, level: Level): void {
    const denied = this.denial(node, level);
    if (denied !== undefined) {
      this.collectDenied(node, level, denied);
      return;
    }
    const responseName = (node.alias ?? node.name).value;
    const fieldName = node.name.value;
    const { key, name, inner, call, definition } = this.slot(level.type, node, level.scope);
    const known = level.open.get(key);
    if (known) {
      known.nodes.push(node);
      return;
    }
    const nodes = [node];
    const field: CanonicalField = {
      kind: 'field',
      responseName,
      name,
      fieldName,
      call,
      type: definition.type,
    };
    if (isIntrospection(definition)) field.introspection = nodes;
    const collected = { field, nodes, scope: inner };
    level.selections.push(field);
    level.fields.push(collected);
    level.open.set(key, collected);
    for (const beside of this.besides(level.type.name, fieldName)) this.collectHidden(beside, level);
    if (isInterfaceType(level.type)) this.collectHiddenOfMembers(fieldName, level);
  }

  /** What an object of each type needs beside a field of its interface. */
  private collectHiddenOfMembers(fieldName: string, { type, possible, scope, selections }: Level): void {
    for (const member of possible) {
      const names = this.besides(member.name, fieldName);
      if (names.length === 0 || this.besides(type.name, fieldName).length > 0) continue;
      const known = selections.find((one) => isHidden(one) && one.type === member);
      const hidden: Level = {
        ...{ type: member, possible: [member], scope, fields: [], open: new Map() },
        selections: known?.selections ?? [],
      };
      for (const name of names) this.collectHidden(name, hidden);
      if (known || hidden.selections.length === 0) continue;
      selections.push({ kind: 'fragment', type: member, selections: hidden.selections });
    }
  }

  /** Under its own name, which is sure to be nothing else: whatever the client asks for under it is the same field. */
  private collectHidden(fieldName: string, level: Level): void {
    const { type, selections } = level;
    const isThere = (one: CanonicalSelection) => one.kind === 'field' && one.name === fieldName;
    if (selections.some(isThere)) return;
    const node: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: fieldName } };
    if (this.denial(node, level) !== undefined) return;
    const { type: given } = this.definition(type, fieldName);
    selections.push({
      ...{ kind: 'field', responseName: '', name: fieldName, fieldName, call: fieldName, type: given },
      isHidden: true,
    });
  }

  /** On a type that many can be, a field needs what it needs on each of them: which one it will be, nobody knows yet. */
  private denial(node: FieldNode, { type, possible }: Level): number | undefined {
    // `__typename` and the schema are nobody's.
    if (node.name.value.startsWith('__')) return undefined;
    const own = isInterfaceType(type) ? this.guard(type, node) : undefined;
    if (own !== undefined) return own;
    for (const one of possible) {
      const denied = this.guard(one, node);
      if (denied !== undefined) return denied;
    }
    return undefined;
  }

  private collectDenied(node: FieldNode, level: Level, denied: number): void {
    const responseName = (node.alias ?? node.name).value;
    const { type } = this.definition(level.type, node.name.value);
    // The client gets it once, whatever else goes by this name: the operation is valid, so that is the same.
    if (level.selections.some((known) => known.kind === 'field' && known.responseName === responseName))
      return;
    level.selections.push({
      kind: 'field',
      responseName,
      // Nothing of the data is told apart by this name.
      name: '',
      fieldName: node.name.value,
      call: '',
      type,
      denied,
    });
  }

  private slot(type: GraphQLCompositeType, node: FieldNode, scope: Scope) {
    const fieldName = node.name.value;
    const definition = this.definition(type, fieldName);
    const responseName = (node.alias ?? node.name).value;
    const ofSchema = isIntrospection(definition);
    const given = ofSchema ? (node.arguments ?? []).map(print).join() : this.arguments(node.arguments);
    // To GraphQL a field is the same whatever directives it carries; those of its first occurrence are sent.
    const key = `${responseName}:${fieldName}${given}`;
    const call = ofSchema ? given : given + this.directives(node.directives);
    let slot = scope.slots.get(key);
    if (slot === undefined) {
      slot = { name: this.name(fieldName, definition, scope), scope: new Scope() };
      scope.slots.set(key, slot);
    }
    return { key, name: slot.name, inner: slot.scope, call: `${fieldName}${call}`, definition };
  }

  // A plan adds keys and required fields under their own names. A client's field of such a name may stand under it only
  // if it is sure to be the same: a field without arguments.
  private name(fieldName: string, { args }: GraphQLField<unknown, unknown>, scope: Scope): string {
    if (fieldName === '__typename') return fieldName;
    const isSafe = args.length === 0 || !this.required.has(fieldName);
    const isPlain = isSafe && !scope.taken.has(fieldName) && !(fieldName in Object.prototype);
    const name = isPlain ? fieldName : `${this.prefix}${scope.taken.size}_${fieldName}`;
    scope.taken.add(name);
    return name;
  }

  private definition(type: GraphQLCompositeType, fieldName: string): GraphQLField<unknown, unknown> {
    const field = findField(this.schema, type, fieldName);
    if (!field) throw new Error(`There is no field ${type.name}.${fieldName}: the operation is not valid.`);
    return field;
  }

  private possibleTypes(type: GraphQLCompositeType): readonly GraphQLObjectType[] {
    return isAbstractType(type) ? this.schema.getPossibleTypes(type) : [type];
  }

  private arguments(given: readonly ArgumentNode[] | undefined): string {
    if (!given?.length) return '';
    const byName = inOrder(given).map((argument) => visit(argument, { ObjectValue: orderedFields }));
    return `(${byName.map((argument) => print(this.variables.rename(argument))).join(',')})`;
  }

  directives(given: readonly DirectiveNode[] | undefined): string {
    return otherDirectives(given)
      .map((directive) => print(this.variables.rename(directive)))
      .join('');
  }

  /** The text inside of the braces; every object has a selection, so that a plan can be made even if all were skipped. */
  print(selections: readonly CanonicalSelection[]): string {
    return selections
      .filter(
        (selection) =>
          selection.kind === 'fragment' || !(selection.introspection || selection.denied !== undefined),
      )
      .map((selection) => {
        const inner = selection.selections && `{${this.print(selection.selections) || '__typename'}}`;
        if (selection.kind === 'fragment') return `...on ${selection.type.name}${inner}`;
        const { name, fieldName, call } = selection;
        return `${name === fieldName ? call : `${name}:${call}`}${inner ?? ''}`;
      })
      .join(' ');
  }
}

function inOrder<Node extends { name: NameNode }>(nodes: readonly Node[]): Node[] {
  return [...nodes].sort((a, b) => (a.name.value < b.name.value ? -1 : 1));
}

/** The order of an input object's fields means nothing. */
function orderedFields(object: ObjectValueNode): ObjectValueNode {
  return { ...object, fields: inOrder(object.fields) };
}

function findField(
  schema: GraphQLSchema,
  type: GraphQLCompositeType,
  name: string,
): GraphQLField<unknown, unknown> | undefined {
  if (name === TypeNameMetaFieldDef.name) return TypeNameMetaFieldDef;
  if (type === schema.getQueryType()) {
    if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
    if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
  }
  return 'getFields' in type ? type.getFields()[name] : undefined;
}

function isIntrospection(definition: GraphQLField<unknown, unknown>): boolean {
  return definition === SchemaMetaFieldDef || definition === TypeMetaFieldDef;
}
