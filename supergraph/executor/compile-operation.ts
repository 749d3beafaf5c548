// Owns an operation that is ready to run: its plan as steps, its answer as a projection. Compiled once, run many times.
import { GraphQLError, type GraphQLSchema } from 'graphql';
import { clientError } from '../foundation/errors.ts';
import type { CanonicalOperation } from '../planner/canonical/canonical-operation.ts';
import type { FetchNode, PlanNode, QueryPlan } from '../planner/plan.ts';
import type { RawAnswer } from '../transport/raw-answer.ts';
import type { RequestContext, SubgraphClient } from '../transport/subgraph-client.ts';
import { compileEntityFetch } from './entity-fetch.ts';
import type { Denials, Execution, Step } from './execution.ts';
import { FetchDocuments } from './fetch-documents.ts';
import { isAnsweredUnchanged } from './is-answered-unchanged.ts';
import type { Latencies } from './latencies.ts';
import { projectWithStandIns } from './project-with-stand-ins.ts';
import type { AnswerBounds, AnswerBytes } from './projection/answer-bytes.ts';
import { compileProjection, type OperationAnswer } from './projection/compile-projection.ts';
import type { CompileFallbacks } from './projection/fallbacks.ts';
import { compileRootFetch } from './root-fetch.ts';
import { isWorthJoining, runSchedule } from './run-schedule.ts';
import { type Schedule, schedule } from './schedule.ts';
import { SharedPlaces } from './shared-places.ts';
import type { TypeNames } from './type-names.ts';
import type { WorkSlices } from './work-slices.ts';

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
  /** In which operations are compiled. */
  slices: WorkSlices;
  /** What may stand in for fields of an operation, where anything may. */
  fallbacks?: CompileFallbacks | undefined;
}

export interface OperationInput {
  /** Coerced, by the client's names. */
  variables: Readonly<Record<string, unknown>>;
  context: RequestContext;
  /** JSON texts of `__schema` and `__type`, by response name. */
  introspection: Readonly<Record<string, string>>;
  /** Why fields were not asked for, by the numbers that the operation gives them. */
  denials: Denials;
}

/** Rejects only when the request was given up (`context.signal`). */
export type CompiledOperation = (input: OperationInput) => Promise<OperationAnswer>;

/** In slices, so that nobody else has to wait for it. Rejects with OPERATION_TOO_LARGE. */
export async function compileOperation(
  graph: Graph,
  operation: CanonicalOperation,
  { node }: QueryPlan,
): Promise<CompiledOperation> {
  const { slices, trusted, types } = graph;
  const fetches = node ? fetchesIn(node) : [];
  const documents = new FetchDocuments();
  for (const fetch of fetches) {
    await slices.turn();
    documents.of(fetch);
  }
  const places = await SharedPlaces.of(fetches, documents, slices);
  await slices.turn();
  const fallbacks = graph.fallbacks?.(operation);
  const project = compileProjection(graph.apiSchema, operation, places, graph.answer, fallbacks?.of);
  const raw =
    // Of what nobody reads nothing can be remembered.
    fallbacks === undefined &&
    node?.kind === 'fetch' &&
    trusted.has(node.subgraph) &&
    isAnsweredUnchanged(operation, node, documents.of(node), types);
  const run = node && (await compilePlan(node, { graph, documents, places, raw }));
  const variableNames = [...operation.variables];
  return async ({ variables, context, introspection, denials }) => {
    const texts = new Map<string, string>();
    for (const [canonical, client] of variableNames) {
      const value = variables[client];
      if (value !== undefined) texts.set(canonical, JSON.stringify(value));
    }
    const execution: Execution = {
      data: {},
      variables: texts,
      variableNames: operation.variables,
      context: graph.fallbacks ? { ...context, stoodIn: [] } : context,
      shared: new Map(),
      unplaced: [],
    };
    await run?.(execution);
    if (execution.raw) return unread(execution.raw, graph.answer.bounds);
    const answer = await projectWithStandIns(project, execution.data, {
      ...{ introspection, denials },
      run: fallbacks?.begin(context, texts),
      stoodIn: execution.context.stoodIn,
    });
    const { errors: mostErrors } = graph.answer.bounds;
    for (const { message, extensions } of execution.unplaced.slice(0, mostErrors)) {
      answer.errors.push(new GraphQLError(message, { extensions: extensions ?? null }));
    }
    if (answer.errors.length > mostErrors) answer.errors.length = mostErrors;
    return answer;
  };
}

function unread({ body, data }: RawAnswer, { bytes }: AnswerBounds): OperationAnswer {
  if (body.length <= bytes) return { whole: body, data, errors: [] };
  return { whole: '{"data":null}', data: 'null', errors: [clientError('ANSWER_TOO_LARGE')] };
}

function fetchesIn(plan: PlanNode): FetchNode[] {
  return plan.kind === 'fetch' ? [plan] : plan.nodes.flatMap(fetchesIn);
}

interface Compiling {
  graph: Graph;
  documents: FetchDocuments;
  places: SharedPlaces;
  /** Whether the only fetch's answer may be the client's. */
  raw: boolean;
}

/**
 * With both ways of joining fetches, because which is better depends on how quick the subgraphs are; the one that makes
 * more requests is compiled when it is first the better one.
 */
async function compilePlan(node: PlanNode, compiling: Compiling): Promise<Step> {
  const { latencies } = compiling.graph;
  const joined = schedule(node, 'by-level');
  const apart = schedule(node, 'when-ready');
  const runJoined = await compileSchedule(joined, compiling);
  if (joined.length === apart.length) return runJoined;
  let runApart: Promise<Step> | undefined;
  return async (execution) => {
    if (isWorthJoining(joined, apart, latencies)) return runJoined(execution);
    runApart ??= compileSchedule(apart, compiling);
    return (await runApart)(execution);
  };
}

async function compileSchedule(requests: Schedule, compiling: Compiling): Promise<Step> {
  const { graph, documents, places, raw } = compiling;
  const { slices, types } = graph;
  const steps: Step[] = [];
  for (const { subgraph, kind, nodes } of requests) {
    await slices.turn();
    const client = clientOf(subgraph, graph);
    const [first] = nodes;
    steps.push(
      kind === 'root' && first
        ? compileRootFetch(first, { client, documents, places, types, raw })
        : await compileEntityFetch(nodes, { client, documents, places, slices, types }),
    );
  }
  await slices.turn();
  return runSchedule(requests, steps);
}

function clientOf(subgraph: string, { clients }: Graph): SubgraphClient {
  const client = clients.get(subgraph);
  if (client === undefined) throw new Error(`There is no client for the subgraph "${subgraph}".`);
  return client;
}
