// Owns the schemas in a supergraph: what clients are shown of it, as federation's API schema has it, and all that is there.
import {
  type ASTNode,
  buildASTSchema,
  type DocumentNode,
  type GraphQLSchema,
  isTypeDefinitionNode,
  Kind,
  visit,
} from 'graphql';
import { linkedNames } from '../foundation/linked-names.ts';
import { specLinks } from '../foundation/spec-links.ts';

/** Without what is @inaccessible, and without what belongs to linked specs. The supergraph must be a valid one. */
export function shownSchema(supergraph: DocumentNode): GraphQLSchema {
  const hiding = linkedNames(supergraph, 'inaccessible');
  return build(supergraph, (node) => node.directives?.some(({ name }) => hiding.has(name.value)) ?? false);
}

/** With what is hidden from clients. */
export function wholeSchema(supergraph: DocumentNode): GraphQLSchema {
  return build(supergraph, () => false);
}

interface Marked {
  readonly directives?: readonly { readonly name: { readonly value: string } }[] | undefined;
}

function build(supergraph: DocumentNode, isHidden: (node: Marked) => boolean): GraphQLSchema {
  const specs = specLinks(supergraph).flatMap(({ name }) => (name === undefined ? [] : [`${name}__`]));
  const left = supergraph.definitions.filter(
    (definition) =>
      definition.kind === Kind.SCHEMA_DEFINITION ||
      (isTypeDefinitionNode(definition) &&
        !specs.some((prefix) => definition.name.value.startsWith(prefix)) &&
        !isHidden(definition)),
  );
  const names = new Set(left.flatMap((one) => (isTypeDefinitionNode(one) ? [one.name.value] : [])));
  // A type may be what is hidden (a member, an implementation), though nothing that is shown may be of such a type.
  const document = visit({ ...supergraph, definitions: left } as ASTNode, {
    enter(node, key, parent) {
      if (node.kind === Kind.DIRECTIVE) return null;
      const isOperation = node.kind === Kind.OPERATION_TYPE_DEFINITION;
      if (isOperation) return names.has(node.type.name.value) ? undefined : null;
      if ('directives' in node && node.kind !== Kind.SCHEMA_DEFINITION && isHidden(node)) return null;
      const isPartOfType = Array.isArray(parent) && typeof key === 'number' && node.kind === Kind.NAMED_TYPE;
      return isPartOfType && !names.has(node.name.value) ? null : undefined;
    },
  }) as DocumentNode;
  return buildASTSchema(document, { assumeValid: true, assumeValidSDL: true });
}
