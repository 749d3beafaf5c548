// Owns operations that are ready to run: one form of each for every combination of its conditions that was met.
import { GraphQLError, type OperationDefinitionNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { CompiledOperation } from '../executor/compile-operation.ts';
import {
  type CanonicalOperation,
  canonicalOperation,
  type OperationSchema,
} from '../planner/canonical/canonical-operation.ts';
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

/** The form of an operation for these variables; made ready at its first use, and again when that failed. */
export type FindForm = (
  operation: PreparedOperation,
  variables: Readonly<Record<string, unknown>>,
) => OperationForm;

const mostForms = 1_000;
/** What is compiled from one selection takes about two kilobytes. */
const mostSelections = 100_000;
/** Literals can be long. */
const charactersOfASelection = 500;

export function createOperationForms(
  schema: OperationSchema,
  makeReady: (canonical: CanonicalOperation) => Promise<ReadyOperation>,
): FindForm {
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

  return (operation, variables) => {
    const key = keyOf(operation, variables);
    const known = forms.get(key);
    if (known !== undefined) return known;
    const canonical = canonicalOperation(schema, operation, variables);
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
  };
}

function isTooLarge(error: unknown): boolean {
  return error instanceof GraphQLError && error.extensions['code'] === 'OPERATION_TOO_LARGE';
}
