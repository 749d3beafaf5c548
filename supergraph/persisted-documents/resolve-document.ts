// Owns which text a request stands for, and whether that is answered here: by its id, by its hash, or as it is.
import { createHash } from 'node:crypto';
import type { GraphQLError } from 'graphql';
import { clientError } from '../foundation/errors.ts';
import type { RegisteredOperation } from './manifest.ts';
import type { RegisteredDocuments } from './registered-documents.ts';

/** What a request says of its document. */
export interface AskedDocument {
  /** GraphQL text. */
  query?: string;
  /** The id of a registered operation, or the hash of an automatic persisted query. */
  hash?: string;
}

export type ResolvedDocument =
  /** `isHashed`: the hash goes on with the text, to be remembered by it or found. */
  { query: string | undefined; isHashed: boolean; isRegistered: boolean } | GraphQLError;

export interface DocumentTerms {
  registered: Pick<RegisteredDocuments, 'byId' | 'byBody'>;
  /** Whether no other text is answered. */
  rejects: boolean;
  /** Whether drafts are answered. */
  drafts: boolean;
  /** Whether clients may register by sending text and hash. */
  automatic: boolean;
}

export function resolveDocument(
  { registered, rejects, drafts, automatic }: DocumentTerms,
  { query, hash }: AskedDocument,
): ResolvedDocument {
  const isAnswered = (operation: RegisteredOperation | undefined) =>
    operation && (drafts || !operation.draft);
  const known = hash === undefined ? undefined : registered.byId(hash);
  if (known !== undefined && isAnswered(known)) {
    if (query !== undefined && query !== known.body) return otherText();
    return { query: known.body, isHashed: false, isRegistered: true };
  }
  if (query === undefined) {
    // What somebody has sent once with its hash is no more registered for that.
    const isHashed = automatic && !rejects;
    if (hash === undefined || isHashed) return { query, isHashed, isRegistered: false };
    return clientError('PERSISTED_QUERY_NOT_FOUND');
  }
  // Whoever sends both says that they belong together, and is told where they do not.
  if (hash !== undefined && sha256(query) !== hash) return otherText();
  const isRegistered = isAnswered(registered.byBody(query)) === true;
  if (rejects && !isRegistered) return clientError('OPERATION_NOT_REGISTERED');
  return { query, isHashed: automatic && !rejects && hash !== undefined, isRegistered };
}

function otherText(): GraphQLError {
  return clientError('BAD_REQUEST', { reason: 'The text of the operation is not the one with this id.' });
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
