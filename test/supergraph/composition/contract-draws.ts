// Draws contracts by chance: which elements of a supergraph carry which tags, and which tags are included and excluded.
import fc from 'fast-check';
import {
  type ASTNode,
  buildASTSchema,
  type ConstDirectiveNode,
  type DocumentNode,
  type EnumValueDefinitionNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
  type InputValueDefinitionNode,
  isTypeDefinitionNode,
  Kind,
  parse,
  print,
  type TypeDefinitionNode,
  visit,
} from 'graphql';
import type { ContractTags } from '../../../supergraph/foundation/contract-tags.ts';
import { clientTypes, partsOf, type Tags } from './contract-rule.ts';

export interface Draw {
  tags: Tags;
  contract: ContractTags;
}

export interface TaggedGraph {
  /** Of the supergraph, federation's own with it. */
  schema: GraphQLSchema;
  /** The supergraph's text with these tags, and none of those that it had. */
  sdlWith: (tags: Tags) => string;
  draws: fc.Arbitrary<Draw>;
}

/** What a subgraph hides itself stays hidden, and is told as a tag of this name that every contract excludes. */
export const inaccessible = '@inaccessible';

export function taggedGraph(supergraphSdl: string): TaggedGraph {
  const document = visit(parse(supergraphSdl, { noLocation: true }), {
    Directive: ({ name }) => (name.value === 'tag' ? null : undefined),
  });
  const schema = buildASTSchema(document, { assumeValidSDL: true });
  return {
    schema,
    sdlWith: (tags) => print(withTags(document, tags)),
    draws: drawsFor(schema, alreadyHidden(document)),
  };
}

function drawsFor(schema: GraphQLSchema, hidden: readonly string[]): fc.Arbitrary<Draw> {
  const types = clientTypes(schema);
  const parts = types.flatMap(partsOf);
  const argumentPlaces = parts.filter((part) => part.endsWith(')'));
  const fields = parts.filter((part) => !part.endsWith(')'));
  // There are many more fields than anything else, and few of all are required or promised.
  const element = fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom(...types.map(({ name }) => name)) },
    { weight: 3, arbitrary: fc.constantFrom(...fields) },
    { weight: 1, arbitrary: fc.constantFrom(...argumentPlaces) },
  );
  const wide: Record<string, readonly string[]> = {
    nothing: [],
    types: types.map(({ name }) => name),
    fields,
    roots: fields.filter((field) => /^(Query|Mutation)\./.test(field)),
  };
  return fc
    .record({
      spread: fc.constantFrom(...Object.keys(wide)),
      without: fc.uniqueArray(element, { maxLength: 12 }),
      drawn: fc.array(fc.tuple(element, fc.constantFrom('one', 'two')), { maxLength: 12 }),
      include: fc.option(fc.subarray(['wide', 'one', 'two'], { minLength: 1 }), { nil: undefined }),
      exclude: fc.option(fc.subarray(['one', 'two'], { minLength: 1 }), { nil: undefined }),
    })
    .map(({ spread, without, drawn, include, exclude }) => {
      const tags = new Map<string, string[]>();
      const add = (coordinate: string, tag: string) =>
        tags.set(coordinate, [...new Set([...(tags.get(coordinate) ?? []), tag])]);
      for (const coordinate of wide[spread] ?? []) if (!without.includes(coordinate)) add(coordinate, 'wide');
      for (const [coordinate, tag] of drawn) add(coordinate, tag);
      for (const coordinate of hidden) add(coordinate, inaccessible);
      return { tags, contract: { ...(include && { include }), ...(exclude && { exclude }) } };
    });
}

function withTags(document: DocumentNode, tags: Tags): DocumentNode {
  return visit(document, {
    DirectiveDefinition: () => false,
    leave(node, _key, _parent, _path, ancestors) {
      const nodes = [...ancestors.flatMap((each) => ('kind' in each ? [each] : [])), node];
      const added = (tags.get(coordinateOf(nodes)) ?? []).filter((tag) => tag !== inaccessible);
      if (added.length === 0 || !isElement(node)) return undefined;
      return { ...node, directives: [...(node.directives ?? []), ...added.map(tagNode)] };
    },
  });
}

type Element = TypeDefinitionNode | FieldDefinitionNode | InputValueDefinitionNode | EnumValueDefinitionNode;

function isElement(node: ASTNode): node is Element {
  const kinds: readonly Kind[] = [
    Kind.FIELD_DEFINITION,
    Kind.INPUT_VALUE_DEFINITION,
    Kind.ENUM_VALUE_DEFINITION,
  ];
  return isTypeDefinitionNode(node) || kinds.includes(node.kind);
}

/** From the document down to the element. */
function coordinateOf(nodes: readonly ASTNode[]): string {
  const [type = '', part, argument] = nodes.filter(isElement).map(({ name }) => name.value);
  if (part === undefined) return type;
  return argument === undefined ? `${type}.${part}` : `${type}.${part}(${argument}:)`;
}

function tagNode(tag: string): ConstDirectiveNode {
  return {
    kind: Kind.DIRECTIVE,
    name: { kind: Kind.NAME, value: 'tag' },
    arguments: [
      {
        kind: Kind.ARGUMENT,
        name: { kind: Kind.NAME, value: 'name' },
        value: { kind: Kind.STRING, value: tag },
      },
    ],
  };
}

/** Fields alone: more is not marked in the graphs of these tests. */
function alreadyHidden(document: DocumentNode): string[] {
  return document.definitions.flatMap((definition) => {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) return [];
    return (definition.fields ?? []).flatMap(({ name, directives = [] }) =>
      directives.some((directive) => directive.name.value === 'inaccessible')
        ? [`${definition.name.value}.${name.value}`]
        : [],
    );
  });
}
