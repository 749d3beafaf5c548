// Owns what generated projections call: the errors they find, and where in the client's answer these are.
import { GraphQLError } from 'graphql';
import { clientError } from '../../foundation/errors.ts';
import { isFaultOfSubgraph } from '../../foundation/is-fault-of-subgraph.ts';
import type { Denials } from '../execution.ts';
import { Failure, isObject, type JsonObject } from '../failure.ts';
import type { AnswerBytes } from './answer-bytes.ts';
import type { ApplicableField } from './applicable-fields.ts';
import { StandIns } from './stand-ins.ts';

/** One for each compiled projection. Projections run without waiting, so they never meet in it. */
export class ProjectionRuntime {
  /** Where the projection is: client's names and list indexes, valid down to the depth that is being written. */
  readonly path: (string | number)[] = [];
  errors: GraphQLError[] = [];
  /** JSON texts of `__schema` and `__type`, by response name. */
  introspection: Readonly<Record<string, string>> = {};
  readonly isObject: typeof isObject = isObject;
  /** What the generated code refers to by number. */
  readonly fields: ApplicableField[] = [];
  readonly enums: ReadonlySet<unknown>[] = [];
  /** Shared objects that stand in the answer already, and where; for each function that writes such. */
  readonly written: Map<JsonObject, number>[] = [];

  /** Why fields were not asked for, by the numbers that the operation gives them. */
  denials: Denials = [];
  /** How often something happened that belongs to its place: a text that was written meanwhile is not for other places. */
  events = 0;
  /** How many of them nothing may stand in for. */
  unfit = 0;
  /** Code of the last that was told. */
  lastCode: unknown;
  /** What stands in for fields, where anything does. */
  readonly standIns: StandIns;
  private readonly told = new Set<string>();
  private readonly mostErrors: number;

  constructor(answer: AnswerBytes) {
    this.mostErrors = answer.bounds.errors;
    this.standIns = new StandIns(this, answer);
  }

  /** To be called before an answer is written. */
  begin(introspection: ProjectionRuntime['introspection'], denials: Denials): void {
    this.introspection = introspection;
    this.denials = denials;
    this.told.clear();
    this.events = 0;
    this.unfit = 0;
  }

  /**
   * Tells of a field that was not asked for, once for each place in the operation; it may stand in many in the answer. What is
   * fatal takes its object along, for which nothing may stand in then.
   */
  denied(depth: number, reason: number, isFatal: boolean): void {
    const denial = this.denials[reason];
    if (isFatal) this.unfit += 1;
    const path = this.path.slice(0, depth + 1);
    const place = path.filter((step) => typeof step === 'string').join('.');
    if (denial === undefined || this.told.has(place)) return;
    this.told.add(place);
    this.events += 1;
    const { message, code } = denial;
    this.errors.push(new GraphQLError(message, { path, extensions: { code } }));
  }

  /** To be called when something is written over. */
  forget(): void {
    for (const places of this.written) places.clear();
  }

  /**
   * Tells why there is no usable value, where something must be told: an answer may be null where the schema lets it.
   * `depth` is that of the value's path.
   */
  missing(depth: number, field: number, value: unknown, mayBeNull: boolean): void {
    const isNothing = value === null || value === undefined || value instanceof Failure;
    const hasReasons = value instanceof Failure && value.reasons.length > 0;
    if (mayBeNull && isNothing && !hasReasons && value !== undefined) return;
    this.events += 1;
    if (hasReasons) {
      for (const { error } of value.reasons) this.note(error.extensions?.['code']);
    } else this.note(isNothing ? 'SUBGRAPH_VALUE_MISSING' : 'SUBGRAPH_MALFORMED');
    if (this.errors.length >= this.mostErrors) return;
    const path = this.path.slice(0, depth + 1);
    if (hasReasons) {
      for (const { error, below } of value.reasons) {
        const at = [...path, ...this.clientPath(this.fields[field], below)];
        this.errors.push(new GraphQLError(error.message, { path: at, extensions: error.extensions ?? null }));
      }
      return;
    }
    const code = isNothing ? 'SUBGRAPH_VALUE_MISSING' : 'SUBGRAPH_MALFORMED';
    const { message, extensions } = clientError(code);
    this.errors.push(new GraphQLError(message, { path, extensions }));
  }

  private note(code: unknown): void {
    this.lastCode = code;
    if (!isFaultOfSubgraph(code)) this.unfit += 1;
  }

  /** A custom scalar as JSON text; undefined when there is no value. */
  scalar(value: unknown): string | undefined {
    if (value === null || value instanceof Failure || typeof value === 'function') return undefined;
    try {
      return JSON.stringify(value);
    } catch {
      // It is nested deeper than can be written.
      return undefined;
    }
  }

  /** As far as the client knows the way. */
  private clientPath(
    field: ApplicableField | undefined,
    below: readonly (string | number)[],
  ): (string | number)[] {
    const path: (string | number)[] = [];
    let selections = field?.inner.flat() ?? [];
    for (const step of below) {
      if (typeof step === 'number') {
        path.push(step);
        continue;
      }
      const all = selections.flatMap(function flat(selection): typeof selections {
        return selection.kind === 'fragment' ? selection.selections.flatMap(flat) : [selection];
      });
      const next = all.find((selection) => selection.kind === 'field' && selection.name === step);
      if (next?.kind !== 'field') break;
      path.push(next.responseName);
      selections = next.selections ?? [];
    }
    return path;
  }
}
