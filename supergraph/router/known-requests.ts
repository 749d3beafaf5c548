// Owns which requests need no Apollo Server any more: it has let an equal one through, and would again.
import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { GraphQLHttpRequest } from './handle-request.ts';

/** A valid operation, as Apollo Server resolved it. */
export interface ResolvedOperation {
  document: DocumentNode;
  operation: OperationDefinitionNode;
}

export interface KnownRequest extends ResolvedOperation {
  /** Coerced by nobody yet. */
  variables: Readonly<Record<string, unknown>>;
  contentType: string;
}

interface Remembered extends ResolvedOperation {
  contentType: string;
}

export interface KnownRequests {
  /** undefined when Apollo Server must read the request, whatever the reason. */
  find: (request: GraphQLHttpRequest) => KnownRequest | undefined;
  /**
   * What is to be called for a request that Apollo Server has answered with this operation's data. It is made before it
   * is known what the request stands for: what all was forgotten meanwhile is not remembered again.
   */
  rememberer: (request: GraphQLHttpRequest) => (resolved: ResolvedOperation, contentType: string) => void;
  /** All of them: what they said may mean something else now. */
  forget: () => void;
}

const mostOperations = 1_000;
const mostCharacters = 2_000_000;
/** Clients accept a few kinds of answers; who invents new ones is remembered in place of the others. */
const mostAccepted = 10;
/** Browsers' have some 150 characters. */
const longestAccept = 300;

export function createKnownRequests(): KnownRequests {
  /** By operation, and what the client accepts: all that Apollo Server's decisions depend on. */
  const known = new LRUCache<string, Map<string | undefined, Remembered>>({
    max: mostOperations,
    maxSize: mostCharacters,
    sizeCalculation: (_, key) => key.length,
  });
  /** How often all was forgotten. */
  let times = 0;
  return {
    find({ json, headers }) {
      // Plans, deprecations, costs and what was kept are told by Apollo Server's road alone.
      const isTold =
        headers['x-query-plan'] ?? headers['x-deprecations'] ?? headers['x-cache'] ?? headers['x-cost'];
      if (json?.parameters === undefined || isTold !== undefined) return undefined;
      const remembered = known.get(json.parameters.key)?.get(headers.accept);
      return remembered && { ...remembered, variables: json.parameters.variables };
    },
    rememberer({ json, headers: { accept } }) {
      const since = times;
      return ({ document, operation }, contentType) => {
        if (json?.parameters === undefined || since !== times) return;
        if (accept !== undefined && accept.length > longestAccept) return;
        const accepted = known.get(json.parameters.key) ?? new Map();
        if (accepted.size >= mostAccepted) accepted.clear();
        accepted.set(accept, { document, operation, contentType });
        known.set(json.parameters.key, accepted);
      };
    },
    forget() {
      times += 1;
      known.clear();
    },
  };
}
