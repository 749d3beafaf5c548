// Owns turning valid documents into what clients send: the same text, and so the same id, as Apollo's clients make of them.
import { createHash } from 'node:crypto';
import { InMemoryCache } from '@apollo/client/cache';
import { sortTopLevelDefinitions } from '@apollo/persisted-query-lists';
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  print,
  separateOperations,
  visit,
} from 'graphql';
import type { RegisteredOperation } from '../persisted-documents/manifest.ts';
import { draftDirective } from './validate-documents.ts';

/**
 * The document that clients send for each operation, by the operation's name: with the fragments it uses, sorted by name,
 * and the `__typename` that Apollo's clients add; without the mark of a draft.
 */
export function sentDocuments(document: DocumentNode): Map<string, DocumentNode> {
  const unmarked = visit(document, {
    Directive: ({ name }) => (name.value === draftDirective ? null : undefined),
  });
  // Apollo's own generator does it so; it is not used because it wants one operation a file, finds files by patterns that
  // the name of a folder may break, and ends the process where something is wrong.
  const cache = new InMemoryCache();
  return new Map(
    Object.entries(separateOperations(unmarked))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, one]) => [name, sortTopLevelDefinitions(cache.transformDocument(one))]),
  );
}

/** What stands in the manifest; `drafts` are names of operations. */
export function registeredOperations(
  sent: ReadonlyMap<string, DocumentNode>,
  drafts: ReadonlySet<string>,
): RegisteredOperation[] {
  return [...sent].map(([name, document]) => {
    const body = print(document);
    return {
      id: createHash('sha256').update(body).digest('hex'),
      name,
      type: operationsOf(document)[0]?.operation ?? 'query',
      body,
      ...(drafts.has(name) && { draft: true }),
    };
  });
}

/** Every definition of the sent documents once: operations before fragments, each by name. */
export function definitionsOf(
  sent: ReadonlyMap<string, DocumentNode>,
): (OperationDefinitionNode | FragmentDefinitionNode)[] {
  const documents = [...sent.values()];
  const fragments = new Map(
    documents
      .flatMap(({ definitions }) => definitions)
      .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
      .map((fragment) => [fragment.name.value, fragment]),
  );
  const sorted = [...fragments.values()].sort((a, b) => (a.name.value < b.name.value ? -1 : 1));
  return [...documents.flatMap(operationsOf), ...sorted];
}

export function draftsOf(document: DocumentNode): OperationDefinitionNode[] {
  return operationsOf(document).filter(({ directives = [] }) =>
    directives.some(({ name }) => name.value === draftDirective),
  );
}

function operationsOf(document: DocumentNode): OperationDefinitionNode[] {
  return document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
}
