// Holds compiled operations to sending fewer requests while that is not slower, and more of them once it is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { buildASTSchema, buildSchema, type OperationDefinitionNode, parse } from 'graphql';
import { compileOperation, type Graph } from '../../../supergraph/executor/compile-operation.ts';
import { Latencies } from '../../../supergraph/executor/latencies.ts';
import { AnswerBytes } from '../../../supergraph/executor/projection/answer-bytes.ts';
import { TypeNames } from '../../../supergraph/executor/type-names.ts';
import { WorkSlices } from '../../../supergraph/executor/work-slices.ts';
import { canonicalOperation } from '../../../supergraph/planner/canonical/canonical-operation.ts';
import { operationSchema } from '../../../supergraph/planner/canonical/operation-schema.ts';
import { createInProcessClient } from '../../../supergraph/transport/in-process-client.ts';
import type { SubgraphClient } from '../../../supergraph/transport/subgraph-client.ts';
import { planned, supergraphOf } from '../planner/planned-graph.ts';

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@requires", "@external"])`;
const context = { requestId: '', headers: {} };

const subgraphs = {
  apples: 'type Query { apple: Apple } type Apple @key(fields: "id") { id: ID! }',
  bees: 'type Query { bee: Bee } type Bee @key(fields: "id") { id: ID! }',
  colours: `type Apple @key(fields: "id") { id: ID! colour: String }
    type Bee @key(fields: "id") { id: ID! colour: String }`,
  dances: `type Bee @key(fields: "id") { id: ID! colour: String @external dance: String @requires(fields: "colour") }`,
};

const resolvers = {
  apples: { Query: { apple: () => ({ id: '1' }) } },
  bees: { Query: { bee: () => ({ id: '2' }) } },
  colours: { Apple: { colour: () => 'green' }, Bee: { colour: () => 'yellow' } },
  dances: { Bee: { dance: ({ colour }: { colour: string }) => `the ${colour} one` } },
};

test('requests are joined until it is seen that this takes longer, and again when it does not', async () => {
  const { apiSchemaSdl, plan } = planned(subgraphs);
  const supergraph = parse(supergraphOf(subgraphs));
  const apiSchema = buildSchema(apiSchemaSdl);
  const [definition] = parse('{ apple { colour } bee { dance } }').definitions;
  const operation = canonicalOperation(operationSchema(apiSchema, supergraph), {
    definition: definition as OperationDefinitionNode,
    fragments: new Map(),
  });
  let now = 0;
  let asked: string[] = [];
  const latencies = new Latencies(() => now);
  const clients = new Map<string, SubgraphClient>(
    Object.entries(subgraphs).map(([name, sdl]) => {
      const typeDefs = parse(`${link}\n${sdl}`);
      const schema = buildSubgraphSchema({ typeDefs, resolvers: resolvers[name as keyof typeof resolvers] });
      const client = createInProcessClient({ schema, timeout: 5_000 });
      return [
        name,
        (request, context) => {
          asked.push(name);
          return client(request, context);
        },
      ];
    }),
  );
  const graph: Graph = {
    apiSchema,
    types: new TypeNames(buildASTSchema(supergraph, { assumeValidSDL: true, assumeValid: true })),
    clients,
    trusted: new Set(),
    latencies,
    answer: new AnswerBytes(),
    slices: new WorkSlices(),
  };
  const run = await compileOperation(graph, operation, plan(operation.text ?? ''));

  async function askedFor(): Promise<string[]> {
    asked = [];
    const { whole, errors } = await run({ variables: {}, context, introspection: {}, denials: [] });
    assert.deepEqual(errors, []);
    assert.deepEqual(JSON.parse(whole.toString()), {
      data: { apple: { colour: 'green' }, bee: { dance: 'the yellow one' } },
    });
    return asked.sort();
  }

  async function take(milliseconds: Record<string, number>): Promise<void> {
    for (const [name, duration] of Object.entries(milliseconds)) {
      const client = latencies.timed(name, async () => {
        now += duration;
        return {};
      });
      const request = { operation: { kind: 'query', document: '', head: '' } as const, variables: '{}' };
      for (let time = 0; time < 200; time++) await client(request, context);
    }
  }

  const joined = ['apples', 'bees', 'colours', 'dances'];
  const apart = ['apples', 'bees', 'colours', 'colours', 'dances'];
  assert.deepEqual(await askedFor(), joined);
  await take({ apples: 500, bees: 10, colours: 10, dances: 500 });
  // Several may be the first for which it is the better one.
  const input = { variables: {}, context, introspection: {}, denials: [] };
  await Promise.all([run(input), run(input)]);
  assert.deepEqual(await askedFor(), apart);
  await take({ apples: 10, dances: 10 });
  assert.deepEqual(await askedFor(), joined);
});
