// Owns an operation that is ready to run: its plan as steps, its answer as a projection. Compiled once, run many times.
import { GraphQLError, type GraphQLSchema } from 'graphql';
import type { CanonicalOperation } from '../planner/canonical/canonical-operation.ts';
import type { PlanNode, QueryPlan } from '../planner/plan.ts';
import type { RequestContext, SubgraphClient } from '../transport/subgraph-client.ts';
import { compileEntityFetch } from './entity-fetch.ts';
import { type Execution, mostErrors, type Step } from './execution.ts';
import { compileProjection } from './projection/compile-projection.ts';
import { compileRootFetch } from './root-fetch.ts';
import { type Schedule, schedule } from './schedule.ts';
import type { TypeNames } from './type-names.ts';

export interface Graph {
  /** What the client sees. */
  apiSchema: GraphQLSchema;
  /** Types of the supergraph, hidden ones included. */
  types: TypeNames;
  /** By subgraph. */
  clients: ReadonlyMap<string, SubgraphClient>;
}

export interface OperationInput {
  /** Coerced, by the client's names. */
  variables: Readonly<Record<string, unknown>>;
  context: RequestContext;
  /** JSON texts of `__schema` and `__type`, by response name. */
  introspection: Readonly<Record<string, string>>;
}

export interface OperationAnswer {
  /** JSON text of `data`. */
  json: string;
  errors: GraphQLError[];
}

/** Rejects only when the request was given up (`context.signal`). */
export type CompiledOperation = (input: OperationInput) => Promise<OperationAnswer>;

export function compileOperation(
  graph: Graph,
  operation: CanonicalOperation,
  plan: QueryPlan,
): CompiledOperation {
  const project = compileProjection(graph.apiSchema, operation);
  const shareObjects = plan.node === undefined || !usesContexts(plan.node);
  const run = plan.node && compileStep(schedule(plan.node), graph, shareObjects);
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
      unplaced: [],
    };
    await run?.(execution);
    const { json, errors } = project(execution.data, introspection);
    for (const { message, extensions } of execution.unplaced.slice(0, mostErrors)) {
      errors.push(new GraphQLError(message, { extensions: extensions ?? null }));
    }
    return { json, errors };
  };
}

function compileStep(step: Schedule, graph: Graph, shareObjects: boolean): Step {
  switch (step.kind) {
    case 'root':
      return compileRootFetch(step.node, clientOf(step.node.subgraph, graph), graph.types);
    case 'entities': {
      const client = clientOf(step.nodes[0]?.subgraph ?? '', graph);
      return compileEntityFetch(step.nodes, { client, types: graph.types, shareObjects });
    }
    case 'parallel': {
      const steps = step.steps.map((inner) => compileStep(inner, graph, shareObjects));
      return async (execution) => {
        await Promise.all(steps.map((run) => run(execution)));
      };
    }
    case 'sequence': {
      const steps = step.steps.map((inner) => compileStep(inner, graph, shareObjects));
      return async (execution) => {
        for (const run of steps) {
          execution.context.signal?.throwIfAborted();
          await run(execution);
        }
      };
    }
  }
}

function clientOf(subgraph: string, { clients }: Graph): SubgraphClient {
  const client = clients.get(subgraph);
  if (client === undefined) throw new Error(`There is no client for the subgraph "${subgraph}".`);
  return client;
}

function usesContexts(node: PlanNode): boolean {
  return node.kind === 'fetch' ? node.contexts !== undefined : node.nodes.some(usesContexts);
}
