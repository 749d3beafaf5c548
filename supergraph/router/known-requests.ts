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
  /** To be called for a request that Apollo Server has answered with this operation's data. */
  remember: (request: GraphQLHttpRequest, resolved: ResolvedOperation, contentType: string) => void;
}

const mostRequests = 1_000;
const mostCharacters = 2_000_000;

export function createKnownRequests(): KnownRequests {
  const known = new LRUCache<string, Remembered>({
    max: mostRequests,
    maxSize: mostCharacters,
    sizeCalculation: (_, key) => key.length,
  });
  return {
    find(request) {
      const parameters = readParameters(request);
      const remembered = parameters && known.get(parameters.key);
      if (remembered === undefined) return undefined;
      const { document, operation, contentType } = remembered;
      return { document, operation, contentType, variables: parameters?.variables ?? {} };
    },
    remember(request, { document, operation }, contentType) {
      const parameters = readParameters(request);
      if (parameters) known.set(parameters.key, { document, operation, contentType });
    },
  };
}

interface Parameters {
  /** All that Apollo Server's decisions and its content type depend on. */
  key: string;
  variables: Readonly<Record<string, unknown>> | undefined;
}

/** Of a plain request: JSON by POST, with the operation's text or its hash. All else is read by Apollo Server. */
function readParameters({ json, headers }: GraphQLHttpRequest): Parameters | undefined {
  // Plans are told by Apollo Server's road alone.
  if (json === undefined || headers['x-query-plan'] !== undefined) return undefined;
  if (!isRecord(json.value)) return undefined;
  const { query = '', operationName = null, variables = null, extensions = null } = json.value;
  if (typeof query !== 'string' || !(operationName === null || typeof operationName === 'string')) {
    return undefined;
  }
  if (variables !== null && !isRecord(variables)) return undefined;
  if (extensions !== null && !isRecord(extensions)) return undefined;
  // No header holds these characters, JSON writes them otherwise, and nothing stands behind the text.
  return {
    key: [
      headers.accept ?? '\0',
      JSON.stringify(operationName),
      JSON.stringify(extensions?.['persistedQuery'] ?? null),
      query,
    ].join('\0'),
    variables: variables ?? undefined,
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
