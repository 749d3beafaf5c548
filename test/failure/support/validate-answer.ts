// Owns the look at an answer from outside: whether it is what its operation asked for, and what its schema promises.
import {
  type DocumentNode,
  type FieldNode,
  type GraphQLAbstractType,
  type GraphQLCompositeType,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { errorRow } from '../../../supergraph/foundation/errors.ts';
import { isFaultOfSubgraph } from '../../../supergraph/foundation/is-fault-of-subgraph.ts';

export interface AskedOperation {
  schema: GraphQLSchema;
  document: DocumentNode;
  operationName?: string | undefined;
  variables?: Readonly<Record<string, unknown>> | undefined;
}

/** One entry of `extensions.degraded`. */
export interface StandIn {
  /** Left out where the answer does not show the place. */
  path?: (string | number)[];
  coordinate: string;
  strategy: 'value' | 'lastKnown' | 'field' | 'omit';
  reason: string;
  ageSeconds?: number;
}

export interface AnswerBody {
  data?: Record<string, unknown> | null;
  errors?: { message: string; path?: (string | number)[]; extensions?: { code?: string } }[];
  extensions?: { degraded?: StandIn[] };
}

/** What is wrong with it, a sentence each; empty for a good answer. Errors and stand-ins are looked at too. */
export function problemsOfAnswer(asked: AskedOperation, body: AnswerBody): string[] {
  const operation = operationIn(asked);
  const root = asked.schema.getRootType(operation.operation);
  if (root == null) return ['There is no such kind of operation.'];
  const errors = body.errors ?? [];
  const problems: string[] = [];
  if (body.errors?.length === 0) problems.push('errors: a list of none');
  const known = new Set(['data', 'errors', 'extensions']);
  for (const key of Object.keys(body)) if (!known.has(key)) problems.push(`${key}: nobody asked for it`);
  for (const { extensions } of errors) {
    if (errorRow(extensions?.code) === undefined) problems.push(`errors: ${extensions?.code} is no code`);
  }
  if (body.data == null) {
    return errors.length > 0 ? problems : [...problems, 'data: null, and no error says why'];
  }
  const reader = new Reader(asked, operation);
  problems.push(...reader.object(root, [operation.selectionSet], body.data, 'data'));
  for (const standIn of body.extensions?.degraded ?? []) {
    problems.push(...reader.standIn(root, operation.selectionSet, standIn, body.data));
  }
  return problems;
}

function operationIn({ document, operationName }: AskedOperation): OperationDefinitionNode {
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    if (operationName === undefined || definition.name?.value === operationName) return definition;
  }
  throw new Error(`There is no operation ${operationName}.`);
}

class Reader {
  readonly #schema: GraphQLSchema;
  readonly #document: DocumentNode;
  readonly #variables: Readonly<Record<string, unknown>>;

  constructor({ schema, document, variables = {} }: AskedOperation, operation: OperationDefinitionNode) {
    this.#schema = schema;
    this.#document = document;
    // Defaults matter for conditions alone, which are literals there.
    const defaults = (operation.variableDefinitions ?? []).flatMap(({ variable, defaultValue }) =>
      defaultValue?.kind === Kind.BOOLEAN ? [[variable.name.value, defaultValue.value] as const] : [],
    );
    this.#variables = { ...Object.fromEntries(defaults), ...variables };
  }

