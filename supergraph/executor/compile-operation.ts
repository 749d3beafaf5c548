// Owns an operation that is ready to run: its plan as steps, its answer as a projection. Compiled once, run many times.
import { GraphQLError, type GraphQLSchema } from 'graphql';
import type { CanonicalOperation } from '../planner/canonical/canonical-operation.ts';
import type { QueryPlan } from '../planner/plan.ts';
import type { RequestContext, SubgraphClient } from '../transport/subgraph-client.ts';
import { compileEntityFetch } from './entity-fetch.ts';
import { type Execution, mostErrors, type Step } from './execution.ts';
import { isAnsweredUnchanged } from './is-answered-unchanged.ts';
import type { Latencies } from './latencies.ts';
import type { AnswerBytes } from './projection/answer-bytes.ts';
import { compileProjection, type OperationAnswer } from './projection/compile-projection.ts';
import { compileRootFetch } from './root-fetch.ts';
import { isWorthJoining, runSchedule } from './run-schedule.ts';
import { type Schedule, schedule } from './schedule.ts';
import { SharedPlaces } from './shared-places.ts';
import type { TypeNames } from './type-names.ts';

export interface Graph {
  /** What the client sees. */
  apiSchema: GraphQLSchema;
  /** Types of the supergraph, hidden ones included. */
  types: TypeNames;
  /** By subgraph. */
  clients: ReadonlyMap<string, SubgraphClient>;
  /** Subgraphs whose answers may go to clients unread. */
  trusted: ReadonlySet<string>;
  latencies: Latencies;
  /** Where all answers are written. */
  answer: AnswerBytes;
}

export interface OperationInput {
  /** Coerced, by the client's names. */
  variables: Readonly<Record<string, unknown>>;
  context: RequestContext;
  /** JSON texts of `__schema` and `__type`, by response name. */
  introspection: Readonly<Record<string, string>>;
}

/** Rejects only when the request was given up (`context.signal`). */
export type CompiledOperation = (input: OperationInput) => Promise<OperationAnswer>;

export function compileOperation(
  graph: Graph,
  operation: CanonicalOperation,
  plan: QueryPlan,
): CompiledOperation {
  const places = new SharedPlaces(plan.node);
  const project = compileProjection(graph.apiSchema, operation, places, graph.answer);
  const raw = plan.node?.kind === 'fetch' && graph.trusted.has(plan.node.subgraph);
  const run = compilePlan(plan, places, graph, raw && isAnsweredUnchanged(operation, plan.node, graph.types));
  const variableNames = [...operation.variables];
  return async ({ variables, context, introspection }) => {
    const texts = new Map<string, string>();
    for (const [canonical, client] of variableNames) {
      const value = variables[client];
      if (value !== undefined) texts.set(canonical, JSON.stringify(value));
    }
    const execution: Execution = {
      data: {},
      variables: texts,
      variableNames: operation.variables,
      context,
      shared: new Map(),
      unplaced: [],
    };
    await run?.(execution);
    if (execution.raw) return { whole: execution.raw.body, data: execution.raw.data, errors: [] };
    const answer = project(execution.data, introspection);
    for (const { message, extensions } of execution.unplaced.slice(0, mostErrors)) {
      answer.errors.push(new GraphQLError(message, { extensions: extensions ?? null }));
    }
    return answer;
  };
}

/** With both ways of joining fetches, because which is better depends on how quick the subgraphs are. */
function compilePlan(
  { node }: QueryPlan,
  places: SharedPlaces,
  graph: Graph,
  raw: boolean,
): Step | undefined {
  if (node === undefined) return undefined;
  const joined = schedule(node, 'by-level');
  const apart = schedule(node, 'when-ready');
  const runJoined = compileSchedule(joined, places, graph, raw);
  if (joined.length === apart.length) return runJoined;
  const runApart = compileSchedule(apart, places, graph, raw);
  return (execution) =>
    isWorthJoining(joined, apart, graph.latencies) ? runJoined(execution) : runApart(execution);
}

function compileSchedule(requests: Schedule, places: SharedPlaces, graph: Graph, raw: boolean): Step {
  const { types } = graph;
  const steps = requests.map(({ subgraph, kind, nodes }) => {
    const client = clientOf(subgraph, graph);
    const [first] = nodes;
    return kind === 'root' && first
      ? compileRootFetch(first, client, types, raw)
      : compileEntityFetch(nodes, { client, types, places });
  });
  return runSchedule(requests, steps);
}

function clientOf(subgraph: string, { clients }: Graph): SubgraphClient {
  const client = clients.get(subgraph);
  if (client === undefined) throw new Error(`There is no client for the subgraph "${subgraph}".`);
  return client;
}
