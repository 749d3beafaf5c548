// Owns valid documents that are remembered, so that a known operation is neither parsed nor validated again.
import type { ApolloServerOptions, BaseContext } from '@apollo/server';
import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';

const mostDocuments = 1_000;
/** A parsed document takes some fifty times the memory of its text. */
const mostCharacters = 2_000_000;

/** Bounded by number and by the length of the texts; Apollo Server's own store grows to hundreds of megabytes. */
export function createDocumentStore(): NonNullable<ApolloServerOptions<BaseContext>['documentStore']> {
  const documents = new LRUCache<string, DocumentNode>({
    max: mostDocuments,
    maxSize: mostCharacters,
    sizeCalculation: ({ loc }) => Math.max(1, loc?.end ?? 1),
  });
  return {
    get: async (key) => documents.get(key),
    set: async (key, document) => {
      documents.set(key, document);
    },
    delete: async (key) => documents.delete(key),
  };
}
