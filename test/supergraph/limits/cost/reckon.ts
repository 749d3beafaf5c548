// Owns reckoning what an operation costs by a schema, for tests of the formula.
import { buildASTSchema, getOperationAST, getVariableValues, Kind, parse, validate } from 'graphql';
import type { LimitsDeclaration } from '../../../../supergraph/declaration/limits-declaration.ts';
import { createCosts } from '../../../../supergraph/limits/cost/create-costs.ts';
import { canonicalOperation } from '../../../../supergraph/planner/canonical/canonical-operation.ts';
import { operationSchema } from '../../../../supergraph/planner/canonical/operation-schema.ts';

export interface Reckoned {
  estimate: (variables?: Record<string, unknown>) => number;
  actual: (data: unknown, variables?: Record<string, unknown>) => number | undefined;
}

/** The operation must be valid, and without variables in its conditions. */
export function reckon(sdl: string, text: string, limits: LimitsDeclaration = {}): Reckoned {
  const schemaDocument = parse(sdl);
  const schema = buildASTSchema(schemaDocument);
  const document = parse(text);
  const [problem] = validate(schema, document);
  if (problem) throw problem;
  const definition = getOperationAST(document);
  if (!definition) throw new Error('there is not one operation');
  const fragments = new Map(
    document.definitions.flatMap((one) =>
      one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one] as const] : [],
    ),
  );
  const canonical = canonicalOperation(operationSchema(schema, schemaDocument), { definition, fragments });
  const costs = createCosts({ bff: { name: 'test', limits }, supergraph: { document: schemaDocument } });
  const cost = costs.within(schema).of(canonical);
  const coerce = (given: Record<string, unknown>) => {
    const { coerced, errors } = getVariableValues(schema, definition.variableDefinitions ?? [], given);
    if (coerced === undefined) throw errors?.[0];
    return coerced;
  };
  return {
    estimate: (variables = {}) => cost.estimate(coerce(variables)),
    actual: (data, variables = {}) => cost.actual(coerce(variables), data),
  };
}
