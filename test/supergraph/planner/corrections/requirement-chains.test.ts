// Random requirements between subgraphs: every plan is walked through, and whatever a fetch asks for must be there to ask.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Kind, parse, type SelectionSetNode } from 'graphql';
import type {
  FetchNode,
  PlanNode,
  QueryPlan,
  RequiredSelection,
} from '../../../../supergraph/planner/plan.ts';
import { planned, plannedByStock, type Subgraphs } from '../planned-graph.ts';

const names: readonly string[] = ['a', 'b', 'c'];

/** One entity: which subgraph has each field, and which earlier fields it requires, by how far before it they are. */
interface Entity {
  fields: { owner: number; requires: number[] }[];
  /** For each subgraph the keys it knows, of `id`, `k` and both. */
  keys: ('id' | 'k' | 'id k')[];
}

const entities = fc.record({
  fields: fc.array(
    fc.record({
      owner: fc.nat(2),
      requires: fc.uniqueArray(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 2 }),
    }),
    {
      minLength: 2,
      maxLength: 8,
    },
  ),
  keys: fc.tuple(...names.map(() => fc.constantFrom<'id' | 'k' | 'id k'>('id', 'k', 'id k', 'id k'))),
});

/** A subgraph requires fields of others, and only such as come before. */
const required = ({ fields }: Entity, index: number): number[] => {
  const field = fields[index];
  return (field?.requires ?? [])
    .map((distance) => index - distance)
    .filter((other) => fields[other] !== undefined && fields[other].owner !== field?.owner);
};

function subgraphsOf(entity: Entity): Subgraphs {
  const definitions = names.map((name, owner): [string, string] => {
    const own = entity.fields.flatMap((field, index) => (field.owner === owner ? index : []));
    const external = new Set(own.flatMap((index) => required(entity, index)));
    const keys = (entity.keys[owner] ?? 'id').split(' ');
    const fields = [
      ...keys.map((key) => `${key}: ID!`),
      ...own.map((index) => {
        const needs = required(entity, index).map((other) => `f${other}`);
        return `f${index}: Int ${needs.length > 0 ? `@requires(fields: "${needs.join(' ')}")` : ''}`;
      }),
      ...[...external].map((index) => `f${index}: Int @external`),
    ];
    const type = `type T ${keys.map((key) => `@key(fields: "${key}")`).join(' ')} { ${fields.join(' ')} }`;
    return [name, `${owner === 0 ? 'type Query { t: T ts: [T] } ' : ''}${type}`];
  });
  return Object.fromEntries(definitions);
}

const selected = (set: SelectionSetNode): string[] =>
  set.selections.flatMap((selection): string[] => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
    if (selection.selectionSet) return selected(selection.selectionSet);
    return selection.kind === Kind.FIELD ? [selection.name.value] : [];
  });

const sent = (selection: RequiredSelection): string[] => {
  if (selection.selections) return selection.selections.flatMap(sent);
  return selection.kind === 'field' ? [selection.name] : [];
};

/** What is known of the entity after the plan; throws when a fetch asks for what cannot be there. */
function walk(plan: QueryPlan, entity: Entity): ReadonlySet<string> {
  return plan.node ? after(plan.node, new Set(), entity) : new Set();
}

function after(node: PlanNode, before: ReadonlySet<string>, entity: Entity): ReadonlySet<string> {
  if (node.kind === 'fetch') return new Set([...before, ...asked(node, before, entity)]);
  if (node.kind === 'sequence') {
    return node.nodes.reduce((known, inner) => after(inner, known, entity), before);
  }
  return new Set(node.nodes.flatMap((inner) => [...after(inner, before, entity)]));
}

function asked(fetch: FetchNode, before: ReadonlySet<string>, entity: Entity): string[] {
  const representation = (fetch.requires ?? []).flatMap(sent);
  for (const name of representation) assert.ok(before.has(name), `${name} is sent before it is there`);
  const [operation] = parse(fetch.document).definitions;
  const fields = operation?.kind === Kind.OPERATION_DEFINITION ? selected(operation.selectionSet) : [];
  const owner = names.indexOf(fetch.subgraph);
  const keys = ['__typename', ...(entity.keys[owner] ?? 'id').split(' ')];
  for (const name of fields.filter((field) => !keys.includes(field))) {
    const index = Number(name.slice(1));
    assert.equal(entity.fields[index]?.owner, owner, `${name} is asked of ${fetch.subgraph}`);
    for (const other of required(entity, index)) {
      assert.ok(representation.includes(`f${other}`), `${name} is asked for without f${other}`);
    }
  }
  return fields;
}

test('every fetch is sent what its fields require, and asks a subgraph for its own fields only', (t) => {
  const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
  console.log(`seed ${seed}`);
  let wrongByStock = 0;
  let plans = 0;
  fc.assert(
    fc.property(
      entities,
      fc.array(fc.nat(9), { minLength: 1, maxLength: 3 }),
      fc.boolean(),
      (entity, wanted, isList) => {
        const graph = whereComposed(() => planned(subgraphsOf(entity)));
        if (graph === undefined) return;
        const fields = [...new Set(wanted.map((index) => `f${index % entity.fields.length}`))];
        const operation = `{${isList ? 'ts' : 't'}{${fields.join(' ')}}}`;
        const known = walk(graph.plan(operation), entity);
        for (const field of fields) assert.ok(known.has(field), `${field} is not asked for`);
        plans += 1;
        try {
          walk(plannedByStock(subgraphsOf(entity)).plan(operation), entity);
        } catch {
          wrongByStock += 1;
        }
      },
    ),
    { seed, numRuns: Number(process.env['RUNS'] ?? 60) },
  );
  t.diagnostic(`${plans} plans; of those that the planner makes as it comes ${wrongByStock} are wrong`);
  assert.ok(plans > 10);
});

/** Undefined where the keys do not lead from one subgraph to the other. */
function whereComposed<Graph>(open: () => Graph): Graph | undefined {
  try {
    return open();
  } catch (error) {
    assert.match(String(error), /SATISFIABILITY_ERROR/);
    return undefined;
  }
}
