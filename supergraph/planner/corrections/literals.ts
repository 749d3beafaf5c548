// Owns keeping the literals of an operation from the planner, which reads numbers as doubles and enum values of unknown
// scalars as strings: it sees variables in their place, and plans get the literals back as they were written.
import {
  type ArgumentNode,
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  stripIgnoredCharacters,
  TypeInfo,
  type ValueNode,
  type VariableDefinitionNode,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { FetchNode, PlanNode, QueryPlan } from '../plan.ts';

export interface HiddenLiterals {
  /** The operation with variables for literals. */
  document: DocumentNode;
  /** The plan of that operation as a plan of the original one. */
  restore: (plan: QueryPlan) => QueryPlan;
}

export function hideLiterals(document: DocumentNode, schema: GraphQLSchema): HiddenLiterals {
  const original = operationOf(document);
  const given = original?.variableDefinitions ?? [];
  const hiding = new Hiding(freePrefix(given));
  const typeInfo = new TypeInfo(schema);
  const hidden = visit(
    document,
    visitWithTypeInfo(typeInfo, {
      Argument(argument) {
        const type = typeInfo.getArgument()?.type;
        return type && argument.value.kind !== Kind.VARIABLE
          ? hiding.hide(argument, String(type))
          : undefined;
      },
      VariableDefinition: withoutDefault,
    }),
  );
  if (hiding.literals.size === 0 && given.every(({ defaultValue }) => defaultValue === undefined)) {
    return { document, restore: (plan) => plan };
  }
  const withVariables = visit(hidden, {
    OperationDefinition: (operation) => ({
      ...operation,
      variableDefinitions: [...(operation.variableDefinitions ?? []), ...hiding.definitions.values()],
    }),
  });
  const restorer = new Restorer(hiding.literals, given);
  return {
    document: withVariables,
    restore: ({ node }) => (node === undefined ? {} : { node: restorer.node(node) }),
  };
}

/** Where there is a default the variable may be used as if it could not be null. */
function withoutDefault({ defaultValue, ...definition }: VariableDefinitionNode): VariableDefinitionNode {
  const { type } = definition;
  if (!defaultValue || defaultValue.kind === Kind.NULL || type.kind === Kind.NON_NULL_TYPE) return definition;
  return { ...definition, type: { kind: Kind.NON_NULL_TYPE, type } };
}

class Hiding {
  readonly literals = new Map<string, ValueNode>();
  readonly definitions = new Map<string, VariableDefinitionNode>();
  private readonly prefix: string;
  private readonly names = new Map<string, string>();

  constructor(prefix: string) {
    this.prefix = prefix;
  }

  /** Equal literals get the same variable: fields of one response name must keep equal arguments. */
  hide(argument: ArgumentNode, type: string): ArgumentNode {
    const key = `${type} ${print(argument.value)}`;
    const name = this.names.get(key) ?? `${this.prefix}${this.names.size}`;
    const variable = { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: name } } as const;
    if (!this.names.has(key)) {
      this.names.set(key, name);
      this.literals.set(name, argument.value);
      const [definition] =
        operationOf(parse(`query($${name}:${type}){x}`, { noLocation: true }))?.variableDefinitions ?? [];
      if (definition) this.definitions.set(name, definition);
    }
    return { ...argument, value: variable };
  }
}

class Restorer {
  private readonly literals: ReadonlyMap<string, ValueNode>;
  private readonly given: ReadonlyMap<string, VariableDefinitionNode>;

  constructor(literals: ReadonlyMap<string, ValueNode>, given: readonly VariableDefinitionNode[]) {
    this.literals = literals;
    this.given = new Map(given.map((definition) => [definition.variable.name.value, definition]));
  }

  node(node: PlanNode): PlanNode {
    if (node.kind === 'fetch') return this.fetch(node);
    return { ...node, nodes: node.nodes.map((inner) => this.node(inner)) };
  }

  private fetch(fetch: FetchNode): FetchNode {
    if (fetch.variables.length === 0) return fetch;
    const document = parse(fetch.document, { noLocation: true });
    const restored = visit(document, {
      // Definitions hold no literals of ours, and their variables are no uses.
      VariableDefinition: () => false,
      Variable: ({ name }) => this.literals.get(name.value),
    });
    const used = new Set<string>();
    visit(restored, {
      VariableDefinition: () => false,
      Variable: ({ name }) => void used.add(name.value),
    });
    const planned = operationOf(document)?.variableDefinitions ?? [];
    const own = planned.filter(({ variable: { name } }) => !this.isClients(name.value));
    const clients = [...this.given].flatMap(([name, definition]) => (used.has(name) ? definition : []));
    const whole = visit(restored, {
      OperationDefinition: (operation) => ({ ...operation, variableDefinitions: [...own, ...clients] }),
    });
    return {
      ...fetch,
      document: stripIgnoredCharacters(print(whole)),
      variables: clients.map(({ variable }) => variable.name.value),
    };
  }

  private isClients(name: string): boolean {
    return this.literals.has(name) || this.given.has(name);
  }
}

function operationOf(document: DocumentNode): OperationDefinitionNode | undefined {
  return document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
}

/** No variable of the client's begins with it. */
function freePrefix(given: readonly VariableDefinitionNode[]): string {
  let prefix = 'literal';
  while (given.some(({ variable }) => variable.name.value.startsWith(prefix))) prefix += '_';
  return prefix;
}
