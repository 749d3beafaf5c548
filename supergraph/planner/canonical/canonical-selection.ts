// Owns the shape of what a client selects, once fragments are expanded and conditions decided.
import type { FieldNode, GraphQLCompositeType, GraphQLOutputType } from 'graphql';

/** What the client selects, in its order; merged where it asks for one response name twice in one place. */
export type CanonicalSelection = CanonicalField | CanonicalFragment;

export interface CanonicalField {
  kind: 'field';
  /** The name the client gets it under. */
  responseName: string;
  /** The name the data holds it under. */
  name: string;
  /** Its name in the schema. */
  fieldName: string;
  /** That name with arguments and directives, in canonical names of variables; empty for what is denied. */
  call: string;
  /** On the type that it is selected on; objects below an interface may promise more. */
  type: GraphQLOutputType;
  /** There for composite types. */
  selections?: CanonicalSelection[];
  /** `__schema` and `__type`, as the client wrote them: no subgraph is asked for these. */
  introspection?: readonly FieldNode[];
  /** Whether the client did not ask for it: it is asked for all the same, and is not in the answer. */
  isHidden?: true;
  /** Why it may not be asked for, as a Guard says it: no subgraph is, and nothing is selected below it. */
  denied?: number;
}

export interface CanonicalFragment {
  kind: 'fragment';
  type: GraphQLCompositeType;
  selections: CanonicalSelection[];
}

/** Whether the client selected nothing of it. */
export function isHidden(selection: CanonicalSelection): boolean {
  if (selection.kind === 'field') return selection.isHidden === true;
  return selection.selections.every(isHidden);
}
