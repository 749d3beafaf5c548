// Owns what a router does with its clients' documents: which are registered, and what becomes of the others.
import type { DocumentsDeclaration } from '../declaration/documents-declaration.ts';
import type { RegisteredOperation } from '../persisted-documents/manifest.ts';
import { type ManifestPlaces, openDocuments } from '../persisted-documents/registered-documents.ts';
import { resolveDocument } from '../persisted-documents/resolve-document.ts';
import type { ResolveDocument } from './resolve-request.ts';

export interface RouterDocuments {
  resolve: ResolveDocument;
  whenReplaced: (listener: () => void) => void;
  /** Those that are registered now. */
  all: () => readonly RegisteredOperation[];
  /** Whether Apollo Server keeps texts by their hashes. */
  automatic: boolean;
  stop: () => void;
}

interface Options {
  declared: DocumentsDeclaration | undefined;
  places: ManifestPlaces | undefined;
  production: boolean;
  log: {
    info: (message: string) => void;
    warn: (message: string) => void;
    error: (message: string) => void;
  };
}

/** Texts longer than this are told by their start. */
const longestTold = 300;

/** Throws a StartupProblem when there is no usable manifest where one is declared. */
export async function openRouterDocuments(options: Options): Promise<RouterDocuments> {
  const { declared, places, production, log } = options;
  if (declared === undefined || places === undefined) return anyDocument;
  const registered = await openDocuments(places, log);
  const { unregistered, automatic = false } = declared;
  const rejects = unregistered === 'reject' && production;
  const terms = { registered, rejects, drafts: !production, automatic };
  const resolve: ResolveDocument = (asked) => {
    const resolved = resolveDocument(terms, asked);
    const isTold = unregistered === 'reject' && !production;
    if (isTold && !(resolved instanceof Error) && !resolved.isRegistered && resolved.query !== undefined) {
      log.warn(`not registered, and refused in production: ${resolved.query.slice(0, longestTold)}`);
    }
    return resolved;
  };
  const { whenReplaced, all, stop } = registered;
  return { resolve, whenReplaced, all, automatic: automatic && !rejects, stop };
}

/** For a BFF that says nothing about documents. */
const anyDocument: RouterDocuments = {
  resolve: ({ query }) => ({ query, isHashed: true, isRegistered: false }),
  whenReplaced: () => {},
  all: () => [],
  automatic: true,
  stop: () => {},
};
