// Owns operations that are ready to run: one form of each for every combination of its conditions that was met.
import type { OperationDefinitionNode } from 'graphql';
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
/** Of the texts; what is compiled from one takes a multiple of it. */
const mostCharacters = 5_000_000;

export function createOperationForms(
  schema: OperationSchema,
  makeReady: (canonical: CanonicalOperation) => Promise<ReadyOperation>,
): FindForm {
  const numbers = new WeakMap<OperationDefinitionNode, number>();
  let operations = 0;
  const forms = new LRUCache<string, OperationForm>({
    max: mostForms,
    maxSize: mostCharacters,
    sizeCalculation: ({ canonical: { text = '' } }) => text.length + 1,
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
    const form: OperationForm = { canonical, ready: makeReady(canonical) };
    form.ready.catch(() => {
      if (forms.peek(key) === form) forms.delete(key);
    });
    forms.set(key, form);
    return form;
  };
}
