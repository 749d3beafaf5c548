// Owns the search: random operations in each world, answered by an engine and by the monolith, with and without failures.
import { GraphQLError, type GraphQLSchema, parse, validate } from 'graphql';
import { checkErrorPaths, checkRequests } from './check-requests.ts';
import { compareAnswers, type Expectation } from './compare-answers.ts';
import type { EngineAnswer, EngineUnderTest } from './engines/engine-under-test.ts';
import { monolith } from './engines/monolith.ts';
import { type FailurePlan, failurePlan, noFailures } from './graph/inject-failures.ts';
import { type PreparedWorld, prepareWorld } from './graph/prepare-world.ts';
import type { World } from './graph/world.ts';
import { WorldRun } from './graph/world-run.ts';
import { Coverage } from './measure-coverage.ts';
import { type GeneratedOperation, generateOperation } from './operations/generate-operation.ts';
import { hashed, seedOf } from './operations/random.ts';
import { shrinkOperation } from './operations/shrink-operation.ts';

/** While the planner's thread works on some, others run. */
const atOnce = 8;

export interface SearchOptions {
  worlds: readonly World[];
  engine: (prepared: PreparedWorld) => Promise<EngineUnderTest>;
  /** Of all worlds together. */
  operations: number;
  seed: number;
  /** Whether the engine says where its errors belong. */
  locatesErrors: boolean;
  /** Differences to find before the search ends; 1 unless told. */
  enough?: number;
  /** Whether operations with a difference are made smaller; so unless told. */
  shrinks?: boolean;
  /** Which share of operations runs with failures on purpose; a half unless told. */
  failing?: number;
  /** What fails then; other things with every seed unless told. */
  failures?: (seed: number) => FailurePlan;
  onDifference?: (difference: Difference) => void;
}

export interface Difference {
  world: string;
  /** Of the operation. */
  seed: number;
  withFailures: boolean;
  what: string;
  /** As small as it could be made. */
  operation: GeneratedOperation;
  variables: Record<string, unknown>;
  engine: EngineAnswer;
  monolith: EngineAnswer;
}

export interface SearchResult {
  differences: Difference[];
  coverage: Coverage;
  operations: number;
  /** Operations that were made and are not valid. */
  discarded: number;
  /** Times an operation was run, and how often a failure was met then. */
  runs: number;
  runsWithFailures: number;
  /** Of these, how often the data had to be the same all the same. */
  exactRunsWithFailures: number;
}

export async function searchDifferences(options: SearchOptions): Promise<SearchResult> {
  const result: SearchResult = {
    differences: [],
    coverage: new Coverage(),
    operations: 0,
    discarded: 0,
    runs: 0,
    runsWithFailures: 0,
    exactRunsWithFailures: 0,
  };
  const perWorld = Math.ceil(options.operations / options.worlds.length);
  for (const world of options.worlds) {
    if (isDoneWith(result, options)) break;
    const prepared = prepareWorld(world);
    const engine = await options.engine(prepared);
    try {
      await searchWorld({ ...options, operations: perWorld }, prepared, engine, result);
    } finally {
      await engine.close();
    }
  }
  return result;
}

async function searchWorld(
  options: SearchOptions,
  prepared: PreparedWorld,
  engine: EngineUnderTest,
  result: SearchResult,
): Promise<void> {
  const { world, api } = prepared;
  const judge = new Judge(prepared, engine, options);
  let valid = 0;
  result.coverage.expect(world.name, api);
  // Chance may have left out a coordinate: a world goes on for half as long again until all of it was met often enough.
  const most = options.operations * 1.5;
  const isCovered = (): boolean => !result.coverage.gaps().some((gap) => gap.startsWith(`${world.name}: `));
  const wanted = (): number => (valid < options.operations || isCovered() ? options.operations : most);
  const isDone = (): boolean => valid >= wanted() || isDoneWith(result, options);
  let index = 0;
  while (!isDone()) {
    const batch: Drawn[] = [];
    const until = wanted();
    for (; batch.length < atOnce && valid < until; index += 1) {
      if (index > most * 2 + 20) throw new Error(`Too few operations for ${world.name} are valid.`);
      const seed = seedOf(options.seed, world.name, index);
      const operation = generateOperation({
        api,
        literals: world.literals,
        seed,
        met: (coordinate) => result.coverage.met(world.name, coordinate),
      });
      if (!isValid(api, operation.source)) {
        result.discarded += 1;
        continue;
      }
      valid += 1;
      result.operations += 1;
      result.coverage.operation(world.name, api, parse(operation.source));
      const isFailing = hashed(seed, 'failing') < (options.failing ?? 0.5);
      batch.push({ operation, seed, isFailing });
    }
    const judged = await Promise.all(batch.map((drawn) => runAll(judge, drawn)));
    for (const [position, { operation, seed }] of batch.entries()) {
      for (const { variables, failures, verdict } of judged[position] ?? []) {
        result.runs += 1;
        if (verdict.metFailures) result.runsWithFailures += 1;
        if (verdict.metFailures && verdict.exact) result.exactRunsWithFailures += 1;
        result.coverage.plan(verdict.engine.plan);
        if (verdict.what === undefined || isDoneWith(result, options)) continue;
        const difference = await judge.smallest(operation, { variables, failures, seed, first: verdict });
        result.differences.push(difference);
        options.onDifference?.(difference);
        break;
      }
    }
  }
}

