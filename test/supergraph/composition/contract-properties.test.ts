// Holds the contract rule under random tags: each contract shows exactly what the rule says, or is refused by name. More
// runs: `RUNS=5000 npm test test/supergraph/composition/contract-properties.test.ts`; `SEED` repeats one.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  buildSchema,
  isCompositeType,
  Kind,
  lexicographicSortSchema,
  parse,
  printSchema,
  validate,
  validateSchema,
} from 'graphql';
import { CompositionFailure } from '../../../supergraph/composition/composition-problem.ts';
import { applyContract, type ContractView } from '../../../supergraph/composition/contract.ts';
import { canonicalOperation } from '../../../supergraph/planner/canonical/canonical-operation.ts';
import { operationSchema } from '../../../supergraph/planner/canonical/operation-schema.ts';
import { openPlannerGraph } from '../../../supergraph/planner/planner-graph.ts';
import { prepareOperation } from '../../../supergraph/router/prepare-operation.ts';
import { generateOperation } from '../../differential/operations/generate-operation.ts';
import { supergraphOf } from '../planner/planned-graph.ts';
import { type Draw, inaccessible, type TaggedGraph, taggedGraph } from './contract-draws.ts';
import { clientTypes, linesOf, shownBy } from './contract-rule.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const runs = Number(process.env['RUNS'] ?? 160);

/** Small, and of all that can be in the way of each other: interfaces of interfaces, defaults, inputs in a circle. */
const crooked = supergraphOf({
  one: `
    type Query { node(id: ID!): Node things(of: Kind = PLAIN, filter: Filter = { kind: ODD }): [Thing!]! any: Any
      first(by: Order! = { by: NAME }): Box when: When made(in: Make!): Made }
    type Mutation { make(in: Make!): Made @tag(name: "kept") drop(id: ID!, why: Why): Boolean }
    interface Node { id: ID! }
    interface Named implements Node { id: ID! name(in: Language, long: Boolean): String }
    type Thing implements Node & Named @key(fields: "id") {
      id: ID! name(in: Language, long: Boolean, mark: String): String kind: Kind! weight: Int secret: Int @inaccessible }
    type Box implements Node @key(fields: "id") { id: ID! holds: [Named!] in: Box sides: [Side!] }
    type Made { thing: Thing problem: Problem } interface Problem { message: String! }
    type Late implements Problem { message: String! since: When } type Wrong implements Problem { message: String! at: Kind }
    union Any = Thing | Box | Late
    enum Kind { PLAIN ODD RARE } enum Language { DE EN } enum Why { OLD BROKEN } enum Column { NAME WEIGHT } enum Side { LEFT RIGHT }
    input Filter { kind: Kind and: [Filter!] other: Other } input Other { filter: Filter when: When }
    input Order { by: Column! = NAME turned: Boolean } input Make { kind: Kind! name: String! = "it" order: Order filter: Filter }
    scalar When
  `,
  two: `
    type Thing @key(fields: "id") { id: ID! weight: Int @external postage(to: Place, by: Way! = SEA): Int @requires(fields: "weight") }
    type Box @key(fields: "id") { id: ID! postage: Int }
    input Place { country: String! way: Way } enum Way { SEA AIR }
  `,
});
const shop = readFileSync(new URL('../../../supergraph/graph/supergraph.graphql', import.meta.url), 'utf8');

const graphs = [
  { name: 'a crooked graph', supergraph: crooked, share: 1, plannedEach: 10, operations: 20 },
  { name: 'the graph of the shop', supergraph: shop, share: 1 / 10, plannedEach: 3, operations: 6 },
];

