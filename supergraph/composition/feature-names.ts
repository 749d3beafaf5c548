// Owns which names in a supergraph belong to linked specs (`join__Graph`) and not to the graph that clients see.
import { type DocumentNode, Kind } from 'graphql';
import { stringArgument } from '../foundation/supergraph-facts.ts';

/** The names under which specs are linked: elements of a spec `join` are called `join__…`. */
export function featureNames(document: DocumentNode): string[] {
  return document.definitions.flatMap((definition) => {
    if (definition.kind !== Kind.SCHEMA_DEFINITION && definition.kind !== Kind.SCHEMA_EXTENSION) return [];
    return (definition.directives ?? [])
      .filter((directive) => directive.name.value === 'link')
      .flatMap((link) => stringArgument(link, 'as') ?? nameInUrl(stringArgument(link, 'url') ?? '') ?? []);
  });
}

function nameInUrl(url: string): string | undefined {
  return /\/([^/]+)\/v\d+\.\d+\/?$/.exec(url)?.[1];
}
