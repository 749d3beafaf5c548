// Owns what a projection does where a field has failed and something may stand in for it, before null takes what holds it.
import { GraphQLError } from 'graphql';
import type { Degradation } from '../../foundation/degradation.ts';
import { clientError, type ErrorCode, errorRow } from '../../foundation/errors.ts';
import { Failure, type JsonObject } from '../failure.ts';
import type { AnswerBytes } from './answer-bytes.ts';
import type { Demand, FallbackRun, FieldFallbacks, Found, GoodValue } from './fallbacks.ts';
import { writeText } from './write-json.ts';

/** Writes something of an object or list from a place on; see ProjectionCode for what it answers. */
type Write = (from: unknown, at: number, depth: number) => number;

/** What stands in is told to the client, and what went wrong to the log; left out where that has heard of it already. */
export interface StoodIn extends Degradation {
  error?: GraphQLError;
}

/** What is known of demands: by object, by field. */
export type Findings = Map<JsonObject, Map<FieldFallbacks, Finding>>;

interface Finding {
  /** Of the field's tries. */
  at: number;
  found: Found | undefined;
}

/** A field without which the operation fails has failed. */
export class CriticalFailure extends Error {
  readonly error: GraphQLError;

  constructor(error: GraphQLError) {
    super(error.message);
    this.error = error;
  }
}

/** What of a projection's runtime is needed here. */
interface Telling {
  readonly path: readonly (string | number)[];
  errors: GraphQLError[];
  events: number;
  unfit: number;
  lastCode: unknown;
  forget: () => void;
}

const placeholder = 'null';
/** A list's item that is left out. */
const leftOut = -3;
/** Of one answer. */
const mostRemembered = 1_000;

/** One for each compiled projection; what generated code calls is `field` and `item`. */
export class StandIns {
  /** What the generated code refers to by number. */
  readonly fields: FieldFallbacks[] = [];
  degraded: StoodIn[] = [];
  demands: Demand[] = [];
  good: GoodValue[] = [];
  /** How often something stood in, also what was not told any more. */
  private times = 0;
  private findings: Findings = new Map();
  private run: FallbackRun | undefined;
  private readonly failed = new WeakMap<Failure, JsonObject>();
  private readonly telling: Telling;
  private readonly answer: AnswerBytes;

  constructor(telling: Telling, answer: AnswerBytes) {
    this.telling = telling;
    this.answer = answer;
  }

  /** To be called before an answer is written. Without a run nothing is remembered, and nothing found out. */
  begin(run: FallbackRun | undefined, findings: Findings): void {
    this.run = run;
    this.findings = findings;
    this.degraded = [];
    this.demands = [];
    this.good = [];
  }

  /** Writes a field's value, or what stands in for it. */
  field(number: number, write: Write, object: JsonObject, at: number, depth: number): number {
    const { telling } = this;
    const { events, unfit } = telling;
    const told = telling.errors.length;
    const stoodIn = this.degraded.length;
    const demanded = this.demands.length;
    const remembered = this.good.length;
    const end = write(object, at, depth);
    const fallbacks = this.fields[number] as FieldFallbacks;
    if (telling.events === events) {
      if (fallbacks.isRemembered && end > 0) this.remember(fallbacks, object, at, end);
      return end;
    }
    const isFailed = end < 0 || this.isNull(at, end);
    if (!isFailed || telling.unfit !== unfit) return end;
    const known = this.findings.get(object)?.get(fallbacks);
    for (let index = known?.at ?? 0; index < fallbacks.tries.length; index++) {
      const standIn = fallbacks.tries[index];
      if (standIn?.strategy === 'critical') throw new CriticalFailure(this.errorSince(told, depth));
      const found = this.found(standIn, index === known?.at ? known : undefined);
      if (found === 'nothing') continue;
      const error = this.errorSince(told, depth);
      this.takeBack(told, stoodIn, demanded);
      this.good.length = remembered;
      if (found === 'demanded') {
        this.demands.push({ fallbacks, at: index, object });
        return writeText(this.answer, placeholder, at);
      }
      this.tellFound(fallbacks, standIn?.strategy as Degradation['strategy'], { found, error, depth });
      return writeText(this.answer, found.text, at);
    }
    return end;
  }

  /** Writes the item of a list that goes without those that cannot be had; -3 for such a one. */
  item(number: number, write: Write, item: unknown, at: number, depth: number): number {
    const { telling } = this;
    const { events, unfit } = telling;
    const told = telling.errors.length;
    const stoodIn = this.degraded.length;
    const demanded = this.demands.length;
    const end = write(item, at, depth);
    if (telling.events === events || telling.unfit !== unfit) return end;
    if (end >= 0 && !this.isNull(at, end)) return end;
    const error = this.errorSince(told, depth);
    this.takeBack(told, stoodIn, demanded);
    const found = { text: '' };
    // The list's own path: in the answer there is no such item.
    this.tellFound(this.fields[number] as FieldFallbacks, 'omit', { found, error, depth: depth - 1 });
    return leftOut;
  }

