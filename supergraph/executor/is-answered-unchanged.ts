// Owns knowing when a fetch's answer is the client's answer, byte for byte, as far as its subgraph keeps to the schema.
import { type GraphQLObjectType, getNamedType, isEnumType, isLeafType, isObjectType } from 'graphql';
import type { CanonicalOperation } from '../planner/canonical/canonical-operation.ts';
import type { CanonicalSelection } from '../planner/canonical/canonical-selection.ts';
import type { FetchNode } from '../planner/plan.ts';
import type { FetchDocument } from './fetch-documents.ts';
import type { FetchShape } from './fetch-shape.ts';
import type { TypeNames } from './type-names.ts';

/**
 * Whether the only fetch of a plan asks for just what the client asked, under the same names and in the same order. Not
 * where types have to be told apart, because some may be hidden from the client.
 */
export function isAnsweredUnchanged(
  { rootType, selections }: CanonicalOperation,
  fetch: FetchNode,
  { shape, isPlain }: FetchDocument,
  types: TypeNames,
): boolean {
  if (fetch.operation !== 'query' || fetch.requires || !isPlain) return false;
  if (fetch.path.length > 0 || fetch.outputRewrites?.length) return false;
  // Subgraphs may call their root types what they like.
  if (selections.some((selection) => selection.kind === 'field' && selection.name === '__typename'))
    return false;
  return areSame(rootType, selections, shape, types);
}

function areSame(
  type: GraphQLObjectType,
  asked: readonly CanonicalSelection[],
  shape: FetchShape,
  types: TypeNames,
): boolean {
  if (asked.length !== shape.size) return false;
  const sent = [...shape];
  return asked.every((selection, index) => {
    if (selection.kind !== 'field' || selection.introspection || selection.denied !== undefined) return false;
    if (selection.isHidden) return false;
    const { responseName, name, fieldName } = selection;
    const [sentName, inner] = sent[index] ?? [];
    if (responseName !== name || name !== fieldName || fieldName !== sentName) return false;
    const named = getNamedType(type.getFields()[fieldName]?.type ?? selection.type);
    if (isEnumType(named)) return types.hasAllValues(named);
    if (isLeafType(named)) return true;
    if (!isObjectType(named) || !selection.selections || !inner) return false;
    return areSame(named, selection.selections, inner, types);
  });
}
