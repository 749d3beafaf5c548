// Owns operations that are ready to run: one form of each for every combination of conditions and verdicts that was met.
import { GraphQLError, type OperationDefinitionNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Verdicts } from '../auth/rules/decide.ts';
import { GuardedOperation, type RuleOf } from '../auth/rules/guarded-operation.ts';
import type { CompiledOperation } from '../executor/compile-operation.ts';
import type { OperationCost } from '../limits/cost/create-costs.ts';
import type { CanonicalOperation } from '../planner/canonical/canonical-operation.ts';
import type { OperationSchema } from '../planner/canonical/operation-schema.ts';
import type { QueryPlan } from '../planner/plan.ts';
import type { PreparedOperation } from './prepare-operation.ts';

export interface OperationForm {
  canonical: CanonicalOperation;
  ready: Promise<ReadyOperation>;
  /** In selections. */
  size: number;
}

export interface ReadyOperation {
  plan: QueryPlan;
  run: CompiledOperation;
}

/** An operation whose conditions are decided. */
export interface DecidedOperation {
  key: string;
  guarded: GuardedOperation;
  /** In selections. */
  size: number;
  /** Once it was asked for. */
  cost?: OperationCost;
}

export interface OperationForms {
  /** The operation for these variables; its checks must be decided before it is known which form it has. */
  decided: (operation: PreparedOperation, variables: Readonly<Record<string, unknown>>) => DecidedOperation;
  /** The form for these verdicts; made ready at its first use, and again when that failed. */
  find: (operation: DecidedOperation, verdicts: Verdicts) => OperationForm;
}

const mostForms = 1_000;
/** What is compiled from one selection takes about two kilobytes. */
const mostSelections = 100_000;
/** Literals can be long. */
const charactersOfASelection = 500;

export function createOperationForms(
  schema: OperationSchema,
  ruleOf: RuleOf,
  makeReady: (canonical: CanonicalOperation) => Promise<ReadyOperation>,
): OperationForms {
  const numbers = new WeakMap<OperationDefinitionNode, number>();
  let operations = 0;
  const bounds = {
    max: mostForms,
    maxSize: mostSelections,
    sizeCalculation: ({ size }: { size: number }) => size,
  };
  const decidedOperations = new LRUCache<string, DecidedOperation>(bounds);
  const forms = new LRUCache<string, OperationForm>(bounds);

  function keyOf(
    { definition, conditions }: PreparedOperation,
    variables: Readonly<Record<string, unknown>>,
  ) {
    let number = numbers.get(definition);
    if (number === undefined) {
      number = operations++;
      numbers.set(definition, number);
    }
    return `${number} ${conditions.map((name) => (variables[name] === true ? '1' : '0')).join('')} `;
  }

  function decided(operation: PreparedOperation, variables: Readonly<Record<string, unknown>>) {
    const key = keyOf(operation, variables);
    const known = decidedOperations.get(key);
    if (known !== undefined) return known;
    // Of the variables no more than these: they are somebody's, and may be large.
    const conditions = Object.fromEntries(operation.conditions.map((name) => [name, variables[name]]));
    const guarded = new GuardedOperation(schema, operation, conditions, ruleOf);
    const made: DecidedOperation = { key, guarded, size: 1 + operation.selections };
    decidedOperations.set(key, made);
    return made;
  }

  function find({ key: conditions, guarded, size: selections }: DecidedOperation, verdicts: Verdicts) {
    let key = conditions;
    for (const denied of verdicts) key += denied ? '1' : '0';
    const known = forms.get(key);
    if (known !== undefined) return known;
    const canonical = guarded.canonical(verdicts);
    const characters = canonical.text?.length ?? 0;
    const size = selections + Math.ceil(characters / charactersOfASelection);
    const form: OperationForm = { canonical, ready: makeReady(canonical), size };
    form.ready.catch((error: unknown) => {
      // What is too large once is too large for ever.
      if (isTooLarge(error)) return;
      if (forms.peek(key) === form) forms.delete(key);
    });
    forms.set(key, form);
    return form;
  }

  return { decided, find };
}

const lasting: ReadonlySet<unknown> = new Set(['OPERATION_TOO_LARGE', 'FETCH_LIMIT_EXCEEDED']);

function isTooLarge(error: unknown): boolean {
  return error instanceof GraphQLError && lasting.has(error.extensions['code']);
}