  /** Whether an object is null because something within it failed, and not by itself. */
  isBubbled(value: unknown): value is Failure {
    return value instanceof Failure && value.reasons.some(({ below }) => below.length > 0);
  }

  /** Writes such an object out of what stands in for its fields, all of which count as failed; -1 where that will not do. */
  bubbled(write: Write, failure: Failure, names: readonly string[], at: number, depth: number): number {
    const { telling } = this;
    const told = telling.errors.length;
    const stoodIn = this.degraded.length;
    const demanded = this.demands.length;
    const { times } = this;
    // The same one each time, because what was found out is known by it.
    const object = this.failed.get(failure) ?? objectOf(names, failure);
    this.failed.set(failure, object);
    const end = write(object, at, depth);
    if (end >= 0 && this.times + this.demands.length > times + demanded) return end;
    this.takeBack(told, stoodIn, demanded);
    return -1;
  }

  /** To be called when null has taken an object or a list: what stood in within it is in no answer. */
  nulled(depth: number): void {
    const { path } = this.telling;
    while (this.degraded.length > 0 && isBelow(this.degraded.at(-1)?.path ?? [], path, depth))
      this.degraded.pop();
  }

  private takeBack(told: number, stoodIn: number, demanded: number): void {
    const { telling } = this;
    telling.errors.length = Math.min(told, telling.errors.length);
    this.degraded.length = stoodIn;
    this.demands.length = demanded;
    telling.forget();
    telling.events += 1;
  }

  private found(
    standIn: FieldFallbacks['tries'][number] | undefined,
    known: Finding | undefined,
  ): Found | 'nothing' | 'demanded' {
    if (standIn === undefined || standIn.strategy === 'critical') return 'nothing';
    if (standIn.strategy === 'value') return standIn;
    if (standIn.strategy === 'omit') return { text: '[]' };
    if (known) return known.found ?? 'nothing';
    return this.run ? 'demanded' : 'nothing';
  }

  private tellFound(
    { coordinate }: FieldFallbacks,
    strategy: Degradation['strategy'],
    { found, error, depth }: { found: Found; error: GraphQLError; depth: number },
  ): void {
    const path = this.telling.path.slice(0, depth + 1);
    const reason = String(error.extensions['code']);
    const { ageSeconds, errors = [], degraded = [] } = found;
    const mostTold = this.answer.bounds.errors;
    this.times += 1;
    if (this.degraded.length < mostTold) {
      const aged = ageSeconds === undefined ? {} : { ageSeconds };
      this.degraded.push({ path, coordinate, strategy, reason, ...aged, error });
    }
    for (const one of degraded) {
      if (this.degraded.length >= mostTold) break;
      const why = one.reason === undefined ? { reason, error } : { reason: one.reason };
      this.degraded.push({ ...one, path: [...path, ...(one.path ?? [])], ...why });
    }
    for (const { message, path: below = [], extensions } of errors) {
      if (this.telling.errors.length >= mostTold) return;
      this.telling.errors.push(new GraphQLError(message, { path: [...path, ...below], extensions }));
    }
  }

  private remember(fallbacks: FieldFallbacks, object: JsonObject, at: number, end: number): void {
    if (this.good.length >= mostRemembered) return;
    const key = this.run?.keyFor(fallbacks, object);
    if (key === undefined) return;
    this.good.push({ fallbacks, key, text: this.answer.room.toString('utf8', at, end) });
  }

  /** What was told first; where too much was told before, its code is all that is known. */
  private errorSince(told: number, depth: number): GraphQLError {
    const { errors, lastCode, path } = this.telling;
    const first = errors[told];
    if (first) return first;
    const code = errorRow(lastCode) ? (lastCode as ErrorCode) : 'INTERNAL_SERVER_ERROR';
    const { message, extensions } = clientError(code);
    return new GraphQLError(message, { path: path.slice(0, depth + 1), extensions });
  }

  private isNull(at: number, end: number): boolean {
    return end === at + placeholder.length && this.answer.room[at] === 0x6e;
  }
}

function objectOf(names: readonly string[], { reasons }: Failure): JsonObject {
  const failure = new Failure(reasons.map(({ error }) => ({ error, below: [] })));
  return Object.fromEntries(names.map((name) => [name, failure]));
}

function isBelow(path: readonly unknown[], above: readonly unknown[], depth: number): boolean {
  if (path.length <= depth) return false;
  for (let index = 0; index <= depth; index++) if (path[index] !== above[index]) return false;
  return true;
}
