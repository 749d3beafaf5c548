// Owns knowing when a fetch's answer is the client's answer, byte for byte, as far as its subgraph keeps to the schema.
import {
  type GraphQLObjectType,
  getNamedType,
  isEnumType,
  isLeafType,
  isObjectType,
  parse,
  type SelectionSetNode,
} from 'graphql';
import type { CanonicalOperation, CanonicalSelection } from '../planner/canonical/canonical-operation.ts';
import type { PlanNode } from '../planner/plan.ts';
import type { TypeNames } from './type-names.ts';

/**
 * Whether a plan is one fetch that asks for just what the client asked, under the same names and in the same order. Not
 * where types have to be told apart, because some may be hidden from the client.
 */
export function isAnsweredUnchanged(
  { rootType, selections }: CanonicalOperation,
  plan: PlanNode | undefined,
  types: TypeNames,
): boolean {
  if (plan?.kind !== 'fetch' || plan.operation !== 'query' || plan.requires) return false;
  if (plan.path.length > 0 || plan.outputRewrites?.length) return false;
  const [operation, ...others] = parse(plan.document).definitions;
  if (operation?.kind !== 'OperationDefinition' || others.length > 0) return false;
  // Subgraphs may call their root types what they like.
  if (selections.some((selection) => selection.kind === 'field' && selection.name === '__typename'))
    return false;
  return areSame(rootType, selections, operation.selectionSet, types);
}

function areSame(
  type: GraphQLObjectType,
  asked: readonly CanonicalSelection[],
  { selections }: SelectionSetNode,
  types: TypeNames,
): boolean {
  if (asked.length !== selections.length) return false;
  return asked.every((selection, index) => {
    const sent = selections[index];
    if (selection.kind !== 'field' || selection.introspection || sent?.kind !== 'Field') return false;
    const { responseName, name, fieldName } = selection;
    const sentName = (sent.alias ?? sent.name).value;
    if (responseName !== name || name !== sentName || sent.name.value !== fieldName) return false;
    const named = getNamedType(type.getFields()[fieldName]?.type ?? selection.type);
    if (isEnumType(named)) return types.hasAllValues(named);
    if (isLeafType(named)) return true;
    if (!isObjectType(named) || !selection.selections || !sent.selectionSet) return false;
    return areSame(named, selection.selections, sent.selectionSet, types);
  });
}