  object(
    type: GraphQLObjectType,
    selections: readonly SelectionSetNode[],
    value: Record<string, unknown>,
    at: string,
  ): string[] {
    const wanted = this.#fieldsOf(type, selections);
    const problems = Object.keys(value)
      .filter((name) => !wanted.has(name))
      .map((name) => `${at}.${name}: nobody asked for it`);
    const order = Object.keys(value).filter((name) => wanted.has(name));
    const inOrder = [...wanted.keys()].filter((name) => Object.hasOwn(value, name));
    if (order.join() !== inOrder.join())
      problems.push(`${at}: its fields are not in the order of the operation`);
    for (const [name, nodes] of wanted) {
      const place = `${at}.${name}`;
      if (!Object.hasOwn(value, name)) {
        problems.push(`${place}: is not there`);
        continue;
      }
      const field = nodes[0]?.name.value ?? '';
      if (field === '__typename') {
        if (value[name] !== type.name) problems.push(`${place}: ${value[name]} in place of ${type.name}`);
        continue;
      }
      const definition = type.getFields()[field];
      if (definition === undefined) problems.push(`${place}: ${type.name} has no such field`);
      else problems.push(...this.#value(definition.type, nodes, value[name], place));
    }
    return problems;
  }

  /** Whether it says of a place in the answer what can be true of it. */
  standIn(
    root: GraphQLObjectType,
    selection: SelectionSetNode,
    { path, coordinate, strategy, reason, ageSeconds }: StandIn,
    data: Record<string, unknown>,
  ): string[] {
    const at = `extensions.degraded ${JSON.stringify(path)}`;
    const problems: string[] = [];
    if (!['value', 'lastKnown', 'field', 'omit'].includes(strategy)) problems.push(`${at}: ${strategy}`);
    if (errorRow(reason) === undefined || !isFaultOfSubgraph(reason)) {
      problems.push(`${at}: nothing may stand in for ${reason}`);
    }
    const isAged = typeof ageSeconds === 'number' && ageSeconds >= 0;
    if (isAged !== (strategy === 'lastKnown')) problems.push(`${at}: ${ageSeconds} seconds`);
    if (path === undefined) return problems;
    const [typeName, field] = coordinate.split('.');
    const names = path.filter((step) => typeof step === 'string');
    let selections: readonly SelectionSetNode[] = [selection];
    let types: readonly GraphQLObjectType[] = [root];
    let value: unknown = data;
    for (const [index, name] of names.entries()) {
      const nodes = types.flatMap((type) => this.#fieldsOf(type, selections).get(name) ?? []);
      const [node] = nodes;
      if (node === undefined) return [...problems, `${at}: nobody asked for it`];
      const owners = types.filter((type) => type.getFields()[node.name.value]);
      if (index === names.length - 1) {
        const isThere = owners.some((type) => type.name === typeName || isIn(type, typeName));
        if (!isThere || node.name.value !== field) problems.push(`${at}: is not ${coordinate}`);
      }
      types = owners.flatMap((type) => this.#possible(type.getFields()[node.name.value]?.type));
      selections = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    }
    // What was omitted has the place of its list.
    for (const step of path) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) {
        return [...problems, `${at}: the answer has no such place`];
      }
      value = (value as Record<string | number, unknown>)[step];
    }
    return problems;
  }

  #value(type: GraphQLOutputType, nodes: readonly FieldNode[], value: unknown, at: string): string[] {
    if (isNonNullType(type)) {
      return value === null ? [`${at}: null, of ${type}`] : this.#value(type.ofType, nodes, value, at);
    }
    if (value === null) return [];
    if (isListType(type)) {
      if (!Array.isArray(value)) return [`${at}: no list, of ${type}`];
      return value.flatMap((item, index) => this.#value(type.ofType, nodes, item, `${at}[${index}]`));
    }
    if (isLeafType(type)) return isOfLeaf(type, value) ? [] : [`${at}: ${JSON.stringify(value)}, of ${type}`];
    if (typeof value !== 'object' || Array.isArray(value)) return [`${at}: no object, of ${type}`];
    const selections = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    const given = value as Record<string, unknown>;
    if (isObjectType(type)) return this.object(type, selections, given, at);
    return this.#abstract(type, selections, given, at);
  }

  /** Without a name of its type it must be good as one of those it can be. */
  #abstract(
    type: GraphQLAbstractType,
    selections: readonly SelectionSetNode[],
    value: Record<string, unknown>,
    at: string,
  ): string[] {
    let fewest: string[] | undefined;
    for (const possible of this.#schema.getPossibleTypes(type)) {
      const problems = this.object(possible, selections, value, at);
      if (fewest === undefined || problems.length < fewest.length) fewest = problems;
    }
    return fewest ?? [`${at}: ${type} can be nothing`];
  }

  #possible(type: GraphQLOutputType | undefined): readonly GraphQLObjectType[] {
    const named = type && getNamedType(type);
    if (!isCompositeType(named)) return [];
    return isAbstractType(named) ? this.#schema.getPossibleTypes(named) : [named];
  }

  /** By response name, in the order of the operation. */
  #fieldsOf(
    type: GraphQLObjectType,
    selections: readonly SelectionSetNode[],
    into: Map<string, FieldNode[]> = new Map(),
  ): Map<string, FieldNode[]> {
    for (const selection of selections.flatMap((set) => set.selections)) {
      const isLeftOut =
        getDirectiveValues(GraphQLSkipDirective, selection, this.#variables)?.['if'] === true ||
        getDirectiveValues(GraphQLIncludeDirective, selection, this.#variables)?.['if'] === false;
      if (isLeftOut) continue;
      if (selection.kind === Kind.FIELD) {
        const name = (selection.alias ?? selection.name).value;
        into.set(name, [...(into.get(name) ?? []), selection]);
        continue;
      }
      const inner =
        selection.kind === Kind.INLINE_FRAGMENT ? selection : this.#fragment(selection.name.value);
      const condition = inner.typeCondition && this.#schema.getType(inner.typeCondition.name.value);
      const holds = condition === undefined || condition === type || isOf(this.#schema, condition, type);
      if (holds) this.#fieldsOf(type, [inner.selectionSet], into);
    }
    return into;
  }

  #fragment(name: string) {
    for (const definition of this.#document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === name) return definition;
    }
    throw new Error(`There is no fragment ${name}.`);
  }
}

function isOf(schema: GraphQLSchema, condition: unknown, type: GraphQLObjectType): boolean {
  const composite = condition as GraphQLCompositeType;
  return isAbstractType(composite) && schema.isSubType(composite, type);
}

function isIn(type: GraphQLObjectType, name: string | undefined): boolean {
  return type.getInterfaces().some((one) => one.name === name);
}

function isOfLeaf(type: GraphQLOutputType, value: unknown): boolean {
  if (isEnumType(type)) return typeof value === 'string' && type.getValue(value) !== undefined;
  switch (String(type)) {
    case 'Int':
      return Number.isInteger(value) && Math.abs(value as number) < 2 ** 31;
    case 'Float':
      return typeof value === 'number' && Number.isFinite(value);
    case 'Boolean':
      return typeof value === 'boolean';
    case 'String':
    case 'ID':
      return typeof value === 'string';
    default:
      // What a scalar of a schema allows, its text does not say.
      return value !== undefined;
  }
}