for (const { name, supergraph, share, plannedEach, operations } of graphs) {
  test(`${name} under random tags and contracts shows what the rule says, or is refused by name`, (context) => {
    context.diagnostic(`seed ${seed}`);
    const graph = taggedGraph(supergraph);
    const met = { shown: 0, refused: 0, planned: 0 };
    fc.assert(
      fc.property(graph.draws, (draw) => {
        const view = checkView(graph, draw);
        if (view === undefined) met.refused += 1;
        else if (met.shown++ % plannedEach === 0) met.planned += checkPlans(view, operations);
      }),
      {
        seed,
        numRuns: Math.ceil(runs * share),
        interruptAfterTimeLimit: Math.max(30_000, runs * 100),
        reporter,
      },
    );
    context.diagnostic(JSON.stringify(met));
    // A search in which one of them never happens has held nothing; a short one may be unlucky.
    const isLong = met.shown + met.refused >= 100;
    const isRich = met.shown > 0 && met.refused > 0 && met.planned > 0;
    assert.ok(isRich || !isLong, `seed ${seed}: ${JSON.stringify(met)}`);
  });
}

/** The view, unless the contract must be refused. */
function checkView(graph: TaggedGraph, { tags, contract }: Draw): ContractView | undefined {
  const expected = shownBy(graph.schema, tags, {
    ...contract,
    exclude: [...(contract.exclude ?? []), inaccessible],
  });
  let view: ContractView;
  try {
    view = applyContract('bff', graph.sdlWith(tags), contract);
  } catch (error) {
    assert.ok(error instanceof CompositionFailure, String(error));
    const told = [...new Set(error.problems.map(({ coordinate }) => coordinate))].sort();
    assert.deepEqual(told, expected.flaws, error.message);
    for (const problem of error.problems) {
      assert.deepEqual(problem.where, ['bff']);
      assert.match(
        problem.message,
        new RegExp(`"${escaped(problem.coordinate ?? '')}"`),
        'names what it is about',
      );
      assert.match(problem.message, /\b(?:[Ss]how|[Hh]ide)\b/, 'says what to do');
      assert.doesNotMatch(problem.message, /API schema/, 'speaks of what the reader has written');
    }
    return undefined;
  }
  assert.deepEqual(expected.flaws, [], 'is shown, though clients could not use it');
  assert.deepEqual(validateSchema(view.clientSchema), []);
  assert.deepEqual(linesOf(view.clientSchema), expected.lines);
  return view;
}

/** How many random operations of the view's clients were planned; throws when one cannot be. */
function checkPlans({ supergraphSdl, clientSchema }: ContractView, operations: number): number {
  const planner = openPlannerGraph(supergraphSdl);
  const api = buildSchema(planner.apiSchemaSdl);
  assert.equal(
    printSchema(lexicographicSortSchema(api)),
    printSchema(clientSchema),
    'routers serve the same',
  );
  // The operations that are drawn ask of some type, and a contract may leave scalars alone.
  if (!clientTypes(api).some((type) => isCompositeType(type) && !/^(Query|Mutation)$/.test(type.name)))
    return 0;
  const schema = operationSchema(api, parse(supergraphSdl));
  let planned = 0;
  for (let count = 0; count < operations; count += 1) {
    const { source } = generateOperation({ api, literals: {}, seed: seed + count });
    const document = parse(source);
    if (validate(api, document).length > 0) continue;
    const definition = document.definitions.find((each) => each.kind === Kind.OPERATION_DEFINITION);
    assert.ok(definition);
    const prepared = prepareOperation(document, definition);
    const conditions = Object.fromEntries(prepared.conditions.map((condition) => [condition, true]));
    const { text } = canonicalOperation(schema, prepared, conditions);
    if (text !== undefined) assert.ok(planner.plan(text), source);
    planned += 1;
  }
  return planned;
}

function reporter({ failed, counterexample, numRuns, errorInstance }: fc.RunDetails<[Draw]>): void {
  if (!failed) return;
  const [draw] = counterexample ?? [];
  const drawn = draw && { contract: draw.contract, tags: Object.fromEntries(draw.tags) };
  throw new Error(`seed ${seed}, after ${numRuns} runs: ${JSON.stringify(drawn)}`, { cause: errorInstance });
}

function escaped(text: string): string {
  return text.replaceAll(/[.()]/g, '\\$&');
}
