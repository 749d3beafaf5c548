// Owns what a router does with its clients' documents: which are registered, and what becomes of the others.
import type { DocumentsDeclaration } from '../declaration/documents-declaration.ts';
import { StartupProblem } from '../foundation/startup-problem.ts';
import type { RegisteredOperation } from '../persisted-documents/manifest.ts';
import type { ManifestPlaces } from '../persisted-documents/manifest-places.ts';
import { openDocuments } from '../persisted-documents/registered-documents.ts';
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

/** Throws a StartupProblem when there is no usable manifest where one is declared. */
export async function openRouterDocuments(options: Options): Promise<RouterDocuments> {
  const { declared, places, production, log } = options;
  if (declared === undefined) return anyDocument;
  if (places === undefined) {
    if (!production) return anyDocument;
    throw new StartupProblem('The declaration has documents, and nobody said where their manifest is.');
  }
  const registered = await openDocuments(places, log);
  const { unregistered, automatic = false } = declared;
  const rejects = unregistered === 'reject' && production;
  const terms = { registered, rejects, drafts: !production, automatic };
  const resolve: ResolveDocument = (asked) => {
    const resolved = resolveDocument(terms, asked);
    const isTold = unregistered === 'reject' && !production;
    if (isTold && !(resolved instanceof Error) && !resolved.isRegistered && resolved.query !== undefined) {
      // Not the text: what people type stands in it, passwords too.
      log.warn(`not registered, and refused in production: ${namesIn(resolved.query)}`);
    }
    return resolved;
  };
  const { whenReplaced, all, stop } = registered;
  return { resolve, whenReplaced, all, automatic: automatic && !rejects, stop };
}

/** `query Home`, as far as it can be seen at a glance. */
function namesIn(text: string): string {
  const operations = text.match(/\b(?:query|mutation|subscription)\s+[_A-Za-z]\w{0,99}/g) ?? [];
  return operations.slice(0, 5).join(', ') || 'an operation without a name';
}

/** For a BFF that says nothing about documents. */
const anyDocument: RouterDocuments = {
  resolve: ({ query }) => ({ query, isHashed: true, isRegistered: false }),
  whenReplaced: () => {},
  all: () => [],
  automatic: true,
  stop: () => {},
};
