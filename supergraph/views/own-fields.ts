// Owns reading off a supergraph which fields one subgraph gives to types that others have too.
import { type ConstDirectiveNode, type FieldDefinitionNode, Kind } from 'graphql';
import { type SupergraphFacts, stringArgument } from '../foundation/supergraph-facts.ts';

export interface OwnField {
  type: string;
  field: string;
  isNullable: boolean;
}

/** Of entities and root types: fields that this subgraph alone resolves. A type that is its own altogether is not looked into. */
export function ownFields({ document }: SupergraphFacts, subgraph: string): OwnField[] {
  const graph = graphValue(document.definitions, subgraph);
  return document.definitions.flatMap((definition) => {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) return [];
    const owners = (definition.directives ?? []).filter(({ name }) => name.value === 'join__type');
    if (owners.every((owner) => enumArgument(owner, 'graph') === graph)) return [];
    return (definition.fields ?? [])
      .filter((field) => isOf(field, graph))
      .map((field) => ({
        type: definition.name.value,
        field: field.name.value,
        isNullable: field.type.kind !== Kind.NON_NULL_TYPE,
      }));
  });
}

function graphValue(
  definitions: SupergraphFacts['document']['definitions'],
  subgraph: string,
): string | undefined {
  for (const definition of definitions) {
    if (definition.kind !== Kind.ENUM_TYPE_DEFINITION || definition.name.value !== 'join__Graph') continue;
    const value = definition.values?.find(({ directives = [] }) =>
      directives.some((directive) => stringArgument(directive, 'name') === subgraph),
    );
    return value?.name.value;
  }
  return undefined;
}

/** Without a word about who has it, all who have the type do. */
function isOf({ directives = [] }: FieldDefinitionNode, graph: string | undefined): boolean {
  const resolving = directives.filter(
    (directive) => directive.name.value === 'join__field' && !isExternal(directive),
  );
  return resolving.length === 1 && resolving.every((one) => enumArgument(one, 'graph') === graph);
}

function isExternal(directive: ConstDirectiveNode): boolean {
  const value = directive.arguments?.find(({ name }) => name.value === 'external')?.value;
  return value?.kind === Kind.BOOLEAN && value.value;
}

function enumArgument(directive: ConstDirectiveNode, name: string): string | undefined {
  const value = directive.arguments?.find((argument) => argument.name.value === name)?.value;
  return value?.kind === Kind.ENUM ? value.value : undefined;
}
