// Owns what of a selection concerns an object of one type: its fields in the client's order, each response name once.
import type { GraphQLCompositeType, GraphQLSchema } from 'graphql';
import { alwaysMeets } from '../../foundation/type-conditions.ts';
import type { CanonicalField, CanonicalSelection } from '../../planner/canonical/canonical-selection.ts';

/** Selections of one place, from every field that the client merged into it. */
export type Selections = readonly (readonly CanonicalSelection[])[];

export interface ApplicableField {
  field: CanonicalField;
  /** Of all its occurrences. */
  inner: Selections;
}

export function applicableFields(
  schema: GraphQLSchema,
  type: GraphQLCompositeType,
  selections: Selections,
): ApplicableField[] {
  const fields = new Map<string, { field: CanonicalField; inner: CanonicalSelection[][] }>();
  const collect = (selected: readonly CanonicalSelection[]): void => {
    for (const selection of selected) {
      if (selection.kind === 'fragment') {
        if (alwaysMeets(schema, type, selection.type)) collect(selection.selections);
        continue;
      }
      if (selection.isHidden) continue;
      const known = fields.get(selection.responseName);
      if (known === undefined) {
        fields.set(selection.responseName, {
          field: selection,
          inner: selection.selections ? [selection.selections] : [],
        });
      } else {
        // What is denied on an interface may be asked for where a fragment says which of its members it is.
        if (known.field.denied !== undefined) known.field = selection;
        if (selection.selections) known.inner.push(selection.selections);
      }
    }
  };
  for (const selected of selections) collect(selected);
  return [...fields.values()];
}
