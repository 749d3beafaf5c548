// Owns composing what a BFF's own views say with the domains, as one more subgraph that only this BFF has.
import { relative, resolve } from 'node:path';
import {
  type ConstArgumentNode,
  type ConstDirectiveNode,
  type ConstValueNode,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  isTypeDefinitionNode,
  isTypeExtensionNode,
  Kind,
  type NameNode,
} from 'graphql';
import type { ContractTags } from '../foundation/contract-tags.ts';
import { readLink, specLinks } from '../foundation/spec-links.ts';
import { viewsAddress, viewsSubgraph } from '../foundation/views-subgraph.ts';
import { compose } from './compose.ts';
import { CompositionFailure, type CompositionProblem } from './composition-problem.ts';
import { readSchema, type SubgraphSchema } from './read-subgraphs.ts';

export interface ViewsSchema extends SubgraphSchema {
  /** Where it was read, for people. */
  file: string;
}

/** The `schema.graphql` of a BFF's views, as a subgraph. Throws a CompositionFailure that names the file. */
export async function readViewsSchema(bff: string, folder: string): Promise<ViewsSchema> {
  const path = resolve(folder, 'schema.graphql');
  const file = relative('.', path);
  const name = viewsSubgraph(bff);
  const problems: CompositionProblem[] = [];
  const document = await readSchema(name, path, problems);
  if (document === undefined) throw new CompositionFailure(inFile(problems, { name, file }));
  return { name, url: viewsAddress(bff), document, file };
}

/**
 * The supergraph of the domains and the views. Views are made for the clients of one BFF, so what they alone define
 * carries the tag that these clients are shown. Throws a CompositionFailure that names the views' file, the domains compose
 * without them.
 */
export function composeWithViews(
  domains: readonly SubgraphSchema[],
  views: ViewsSchema,
  { include: [tag] = [] }: ContractTags = {},
): string {
  const document = tag === undefined ? views.document : tagOwn(views.document, tag, domains);
  try {
    return compose([...domains, { ...views, document }]);
  } catch (error) {
    if (!(error instanceof CompositionFailure)) throw error;
    throw new CompositionFailure(inFile(error.problems, views));
  }
}

function inFile(
  problems: readonly CompositionProblem[],
  { name, file }: { name: string; file: string },
): CompositionProblem[] {
  return problems.map((problem) => ({
    ...problem,
    where: [file, ...problem.where.filter((place) => place !== name)],
  }));
}

/** `Type` and `Type.field` of all schemas. */
function definedIn(schemas: readonly SubgraphSchema[]): Set<string> {
  const defined = new Set<string>();
  for (const definition of schemas.flatMap(({ document }) => document.definitions)) {
    if (!isTypeDefinitionNode(definition) && !isTypeExtensionNode(definition)) continue;
    defined.add(definition.name.value);
    if (!('fields' in definition)) continue;
    for (const field of definition.fields ?? []) defined.add(`${definition.name.value}.${field.name.value}`);
  }
  return defined;
}

/** Keys and what is required are the domains', and stay as visible as these have made them. */
function tagOwn(document: DocumentNode, tag: string, domains: readonly SubgraphSchema[]): DocumentNode {
  const foreign = definedIn(domains);
  const mark: ConstDirectiveNode = {
    kind: Kind.DIRECTIVE,
    name: name(tagDirective),
    arguments: [argument('name', text(tag))],
  };
  const definitions = document.definitions.map((definition): DefinitionNode => {
    if (!hasOutputFields(definition) || definition.fields === undefined) return definition;
    const type = definition.name.value;
    const fields = definition.fields.map((field): FieldDefinitionNode => {
      if (foreign.has(`${type}.${field.name.value}`)) return field;
      return { ...field, directives: [...(field.directives ?? []), mark] };
    });
    return { ...definition, fields };
  });
  const tagged = { ...document, definitions };
  return importsTag(document) ? tagged : importTag(tagged);
}

function hasOutputFields(definition: DefinitionNode) {
  return (
    definition.kind === Kind.OBJECT_TYPE_DEFINITION ||
    definition.kind === Kind.OBJECT_TYPE_EXTENSION ||
    definition.kind === Kind.INTERFACE_TYPE_DEFINITION ||
    definition.kind === Kind.INTERFACE_TYPE_EXTENSION
  );
}

/** Contracts know tags by this name alone, and composition wants one name in all subgraphs. */
const tagDirective = 'tag';

function importsTag(document: DocumentNode): boolean {
  return specLinks(document).some(({ imports }) => imports.some((one) => one.name === '@tag'));
}

function importTag(document: DocumentNode): DocumentNode {
  const withImport = (link: ConstDirectiveNode): ConstDirectiveNode => {
    if (link.name.value !== 'link' || readLink(link).spec !== 'federation') return link;
    const given = link.arguments ?? [];
    const list = given.find((one) => one.name.value === 'import')?.value;
    const values = [...(list?.kind === Kind.LIST ? list.values : []), text(`@${tagDirective}`)];
    const others = given.filter((one) => one.name.value !== 'import');
    return { ...link, arguments: [...others, argument('import', { kind: Kind.LIST, values })] };
  };
  const definitions = document.definitions.map((definition): DefinitionNode => {
    const isSchema = definition.kind === Kind.SCHEMA_DEFINITION || definition.kind === Kind.SCHEMA_EXTENSION;
    if (!isSchema) return definition;
    return { ...definition, directives: definition.directives?.map(withImport) ?? [] };
  });
  return { ...document, definitions };
}

function name(value: string): NameNode {
  return { kind: Kind.NAME, value };
}

function text(value: string): ConstValueNode {
  return { kind: Kind.STRING, value };
}

function argument(called: string, value: ConstValueNode): ConstArgumentNode {
  return { kind: Kind.ARGUMENT, name: name(called), value };
}