interface Drawn {
  operation: GeneratedOperation;
  /** Of the operation. */
  seed: number;
  isFailing: boolean;
}

interface Turn {
  variables: Record<string, unknown>;
  /** The seed of the failures, where there are any. */
  failures: number | undefined;
  verdict: Verdict;
}

/** Each set of variables after the other, as the second may be answered by what was remembered of the first. */
async function runAll(judge: Judge, { operation, seed, isFailing }: Drawn): Promise<Turn[]> {
  const turns: Turn[] = [];
  for (const [turn, variables] of operation.variables.entries()) {
    const failures = isFailing ? seedOf(seed, 'failures', turn) : undefined;
    turns.push({ variables, failures, verdict: await judge.run(operation.source, variables, failures) });
  }
  return turns;
}

function isDoneWith({ differences }: SearchResult, { enough = 1 }: SearchOptions): boolean {
  return differences.length >= enough;
}

interface Verdict {
  what: string | undefined;
  engine: EngineAnswer;
  monolith: EngineAnswer;
  metFailures: boolean;
  exact: boolean;
}

interface FoundBy {
  variables: Record<string, unknown>;
  failures: number | undefined;
  /** Of the operation. */
  seed: number;
  first: Verdict;
}

class Judge {
  readonly #prepared: PreparedWorld;
  readonly #engine: EngineUnderTest;
  readonly #monolith: EngineUnderTest;
  readonly #options: SearchOptions;

  constructor(prepared: PreparedWorld, engine: EngineUnderTest, options: SearchOptions) {
    this.#prepared = prepared;
    this.#engine = engine;
    this.#monolith = monolith(prepared);
    this.#options = options;
  }

  async run(
    source: string,
    variables: Record<string, unknown>,
    failureSeed: number | undefined,
  ): Promise<Verdict> {
    const { failures: planOf = failurePlan } = this.#options;
    const failures = failureSeed === undefined ? noFailures : planOf(failureSeed);
    const whole = new WorldRun(this.#prepared.world, failures);
    const parts = new WorldRun(this.#prepared.world, failures);
    const expected = await this.#monolith.run({ source, variables, run: whole });
    const answer = await answerOf(this.#engine, { source, variables, run: parts });
    const { needed } = this.#prepared;
    const exact =
      parts.lost === 0 &&
      [...parts.met].every(([failure, field]) => whole.met.has(failure) && !needed.has(field));
    const lostEntities = parts.lost > 0;
    const { locatesErrors } = this.#options;
    const expectation = { exact, lostEntities, locatesErrors, computed: whole.computed };
    const what = objection(source, answer, expected, expectation);
    return {
      what,
      engine: answer,
      monolith: expected,
      metFailures: lostEntities || parts.met.size > 0,
      exact,
    };
  }

  async smallest(
    operation: GeneratedOperation,
    { variables, failures, seed, first }: FoundBy,
  ): Promise<Difference> {
    const { api, world } = this.#prepared;
    const holds = async ({ source }: GeneratedOperation): Promise<boolean> =>
      isValid(api, source) && (await this.run(source, variables, failures)).what !== undefined;
    const smallest = this.#options.shrinks === false ? operation : await shrinkOperation(operation, holds);
    // Once more and spelled anew, so that the plan is made before our eyes.
    const again = await this.run(`${smallest.source} `, variables, failures);
    // What depends on the run before does not come again.
    const verdict = again.what === undefined ? first : again;
    return {
      world: world.name,
      seed,
      withFailures: failures !== undefined,
      what: `${verdict.what ?? ''}${verdict === first ? ', after another run of the operation' : ''}`,
      operation: smallest,
      variables,
      engine: verdict.engine,
      monolith: verdict.monolith,
    };
  }
}

function objection(
  source: string,
  answer: EngineAnswer,
  expected: EngineAnswer,
  expectation: Expectation,
): string | undefined {
  const toAnswer = compareAnswers(answer, expected, expectation);
  // Of an engine that says where its errors belong we also know how it asks.
  if (toAnswer !== undefined || !expectation.locatesErrors) return toAnswer;
  return checkRequests(answer.exchanges) ?? checkErrorPaths(answer.errors, source);
}

async function answerOf(
  engine: EngineUnderTest,
  request: Parameters<EngineUnderTest['run']>[0],
): Promise<EngineAnswer> {
  try {
    return await engine.run(request);
  } catch (error) {
    const message = `${engine.name} threw ${error instanceof Error ? error.stack : String(error)}`;
    return { data: message, errors: [], exchanges: [] };
  }
}

function isValid(api: GraphQLSchema, source: string): boolean {
  try {
    return validate(api, parse(source)).length === 0;
  } catch (error) {
    if (error instanceof GraphQLError) return false;
    throw error;
  }
}
