// Owns how a leaf becomes JSON in generated code: what each scalar's value must be, and how it is written.
import { type GraphQLLeafType, isEnumType } from 'graphql';
import type { ProjectionRuntime } from './projection-runtime.ts';

export interface LeafCode {
  /** A JavaScript expression over `v`: whether it is a value of this type. */
  test: string;
  /** An expression over `v` (or `s`, which the test may set), when the test holds: writes it at `n`, is where it ends. */
  write: string;
}

const builtIn = new Map<string, LeafCode>(
  Object.entries({
    String: { test: `typeof v==='string'`, write: 'writeString(A,v,n)' },
    Boolean: { test: `typeof v==='boolean'`, write: 'writeBoolean(A,v,n)' },
    Int: { test: `(v|0)===v`, write: 'writeInt(A,v,n)' },
    Float: { test: 'Number.isFinite(v)', write: 'writeText(A,""+v,n)' },
  }),
);

/** Enums and numbers of a result are checked as GraphQL says; custom scalars are whatever their subgraph says. */
export function leafCode(type: GraphQLLeafType, runtime: ProjectionRuntime): LeafCode {
  if (isEnumType(type)) {
    const index = runtime.enums.push(new Set(type.getValues().map(({ name }) => name))) - 1;
    return { test: `R.enums[${index}].has(v)`, write: 'writeString(A,v,n)' };
  }
  if (type.name === 'ID') {
    // Many subgraphs write numeric ids as numbers.
    return { test: `typeof v==='string'||Number.isSafeInteger(v)`, write: `writeString(A,''+v,n)` };
  }
  return (
    builtIn.get(type.name) ?? {
      test: `typeof v==='string'||(s=R.scalar(v))!==undefined`,
      write: `typeof v==='string'?writeString(A,v,n):writeText(A,s,n)`,
    }
  );
}
