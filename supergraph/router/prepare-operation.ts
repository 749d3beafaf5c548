// Owns what is worked out once for an operation: its canonical forms, one for each combination of its conditions.
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import type { CompiledOperation } from '../executor/compile-operation.ts';
import { errorTable } from '../foundation/errors.ts';
import {
  type CanonicalOperation,
  type ClientOperation,
  canonicalOperation,
  type OperationSchema,
} from '../planner/canonical/canonical-operation.ts';
import { conditionVariables } from '../planner/canonical/conditions.ts';
import { countSelections } from '../planner/canonical/count-selections.ts';
import type { QueryPlan } from '../planner/plan.ts';

export interface PreparedOperation extends ClientOperation {
  /** The variables that its `@skip` and `@include` read. */
  conditions: readonly string[];
  variants: Map<string, Variant>;
}

export interface Variant {
  canonical: CanonicalOperation;
  ready: Promise<ReadyOperation>;
}

export interface ReadyOperation {
  plan: QueryPlan;
  run: CompiledOperation;
}

/** One of each expanded selection costs planning time and memory; real pages stay far below. */
const maxSelections = 2000;
/** How many combinations of conditions are remembered for one operation. */
const maxVariants = 64;

/** The document must be valid. Throws OPERATION_TOO_LARGE when its fragments, written out, are more than is planned. */
export function prepareOperation(
  document: DocumentNode,
  definition: OperationDefinitionNode,
): PreparedOperation {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  }
  const operation = { definition, fragments };
  const count = countSelections(operation);
  if (count > maxSelections) {
    const { status } = errorTable.OPERATION_TOO_LARGE;
    throw new GraphQLError(
      `With all fragments written out the operation has more than ${maxSelections} selections.`,
      { extensions: { code: 'OPERATION_TOO_LARGE', http: { status } } },
    );
  }
  return { ...operation, conditions: conditionVariables(operation), variants: new Map() };
}

/** The form of an operation for these variables; compiled at its first use, and again when that failed. */
export function variantFor(
  operation: PreparedOperation,
  schema: OperationSchema,
  variables: Readonly<Record<string, unknown>>,
  makeReady: (canonical: CanonicalOperation) => Promise<ReadyOperation>,
): Variant {
  const key = operation.conditions.map((name) => (variables[name] === true ? '1' : '0')).join('');
  let variant = operation.variants.get(key);
  if (variant === undefined) {
    const canonical = canonicalOperation(schema, operation, variables);
    variant = { canonical, ready: makeReady(canonical) };
    variant.ready.catch(() => operation.variants.delete(key));
    const [oldest] = operation.variants.keys();
    if (operation.variants.size >= maxVariants && oldest !== undefined) operation.variants.delete(oldest);
    operation.variants.set(key, variant);
  }
  return variant;
}
