// Owns `__schema` and `__type`, which no subgraph is asked for.
import { type DefinitionNode, executeSync, type GraphQLSchema, Kind } from 'graphql';
import type { CanonicalOperation, ClientOperation } from '../planner/canonical/canonical-operation.ts';

/** JSON texts by response name; none when the operation asks for neither. */
export function introspect(
  schema: GraphQLSchema,
  { definition, fragments }: ClientOperation,
  { selections }: CanonicalOperation,
  variables: Readonly<Record<string, unknown>>,
): Record<string, string> {
  const fields = selections.flatMap((selection) =>
    selection.kind === 'field' ? (selection.introspection ?? []) : [],
  );
  if (fields.length === 0) return {};
  const definitions: DefinitionNode[] = [
    { ...definition, directives: [], selectionSet: { kind: Kind.SELECTION_SET, selections: fields } },
    ...fragments.values(),
  ];
  const { data } = executeSync({
    schema,
    document: { kind: Kind.DOCUMENT, definitions },
    variableValues: variables,
  });
  return Object.fromEntries(Object.entries(data ?? {}).map(([name, value]) => [name, JSON.stringify(value)]));
}
