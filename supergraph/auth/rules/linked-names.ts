// Owns under which names a schema document uses the directives of a spec: links may give them others.
import { type ConstDirectiveNode, type ConstValueNode, type DocumentNode, Kind } from 'graphql';
import { stringArgument } from '../../foundation/supergraph-facts.ts';

/**
 * All names that a directive such as `authenticated` may go by, without `@`. A name too many does no harm to whoever
 * looks for rules; one too few would lose them.
 */
export function linkedNames(document: DocumentNode, directive: string): ReadonlySet<string> {
  const names = new Set([directive]);
  for (const link of linksOf(document)) {
    const [, spec] = /\/([^/]+)\/v\d+(?:\.\d+)*\/?$/.exec(stringArgument(link, 'url') ?? '') ?? [];
    const namespace = stringArgument(link, 'as') ?? spec;
    if (spec === directive && namespace !== undefined) names.add(namespace);
    if (namespace !== undefined) names.add(`${namespace}__${directive}`);
    const imports = link.arguments?.find((argument) => argument.name.value === 'import')?.value;
    if (imports?.kind !== Kind.LIST) continue;
    for (const imported of imports.values) {
      const name = importedAs(imported, `@${directive}`);
      if (name !== undefined) names.add(name);
    }
  }
  return names;
}

function linksOf(document: DocumentNode): ConstDirectiveNode[] {
  return document.definitions.flatMap((definition) =>
    definition.kind === Kind.SCHEMA_DEFINITION || definition.kind === Kind.SCHEMA_EXTENSION
      ? (definition.directives ?? []).filter(({ name }) => name.value === 'link')
      : [],
  );
}

function importedAs(value: ConstValueNode, wanted: string): string | undefined {
  if (value.kind !== Kind.OBJECT) return undefined;
  const field = (key: string) => {
    const given = value.fields.find(({ name }) => name.value === key)?.value;
    return given?.kind === Kind.STRING ? given.value : undefined;
  };
  return field('name') === wanted ? field('as')?.replace(/^@/, '') : undefined;
}
