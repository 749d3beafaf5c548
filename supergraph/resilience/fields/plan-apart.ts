// Owns taking fields with a policy of their own out of a plan's fetches, so that each is asked for by itself, beside the rest.
import {
  type FieldNode,
  type InlineFragmentNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionSetNode,
  stripIgnoredCharacters,
  visit,
} from 'graphql';
import type { FetchNode, PlanNode, QueryPlan, RequiredSelection, Rewrite } from '../../planner/plan.ts';
import type { FieldPolicies } from './field-policies.ts';
import type { GraphTypes } from './graph-types.ts';

/**
 * Only fields at the top of a fetch, of an entity or of the root, can be asked for by themselves; deeper ones stay where they
 * are, and so does everything in mutations.
 */
export function planApart({ node }: QueryPlan, policies: FieldPolicies, types: GraphTypes): QueryPlan {
  return node === undefined ? {} : { node: nodeApart(node, policies, types) };
}

function nodeApart(node: PlanNode, policies: FieldPolicies, types: GraphTypes): PlanNode {
  if (node.kind === 'fetch') {
    const parts = node.operation === 'query' ? new Splitter(node, policies, types).parts() : [node];
    return parts.length === 1 && parts[0] ? parts[0] : { kind: 'parallel', nodes: parts };
  }
  const nodes = node.nodes.map((inner) => nodeApart(inner, policies, types));
  // One within another of its kind says no more than the outer.
  return { ...node, nodes: nodes.flatMap((inner) => (inner.kind === node.kind ? inner.nodes : inner)) };
}

/** Fields at the top of a fetch, of which each part asks for some. */
type Fields = ReadonlySet<FieldNode>;

class Splitter {
  readonly #fetch: FetchNode;
  readonly #policies: FieldPolicies;
  readonly #types: GraphTypes;

  constructor(fetch: FetchNode, policies: FieldPolicies, types: GraphTypes) {
    this.#fetch = fetch;
    this.#policies = policies;
    this.#types = types;
  }

