// Owns how a leaf becomes JSON text in generated code: what each scalar's value must be, and what it is written as.
import { type GraphQLLeafType, isEnumType } from 'graphql';
import type { ProjectionRuntime } from './projection-runtime.ts';

export interface LeafCode {
  /** A JavaScript expression over `v`: whether it is a value of this type. */
  test: string;
  /** An expression over `v` (or `s`, which the test may set), when the test holds: its JSON text. */
  text: string;
}

const builtIn = new Map<string, LeafCode>(
  Object.entries({
    String: { test: `typeof v === 'string'`, text: 'R.quote(v)' },
    Boolean: { test: `typeof v === 'boolean'`, text: 'v' },
    Int: { test: `(v | 0) === v`, text: 'v' },
    Float: { test: 'Number.isFinite(v)', text: 'v' },
  }),
);

/** Enums and numbers of a result are checked as GraphQL says; custom scalars are whatever their subgraph says. */
export function leafCode(type: GraphQLLeafType, runtime: ProjectionRuntime): LeafCode {
  if (isEnumType(type)) {
    const index = runtime.enums.push(new Set(type.getValues().map(({ name }) => name))) - 1;
    return { test: `R.enums[${index}].has(v)`, text: `'"' + v + '"'` };
  }
  if (type.name === 'ID') {
    // Many subgraphs write numeric ids as numbers.
    return { test: `typeof v === 'string' || Number.isSafeInteger(v)`, text: `R.quote('' + v)` };
  }
  return builtIn.get(type.name) ?? { test: `(s = R.scalar(v)) !== undefined`, text: 's' };
}
