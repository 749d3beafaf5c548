// Owns a world's subgraph as an executable schema that answers what it owns alone: what it needs must have been sent.
import { buildSubgraphSchema } from '@apollo/subgraph';
import {
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  Kind,
  parse,
  type SelectionSetNode,
} from 'graphql';
import { concreteTypes, type PreparedWorld, resolverOf } from './prepare-world.ts';
import { type SubgraphOwnership, subgraphOwnership } from './subgraph-ownership.ts';
import type { Arguments, Row } from './world.ts';
import type { WorldRun } from './world-run.ts';

/** A row as one subgraph sees it. */
class View {
  readonly row: Row;
  /** What arrived for it in `_entities`. */
  readonly representation: Row | undefined;
  readonly provided: SelectionSetNode | undefined;

  constructor(row: Row, more: { representation?: Row; provided?: SelectionSetNode | undefined } = {}) {
    this.row = row;
    this.representation = more.representation;
    this.provided = more.provided;
  }
}

/** Executed with a WorldRun as context. */
export function subgraphSchema(prepared: PreparedWorld, name: string): GraphQLSchema {
  const sdl = prepared.sdl.get(name) ?? '';
  const ownership = subgraphOwnership(sdl);
  const references = [...ownership.keys.keys()].map((type) => [
    type,
    { __resolveReference: resolveReference(prepared, ownership, name, type) },
  ]);
  const schema = buildSubgraphSchema({ typeDefs: parse(sdl), resolvers: Object.fromEntries(references) });
  const takenAway = overriddenFields(prepared, name);
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('_')) continue;
    if (isAbstractType(type)) type.resolveType = ({ row }: View) => String(row['__typename']);
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      if (field.name.startsWith('_')) continue;
      const { external, requires, provides } = ownership.field(type.name, field.name);
      const coordinate = `${type.name}.${field.name}`;
      const required = prepared.world.required?.[name]?.[type.name]?.[field.name];
      if (requires && !required) throw new Error(`The world does not say what ${coordinate} is in ${name}.`);
      const isComposite = isCompositeType(getNamedType(field.type));
      const isRoot = type === schema.getQueryType() || type === schema.getMutationType();
      field.resolve = (source: View | undefined, args: Arguments, run: WorldRun) => {
        const view = isRoot || source === undefined ? new View({}) : source;
        const concrete = concreteName(view.row, type.name);
        if (takenAway.has(coordinate)) throw new Error(`${name} no longer owns ${coordinate}`);
        if (external && !selects(view.provided, field.name, concrete)) {
          throw new Error(`${name} was asked for ${coordinate}, which is external`);
        }
        if (run.fails(concrete, field.name, view.row)) return null;
        const value = required
          ? required(sent(view, coordinate), args, run.data)
          : resolverOf(prepared, concrete, field.name)(view.row, args, run.data);
        return isComposite ? asViews(value, provides ?? deeper(view.provided, field.name)) : value;
      };
    }
  }
  return schema;
}

function sent({ representation }: View, coordinate: string): Row {
  if (representation === undefined) throw new Error(`${coordinate} was asked without what it requires`);
  return representation;
}

function concreteName(row: Row, otherwise: string): string {
  const { __typename: name } = row;
  return typeof name === 'string' ? name : otherwise;
}

function asViews(value: unknown, provided: SelectionSetNode | undefined): unknown {
  if (Array.isArray(value)) return value.map((item) => asViews(item, provided));
  return typeof value === 'object' && value !== null ? new View(value as Row, { provided }) : value;
}

function resolveReference(
  prepared: PreparedWorld,
  { keys }: SubgraphOwnership,
  subgraph: string,
  type: string,
) {
  return (representation: Row, run: WorldRun): View | null => {
    const key = keys.get(type)?.find((candidate) => hasAll(representation, candidate));
    if (!key) throw new Error(`${subgraph} got no key of ${type}: ${JSON.stringify(representation)}`);
    for (const concrete of concreteTypes(prepared, type)) {
      const row = (run.data[concrete] ?? []).find((candidate) => agree(representation, candidate, key));
      if (row) return run.loses(subgraph, concrete, row) ? null : new View(row, { representation });
    }
    return null;
  };
}

function hasAll(value: unknown, key: SelectionSetNode): boolean {
  return key.selections.every((selection) => {
    if (selection.kind !== Kind.FIELD) return true;
    const inner = (value as Row | null | undefined)?.[selection.name.value];
    if (inner === undefined || inner === null) return false;
    return selection.selectionSet ? hasAll(inner, selection.selectionSet) : true;
  });
}

function agree(representation: unknown, row: unknown, key: SelectionSetNode): boolean {
  return key.selections.every((selection) => {
    if (selection.kind !== Kind.FIELD) return true;
    const name = selection.name.value;
    const [left, right] = [(representation as Row)[name], (row as Row)[name]];
    return selection.selectionSet ? agree(left, right, selection.selectionSet) : left === right;
  });
}

function selects(provided: SelectionSetNode | undefined, field: string, type: string): boolean {
  return (provided?.selections ?? []).some((selection) => {
    if (selection.kind === Kind.FIELD) return selection.name.value === field;
    if (selection.kind !== Kind.INLINE_FRAGMENT) return false;
    const condition = selection.typeCondition?.name.value;
    return (condition === undefined || condition === type) && selects(selection.selectionSet, field, type);
  });
}

function deeper(provided: SelectionSetNode | undefined, field: string): SelectionSetNode | undefined {
  for (const selection of provided?.selections ?? []) {
    if (selection.kind === Kind.FIELD && selection.name.value === field) return selection.selectionSet;
    if (selection.kind !== Kind.INLINE_FRAGMENT) continue;
    const found = deeper(selection.selectionSet, field);
    if (found) return found;
  }
  return undefined;
}

function overriddenFields({ sdl }: PreparedWorld, name: string): Set<string> {
  const taken = new Set<string>();
  for (const text of sdl.values()) {
    for (const [coordinate, from] of subgraphOwnership(text).overrides)
      if (from === name) taken.add(coordinate);
  }
  return taken;
}