  /** The fetch itself where it asks for no such field. */
  parts(): FetchNode[] {
    const { document, requires, subgraph } = this.#fetch;
    const [definition, ...others] = parse(document, { noLocation: true }).definitions;
    if (definition?.kind !== Kind.OPERATION_DEFINITION || others.length > 0) return [this.#fetch];
    const [first] = definition.selectionSet.selections;
    const entities = requires && first?.kind === Kind.FIELD ? first.selectionSet : undefined;
    const top = entities ?? definition.selectionSet;
    const own = new Map<string, Set<FieldNode>>();
    const rest = new Set<FieldNode>();
    for (const { field, type } of fieldsIn(top, entities ? '' : this.#types.queryType)) {
      const name = field.name.value;
      const policy = name === '__typename' ? undefined : this.#policies.ownOf(subgraph, type, name);
      if (policy === undefined) {
        // What an object is tells each part by itself; where it is not known before, somebody must surely tell.
        if (name !== '__typename' || !this.#types.isObject(type)) rest.add(field);
      } else {
        own.set(policy.coordinate, (own.get(policy.coordinate) ?? new Set()).add(field));
      }
    }
    if (own.size === 0) return [this.#fetch];
    const apart = [...own.values()].map((fields) => this.#part(definition, fields));
    if (rest.size === 0) {
      const [only] = apart;
      // Nobody else tells what its objects are.
      if (apart.length === 1 && only)
        return [{ ...this.#fetch, apart: [...(only.apart ?? []), '__typename'] }];
      return apart;
    }
    const { apart: _, ...remaining } = this.#part(definition, rest);
    return [remaining, ...apart];
  }

  #part(definition: OperationDefinitionNode, fields: Fields): FetchNode {
    const { requires, variables, contexts = [], outputRewrites = [], neededBy, ...bare } = this.#fetch;
    const selectionSet = requires
      ? withEntities(definition.selectionSet, (entities) => only(entities, fields))
      : only(definition.selectionSet, fields);
    const used = variablesIn(selectionSet);
    const document = {
      ...definition,
      selectionSet,
      variableDefinitions: (definition.variableDefinitions ?? []).filter(({ variable }) =>
        used.has(variable.name.value),
      ),
    };
    const keys = new Set([...fields].map(({ alias, name }) => (alias ?? name).value));
    const rewrites = outputRewrites.filter((rewrite) => concerns(rewrite, keys));
    const ownContexts = contexts.filter(({ variable }) => used.has(variable));
    return {
      ...bare,
      document: stripIgnoredCharacters(print(document)),
      variables: variables.filter((name) => used.has(name)),
      ...(requires && { requires: this.#requires(requires, selectionSet) }),
      ...(neededBy && { neededBy: neededIn(neededBy, keys) }),
      ...(rewrites.length > 0 && { outputRewrites: rewrites }),
      ...(ownContexts.length > 0 && { contexts: ownContexts }),
      apart: [...new Set([...keys, ...rewrites.flatMap(renamedTo)])],
    };
  }

  /** Without objects of which nothing is asked. */
  #requires(requires: readonly RequiredSelection[], root: SelectionSetNode): RequiredSelection[] {
    const [entities] = root.selections;
    const set = entities?.kind === Kind.FIELD ? entities.selectionSet : undefined;
    const asked = fieldsIn(set ?? root, '').map(({ type }) => type);
    return requires.filter((selection) => {
      if (selection.kind !== 'fragment' || !this.#types.isObject(selection.typeCondition)) return true;
      return asked.some((type) => type === selection.typeCondition || !this.#types.isObject(type));
    });
  }
}

interface TopField {
  field: FieldNode;
  type: string;
}

function fieldsIn(set: SelectionSetNode, type: string): TopField[] {
  return set.selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [{ field: selection, type }];
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
    return fieldsIn(selection.selectionSet, selection.typeCondition?.name.value ?? type);
  });
}

/** With what its objects are, where something else is asked of them. */
function only(set: SelectionSetNode, fields: Fields): SelectionSetNode {
  const left = set.selections.flatMap((selection): (FieldNode | InlineFragmentNode)[] => {
    if (selection.kind === Kind.FIELD) {
      return fields.has(selection) || selection.name.value === '__typename' ? [selection] : [];
    }
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
    const selectionSet = only(selection.selectionSet, fields);
    return selectionSet.selections.length > 0 ? [{ ...selection, selectionSet }] : [];
  });
  const says = left.some((one) => one.kind === Kind.INLINE_FRAGMENT || fields.has(one));
  return { ...set, selections: says ? left : [] };
}

function withEntities(
  root: SelectionSetNode,
  change: (entities: SelectionSetNode) => SelectionSetNode,
): SelectionSetNode {
  return {
    ...root,
    selections: root.selections.map((selection) =>
      selection.kind === Kind.FIELD && selection.selectionSet
        ? { ...selection, selectionSet: change(selection.selectionSet) }
        : selection,
    ),
  };
}

function variablesIn(set: SelectionSetNode): Set<string> {
  const names = new Set<string>();
  visit(set, { Variable: ({ name }) => void names.add(name.value) });
  return names;
}

function concerns({ path }: Rewrite, keys: ReadonlySet<string>): boolean {
  const first = path.find((step) => !step.startsWith('... on '));
  return first !== undefined && keys.has(first);
}

function renamedTo(rewrite: Rewrite): string[] {
  const steps = rewrite.path.filter((step) => !step.startsWith('... on '));
  return rewrite.kind === 'rename' && steps.length === 1 ? [rewrite.to] : [];
}

/** What is needed by none of these fields is listed as needed by none: its absence keeps nobody from asking. */
function neededIn(
  neededBy: Readonly<Record<string, readonly string[]>>,
  keys: ReadonlySet<string>,
): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(neededBy).map(([name, fields]) => [name, fields.filter((field) => keys.has(field))]),
  );
}
