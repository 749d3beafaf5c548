// Owns which names in a supergraph belong to linked specs (`join__Graph`) and not to the graph that clients see.
import type { DocumentNode } from 'graphql';
import { specLinks } from '../foundation/spec-links.ts';

/** The names under which specs are linked: elements of a spec `join` are called `join__…`. */
export function featureNames(document: DocumentNode): string[] {
  return specLinks(document).flatMap(({ name }) => name ?? []);
}
