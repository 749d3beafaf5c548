// Owns running operations: from a valid document to the text of its answer, every step that can be remembered remembered.
import {
  buildASTSchema,
  buildSchema,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { decide, type Verdicts } from '../auth/rules/decide.ts';
import { noRule } from '../auth/rules/field-rule.ts';
import type { RuleOf } from '../auth/rules/guarded-operation.ts';
import {
  type BoundOperation,
  type Bounds,
  boundArguments,
  boundVariables,
} from '../clients/bound-arguments.ts';
import { compileOperation, type Graph } from '../executor/compile-operation.ts';
import { FinishFirst } from '../executor/finish-first.ts';
import { Latencies } from '../executor/latencies.ts';
import { AnswerBytes } from '../executor/projection/answer-bytes.ts';
import type { OperationAnswer } from '../executor/projection/compile-projection.ts';
import type { CompileFallbacks } from '../executor/projection/fallbacks.ts';
import { TypeNames } from '../executor/type-names.ts';
import { WorkSlices } from '../executor/work-slices.ts';
import type { RunOther } from '../fallback/other-field.ts';
import type { Client } from '../foundation/client-version.ts';
import { clientError } from '../foundation/errors.ts';
import type { SupergraphFacts } from '../foundation/supergraph-facts.ts';
import { anonymous } from '../foundation/viewer.ts';
import type { Costs, OperationCost } from '../limits/cost/create-costs.ts';
import { checkFetches } from '../limits/operation/check-fetches.ts';
import { checkVariables } from '../limits/operation/check-variables.ts';
import { coerceVariables } from '../limits/operation/coerce-variables.ts';
import { type OperationLimits, operationLimits } from '../limits/operation/operation-limits.ts';
import type { MayReadSchema } from '../limits/operation/schema-readers.ts';
import type { Verdict } from '../limits/rates/rated-request.ts';
import { type CanonicalOperation, canonicalOperation } from '../planner/canonical/canonical-operation.ts';
import { type Besides, operationSchema } from '../planner/canonical/operation-schema.ts';
import type { QueryPlan } from '../planner/plan.ts';
import type { PlanCache, WarmFailure } from '../planner/plan-cache.ts';
import type { RequestContext, SubgraphClient } from '../transport/subgraph-client.ts';
import { introspect } from './introspect.ts';
import { combinations, knownOperations } from './known-operations.ts';
import { createOperationForms, type DecidedOperation, type OperationForm } from './operation-forms.ts';
import { type PreparedOperation, prepareOperation } from './prepare-operation.ts';

export interface EngineRequest {
  /** The same object for the same text, as far as it is remembered. */
  document: DocumentNode;
  operation: OperationDefinitionNode;
  variables: Readonly<Record<string, unknown>>;
  context: RequestContext;
  /** Whether it is asked by an operation that was begun, which must not wait behind others that were not. */
  isWithin?: boolean;
  /** Asked by `run` when it is admitted, with what it is estimated to cost: an error ends it before anything is run. */
  charge?: (cost: number | undefined) => Verdict;
}

export type EngineAnswer = OperationAnswer & {
  plan: QueryPlan;
  canonical: CanonicalOperation;
  /** Whether it is a query of which no rule had to look at who asks. */
  isForAll: boolean;
};

/** An operation of which it is decided what its viewer may ask for. */
export interface AdmittedOperation {
  /** Empty where nothing was denied; otherwise equal only where the same was, in the same words. */
  denials: string;
  /** What it may cost, whoever asks. */
  cost: number;
  /** With the context of whom it was admitted for, or of somebody like them. Rejects as `run` does. */
  run: (context: RequestContext) => Promise<EngineAnswer>;
}

export interface Engine {
  apiSchema: GraphQLSchema;
  /** Throws an error of the table when nothing could be run; rejects also when the request was given up. */
  run: (request: EngineRequest) => Promise<EngineAnswer>;
  /** The first half of `run`: a promise only where a rule is a function. Throws as `run` rejects. */
  admit: (request: EngineRequest) => AdmittedOperation | Promise<AdmittedOperation>;
  /** What an operation that was run may have cost, and what it has, by the text of its data where that is given. */
  costOf: (request: EngineRequest, data?: string) => { estimated: number; actual?: number | undefined };
  /** Plans every operation in these GraphQL texts; resolves with those that have no plan, or texts that cannot be read. */
  warm: (texts: readonly string[]) => Promise<WarmFailure[]>;
}

interface DecidedRequest {
  operation: PreparedOperation;
  variables: Readonly<Record<string, unknown>>;
  decided: DecidedOperation;
  denials: Verdicts;
  cost: number;
}

export interface EngineOptions {
  supergraph: SupergraphFacts;
  clients: ReadonlyMap<string, SubgraphClient>;
  apiSchemaSdl: string;
  plans: Pick<PlanCache, 'plan' | 'warm'>;
  /** Subgraphs whose answers may go to clients unread; none unless told. */
  trusted?: ReadonlySet<string>;
  /** What must hold before a field of this schema may be asked for; nothing unless told. */
  rules?: (apiSchema: GraphQLSchema) => RuleOf;
  /** Of the arguments that a client gives; nothing unless told. */
  boundsOf?: (client: Client) => Bounds | undefined;
  /** The usual ones unless told. */
  limits?: OperationLimits;
  /** What operations cost, and how much they may; nothing, and nothing is bounded, unless told. */
  costs?: (apiSchema: GraphQLSchema) => Costs;
  /** Everybody unless told. */
  mayReadSchema?: MayReadSchema;
  /** What may stand in for fields that have failed; nothing unless told. */
  standIns?: MakeStandIns;
}

/** What stands in has to be asked for as operations are. */
export type MakeStandIns = (asking: {
  schema: GraphQLSchema;
  run: RunOther;
  planAhead: (text: string) => void;
}) => {
  compile: CompileFallbacks;
  besides: Besides;
  tell: (answer: EngineAnswer, requestId: string) => void;
};

const noClient: Client = Object.freeze({});
const rememberedOperations = 1_000;
const rememberedCharacters = 2_000_000;
const rememberedSchemaTexts = 100;
const rememberedSchemaCharacters = 5_000_000;
const nothingRead: Readonly<Record<string, string>> = Object.freeze({});

export function createEngine(options: EngineOptions): Engine {
  const { supergraph, clients, apiSchemaSdl, plans, trusted = new Set(), boundsOf } = options;
  const { limits = operationLimits(), mayReadSchema = () => true } = options;
  const apiSchema = buildSchema(apiSchemaSdl);
  const ruleOf: RuleOf = options.rules?.(apiSchema) ?? (() => noRule);
  const costs = options.costs?.(apiSchema);
  const types = new TypeNames(
    buildASTSchema(supergraph.document, { assumeValidSDL: true, assumeValid: true }),
  );
  const latencies = new Latencies();
  const order = new FinishFirst();
  const observed = [...clients].map(
    ([name, client]) => [name, order.noticed(latencies.timed(name, client))] as const,
  );
  const standIns = options.standIns?.({
    schema: apiSchema,
    run: (operation, context) => run({ ...operation, context, isWithin: true }),
    // What has no plan then has none when it is needed, and says so.
    planAhead: (text) => void warm([text]).catch(() => {}),
  });
  const graph: Graph = {
    apiSchema,
    types,
    clients: new Map(observed),
    trusted,
    latencies,
    answer: new AnswerBytes({ bytes: limits.answer, errors: limits.errors }),
    slices: new WorkSlices(),
    fallbacks: standIns?.compile,
  };
  const schema = operationSchema(apiSchema, supergraph.document, standIns?.besides);
  const operations = new LRUCache<OperationDefinitionNode, PreparedOperation>({
    max: rememberedOperations,
    maxSize: rememberedCharacters,
    sizeCalculation: ({ size }) => size + 1,
  });
  /** What `__schema` and `__type` say, by response name. */
  const schemaTexts = new LRUCache<OperationForm, Readonly<Record<string, string>>>({
    max: rememberedSchemaTexts,
    maxSize: rememberedSchemaCharacters,
    sizeCalculation: (texts) => Object.values(texts).reduce((all, { length }) => all + length, 1),
  });
  const forms = createOperationForms(schema, ruleOf, async (canonical) => {
    const plan = canonical.text === undefined ? {} : await plans.plan(canonical.text);
    checkFetches(plan, limits);
    return { plan, run: await compileOperation(graph, canonical, plan) };
  });

  const bound = new WeakMap<OperationDefinitionNode, Map<Bounds, BoundOperation>>();

  /** What this client asks for, with what is declared of its arguments. */
  function bounded(request: EngineRequest): EngineRequest {
    const bounds = request.context.client && boundsOf?.(request.context.client);
    if (bounds === undefined) return request;
    // What is too large is refused before all of it is gone through.
    prepare(request);
    const known = bound.get(request.operation) ?? new Map<Bounds, BoundOperation>();
    bound.set(request.operation, known);
    const made = known.get(bounds) ?? boundArguments(apiSchema, bounds, request);
    known.set(bounds, made);
    const { document, operation } = made;
    return { ...request, document, operation, variables: boundVariables(made, request.variables) };
  }

  function prepare({ document, operation }: EngineRequest): PreparedOperation {
    let known = operations.get(operation);
    if (known === undefined) {
      known = prepareOperation(document, operation, limits);
      operations.set(operation, known);
    }
    return known;
  }

  function introspection(operation: PreparedOperation, form: OperationForm, { variables }: EngineRequest) {
    if (!operation.readsSchema) return nothingRead;
    const known = schemaTexts.get(form);
    if (known) return known;
    const texts = introspect(apiSchema, operation, form.canonical, variables);
    // With variables they are not the same for every request.
    if (!operation.definition.variableDefinitions?.length) schemaTexts.set(form, texts);
    return texts;
  }

  function admit(given: EngineRequest): AdmittedOperation | Promise<AdmittedOperation> {
    const request = bounded(given);
    const operation = prepare(request);
    if (operation.readsSchema && !mayReadSchema(request.context.client ?? noClient))
      throw clientError('INTROSPECTION_DISABLED');
    checkVariables(operation.definition, request.variables, limits);
    const variables = coerceVariables(apiSchema, operation.definition, request.variables);
    const decided = forms.decided(operation, variables);
    const cost = costs ? costIn(costs, decided).estimate(variables) : 0;
    costs?.demandAffordable(cost);
    const { viewer = anonymous, client = noClient } = request.context;
    const admitted = (denials: Verdicts): AdmittedOperation => ({
      denials: denials.some(Boolean) ? JSON.stringify(denials) : '',
      cost,
      run: (context) =>
        runAdmitted({ ...request, context }, { operation, variables, decided, denials, cost }),
    });
    const verdicts = decide(decided.guarded.checks, { viewer, client }, variables);
    return verdicts instanceof Promise ? verdicts.then(admitted) : admitted(verdicts);
  }

  async function runAdmitted(
    request: EngineRequest,
    { operation, variables, decided, denials, cost }: DecidedRequest,
  ): Promise<EngineAnswer> {
    const { context } = request;
    if (!request.isWithin) costs?.count(cost);
    const form = forms.find(decided, denials);
    const texts = introspection(operation, form, request);
    const { plan, run } = await form.ready;
    const input = { variables, context, introspection: texts, denials };
    const answer = await (plan.node && !request.isWithin ? order.run(() => run(input)) : run(input));
    // Whatever the subgraphs said of their parts: nobody may keep the whole, which another viewer may not have.
    const isForAll = form.canonical.kind === 'query' && decided.guarded.checks.length === 0;
    const isWhole = answer.errors.length === 0 && answer.degraded === undefined;
    if (!isWhole || !isForAll) context.answerHeader?.('cache-control', 'no-store');
    const told = { ...answer, plan, canonical: form.canonical, isForAll };
    if (answer.degraded) standIns?.tell(told, context.requestId);
    return told;
  }

  async function run(request: EngineRequest): Promise<EngineAnswer> {
    // Validating a new one has taken its time already.
    if (!operations.has(bounded(request).operation)) await graph.slices.turn();
    const admitting = admit(request);
    const admitted = admitting instanceof Promise ? await admitting : admitting;
    const refused = request.charge && (await request.charge(admitted.cost));
    if (refused) throw refused;
    return admitted.run(request.context);
  }

  function costOf(given: EngineRequest, data?: string) {
    if (costs === undefined) return { estimated: 0 };
    const request = bounded(given);
    const operation = prepare(request);
    const variables = coerceVariables(apiSchema, operation.definition, request.variables);
    const cost = costIn(costs, forms.decided(operation, variables));
    const estimated = cost.estimate(variables);
    return { estimated, ...(data !== undefined && { actual: cost.actual(variables, JSON.parse(data)) }) };
  }

  async function warm(given: readonly string[]): Promise<WarmFailure[]> {
    const failures: WarmFailure[] = [];
    const names = new Map<string, string>();
    const readable = given.flatMap((text) => {
      try {
        return knownOperations(text);
      } catch (error) {
        failures.push({ operation: '(a text that cannot be read)', error });
        return [];
      }
    });
    for (const { name, document, definition } of readable) {
      try {
        const [invalid] = validate(apiSchema, document);
        if (invalid) throw invalid;
        const operation = prepareOperation(document, definition, limits);
        for (const conditions of combinations(operation.conditions)) {
          const { text } = canonicalOperation(schema, operation, conditions);
          if (text !== undefined) names.set(text, name);
        }
      } catch (error) {
        failures.push({ operation: name, error });
      }
    }
    for (const { operation, error } of await plans.warm([...names.keys()])) {
      failures.push({ operation: names.get(operation) ?? operation, error });
    }
    return failures;
  }

  return { apiSchema, admit, run, costOf, warm };
}

/** The same for all viewers: what one of them may not ask for is among it. */
function costIn(costs: Costs, decided: DecidedOperation): OperationCost {
  decided.cost ??= costs.of(decided.guarded.canonical([]));
  return decided.cost;
}
