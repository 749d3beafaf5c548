// Owns running operations: from a valid document to the text of its answer, every step that can be remembered remembered.
import {
  buildASTSchema,
  buildSchema,
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getVariableValues,
  type OperationDefinitionNode,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { compileOperation, type Graph, type OperationAnswer } from '../executor/compile-operation.ts';
import { TypeNames } from '../executor/type-names.ts';
import { errorTable } from '../foundation/errors.ts';
import type { SupergraphFacts } from '../foundation/supergraph-facts.ts';
import { type CanonicalOperation, canonicalOperation } from '../planner/canonical/canonical-operation.ts';
import { requiredNames } from '../planner/canonical/required-names.ts';
import type { QueryPlan } from '../planner/plan.ts';
import type { PlanCache } from '../planner/plan-cache.ts';
import type { RequestContext, SubgraphClient } from '../transport/subgraph-client.ts';
import { introspect } from './introspect.ts';
import { combinations, knownOperations } from './known-operations.ts';
import {
  type PreparedOperation,
  prepareOperation,
  type ReadyOperation,
  variantFor,
} from './prepare-operation.ts';

export interface EngineRequest {
  /** The text that `document` was parsed from. */
  source: string;
  document: DocumentNode;
  operation: OperationDefinitionNode;
  variables: Readonly<Record<string, unknown>>;
  context: RequestContext;
}

export interface Engine {
  apiSchema: GraphQLSchema;
  /** Throws an error of the table when nothing could be run; rejects also when the request was given up. */
  run: (request: EngineRequest) => Promise<OperationAnswer & { plan: QueryPlan }>;
  /** Plans every operation in this GraphQL text; resolves with those that have no plan. */
  warm: (documents: string) => Promise<WarmFailure[]>;
}

export interface WarmFailure {
  /** Its name. */
  operation: string;
  error: unknown;
}

export interface EngineOptions {
  supergraph: SupergraphFacts;
  clients: ReadonlyMap<string, SubgraphClient>;
  apiSchemaSdl: string;
  plans: Pick<PlanCache, 'plan'>;
}

const rememberedOperations = 1000;

export function createEngine({ supergraph, clients, apiSchemaSdl, plans }: EngineOptions): Engine {
  const apiSchema = buildSchema(apiSchemaSdl);
  const types = new TypeNames(
    buildASTSchema(supergraph.document, { assumeValidSDL: true, assumeValid: true }),
  );
  const graph: Graph = { apiSchema, types, clients };
  const schema = { schema: apiSchema, required: requiredNames(supergraph.document) };
  const prepared = new LRUCache<string, PreparedOperation>({ max: rememberedOperations });

  function prepare({ source, document, operation }: EngineRequest): PreparedOperation {
    const key = `${operation.name?.value ?? ''} ${source}`;
    let known = prepared.get(key);
    if (known === undefined) {
      known = prepareOperation(document, operation);
      prepared.set(key, known);
    }
    return known;
  }

  async function makeReady(canonical: CanonicalOperation): Promise<ReadyOperation> {
    const plan = canonical.text === undefined ? {} : await plans.plan(canonical.text);
    return { plan, run: compileOperation(graph, canonical, plan) };
  }

  return {
    apiSchema,
    async run(request) {
      const operation = prepare(request);
      const variables = coerceVariables(apiSchema, operation, request.variables);
      const { canonical, ready } = variantFor(operation, schema, variables, makeReady);
      const introspection = introspect(apiSchema, operation, canonical, request.variables);
      const { plan, run } = await ready;
      const answer = await run({ variables, context: request.context, introspection });
      return { ...answer, plan };
    },
    async warm(documents) {
      const failures: WarmFailure[] = [];
      for (const { name, document, definition } of knownOperations(documents)) {
        try {
          const [invalid] = validate(apiSchema, document);
          if (invalid) throw invalid;
          const operation = prepareOperation(document, definition);
          for (const conditions of combinations(operation.conditions)) {
            const { text } = canonicalOperation(schema, operation, conditions);
            if (text !== undefined) await plans.plan(text);
          }
        } catch (error) {
          failures.push({ operation: name, error });
        }
      }
      return failures;
    },
  };
}

function coerceVariables(
  schema: GraphQLSchema,
  { definition }: PreparedOperation,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const { coerced, errors } = getVariableValues(schema, definition.variableDefinitions ?? [], given);
  const [first] = errors ?? [];
  if (first === undefined) return coerced ?? {};
  const { status } = errorTable.BAD_USER_INPUT;
  throw new GraphQLError(first.message, {
    nodes: first.nodes ?? null,
    extensions: { code: 'BAD_USER_INPUT', http: { status } },
  });
}
