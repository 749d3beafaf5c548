// Owns operations that are ready to run: one form of each for every combination of conditions and verdicts that was met.
import { GraphQLError, type OperationDefinitionNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Check, Verdicts } from '../auth/rules/decide.ts';
import { GuardedOperation, type RuleOf } from '../auth/rules/guarded-operation.ts';
import type { CompiledOperation } from '../executor/compile-operation.ts';
import type { CanonicalOperation, OperationSchema } from '../planner/canonical/canonical-operation.ts';
import type { QueryPlan } from '../planner/plan.ts';
import type { PreparedOperation } from './prepare-operation.ts';

export interface OperationForm {
  canonical: CanonicalOperation;
  ready: Promise<ReadyOperation>;
  /** In selections. */
  size: number;
  /** Texts of `__schema` and `__type` by response name, when they are the same for every request. */
  introspection?: Readonly<Record<string, string>>;
}

export interface ReadyOperation {
  plan: QueryPlan;
  run: CompiledOperation;
}

export interface OperationForms {
  /** What must be decided about the viewer before it is known which form the operation has. */
  checks: (operation: PreparedOperation, variables: Readonly<Record<string, unknown>>) => readonly Check[];
  /** The form for these variables and verdicts; made ready at its first use, and again when that failed. */
  find: (
    operation: PreparedOperation,
    variables: Readonly<Record<string, unknown>>,
    verdicts: Verdicts,
  ) => OperationForm;
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
  const forms = new LRUCache<string, OperationForm>({
    max: mostForms,
    maxSize: mostSelections,
    sizeCalculation: ({ size }) => size,
  });

  function keyOf(
    { definition, conditions }: PreparedOperation,
    variables: Readonly<Record<string, unknown>>,
  ) {
    let number = numbers.get(definition);
    if (number === undefined) {
      number = operations++;
      numbers.set(definition, number);
    }
    return `${number} ${conditions.map((name) => (variables[name] === true ? '1' : '0')).join('')}`;
  }

  /** What of an operation has rules, by its conditions. */
  const guarded = new LRUCache<string, GuardedOperation>({ max: mostForms });

  function guardedOperation(
    key: string,
    operation: PreparedOperation,
    variables: Readonly<Record<string, unknown>>,
  ) {
    const known = guarded.get(key) ?? new GuardedOperation(schema, operation, variables, ruleOf);
    guarded.set(key, known);
    return known;
  }

  function checks(operation: PreparedOperation, variables: Readonly<Record<string, unknown>>) {
    return guardedOperation(keyOf(operation, variables), operation, variables).checks;
  }

  function find(
    operation: PreparedOperation,
    variables: Readonly<Record<string, unknown>>,
    verdicts: Verdicts,
  ) {
    const conditions = keyOf(operation, variables);
    const key = `${conditions} ${verdicts.map((denied) => (denied ? '1' : '0')).join('')}`;
    const known = forms.get(key);
    if (known !== undefined) return known;
    const canonical = guardedOperation(conditions, operation, variables).canonical(verdicts);
    const characters = canonical.text?.length ?? 0;
    const size = 1 + operation.selections + Math.ceil(characters / charactersOfASelection);
    const form: OperationForm = { canonical, ready: makeReady(canonical), size };
    form.ready.catch((error: unknown) => {
      // What is too large once is too large for ever.
      if (isTooLarge(error)) return;
      if (forms.peek(key) === form) forms.delete(key);
    });
    forms.set(key, form);
    return form;
  }

  return { checks, find };
}

function isTooLarge(error: unknown): boolean {
  return error instanceof GraphQLError && error.extensions['code'] === 'OPERATION_TOO_LARGE';
}
