// Owns putting the text of its document into a request, or saying why it is not answered; Apollo Server reads what comes out.

import type { GraphQLError } from 'graphql';
import { isRecord } from '../foundation/is-record.ts';
import type { AskedDocument, ResolvedDocument } from '../persisted-documents/resolve-document.ts';
import type { GraphQLHttpRequest } from './handle-request.ts';

/** A request as Apollo Server takes it. */
export interface ServerRequest {
  search: string;
  body: unknown;
  /** GraphQL, where it is known; what goes by its hash is looked up by Apollo Server. */
  text?: string;
}

export type ResolveDocument = (asked: AskedDocument) => ResolvedDocument;

/** What is no GraphQL request goes through unchanged: nothing of it can be run, and Apollo Server says why. */
export function resolveRequest(
  { method, search, json }: Pick<GraphQLHttpRequest, 'method' | 'search' | 'json'>,
  resolve: ResolveDocument,
): ServerRequest | GraphQLError {
  return method === 'GET' ? resolveSearch(search, resolve) : resolveBody(json?.read(), resolve);
}

function resolveBody(body: unknown, resolve: ResolveDocument): ServerRequest | GraphQLError {
  if (!isRecord(body)) return { search: '', body };
  const { query, extensions, ...rest } = body;
  const resolved = resolve(askedBy(query, extensions));
  if (resolved instanceof Error) return resolved;
  const { query: text = query, isHashed } = resolved;
  const kept = isHashed ? extensions : withoutHash(extensions);
  return {
    search: '',
    ...(typeof text === 'string' && { text }),
    body: {
      ...rest,
      ...(text !== undefined && { query: text }),
      ...(kept !== undefined && { extensions: kept }),
    },
  };
}

function resolveSearch(search: string, resolve: ResolveDocument): ServerRequest | GraphQLError {
  const parameters = new URLSearchParams(search);
  // Said twice is said unclearly, and Apollo Server says so.
  const isUnclear = ['query', 'extensions'].some((name) => parameters.getAll(name).length > 1);
  const extensions = isUnclear ? undefined : parsed(parameters.get('extensions'));
  const asked = askedBy(parameters.get('query') ?? undefined, extensions);
  const resolved = resolve(asked);
  if (resolved instanceof Error) return resolved;
  if (isUnclear) return { search, body: undefined };
  const { query, isHashed } = resolved;
  if (query !== undefined) parameters.set('query', query);
  if (asked.hash !== undefined && !isHashed) {
    const kept = withoutHash(extensions);
    if (kept === undefined) parameters.delete('extensions');
    else parameters.set('extensions', JSON.stringify(kept));
  }
  return { search: `?${parameters}`, body: undefined, ...(query !== undefined && { text: query }) };
}

function askedBy(query: unknown, extensions: unknown): AskedDocument {
  // What is no text is refused by Apollo Server, whatever stands beside it.
  if (typeof query !== 'string' && query !== undefined && query !== null) return {};
  const persisted = isRecord(extensions) ? extensions['persistedQuery'] : undefined;
  const hash = isRecord(persisted) && persisted['version'] === 1 ? persisted['sha256Hash'] : undefined;
  return {
    // Apollo Server takes an empty text for none.
    ...(typeof query === 'string' && query !== '' && { query }),
    ...(typeof hash === 'string' && { hash }),
  };
}

function withoutHash(extensions: unknown): unknown {
  if (!isRecord(extensions) || !isRecord(extensions['persistedQuery'])) return extensions;
  const { persistedQuery, ...rest } = extensions;
  // What it is has been understood; another version of it has not, and is for Apollo Server to refuse.
  if (persistedQuery['version'] !== 1 || typeof persistedQuery['sha256Hash'] !== 'string') return extensions;
  return Object.keys(rest).length === 0 ? undefined : rest;
}

function parsed(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
