// Owns reading a schema document's `@link`s: which specs it uses, and what it calls them and what it takes from them.
import { type ConstDirectiveNode, type DocumentNode, Kind, valueFromASTUntyped } from 'graphql';
import { stringArgument } from './supergraph-facts.ts';

export interface SpecLink {
  url: string;
  /** By its address; undefined when that is none of a spec. */
  spec: string | undefined;
  /** What its elements begin with: `join` of `join__Graph`. */
  name: string | undefined;
  /** What is taken from it, and under which name; directives with their `@`. */
  imports: readonly { name: string; as: string }[];
}

export function specLinks(document: DocumentNode): SpecLink[] {
  return document.definitions.flatMap((definition) =>
    definition.kind === Kind.SCHEMA_DEFINITION || definition.kind === Kind.SCHEMA_EXTENSION
      ? (definition.directives ?? []).filter(({ name }) => name.value === 'link').map(readLink)
      : [],
  );
}

export function readLink(link: ConstDirectiveNode): SpecLink {
  const url = stringArgument(link, 'url') ?? '';
  const [, spec] = /\/([^/]+)\/v\d+(?:\.\d+)*\/?$/.exec(url) ?? [];
  const given = link.arguments?.find((argument) => argument.name.value === 'import')?.value;
  const imports: unknown = given && valueFromASTUntyped(given);
  return {
    url,
    spec,
    name: stringArgument(link, 'as') ?? spec,
    imports: Array.isArray(imports) ? imports.flatMap(readImport) : [],
  };
}

/** `"@policy"`, or `{ name: "@policy", as: "@rule" }`. */
function readImport(given: unknown): { name: string; as: string }[] {
  if (typeof given === 'string') return [{ name: given, as: given }];
  if (typeof given !== 'object' || given === null || !('name' in given)) return [];
  const { name, as = name }: { name: unknown; as?: unknown } = given;
  return typeof name === 'string' && typeof as === 'string' ? [{ name, as }] : [];
}
