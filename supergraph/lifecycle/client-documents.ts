// Owns the operations that a BFF is known to be asked: those in its manifest, and those of its views.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DocumentNode, GraphQLError, Kind, type OperationDefinitionNode, parse } from 'graphql';
import { graphqlFiles } from '../foundation/graphql-files.ts';
import { StartupProblem } from '../foundation/startup-problem.ts';
import { readManifest } from '../persisted-documents/manifest.ts';
import { manifestPlaces } from '../persisted-documents/manifest-places.ts';

export interface ClientDocument {
  id: string;
  name: string;
  document: DocumentNode;
  operation: OperationDefinitionNode;
}

/**
 * Of a manifest's text, but for drafts: no app in people's hands sends one. `from` names the text in the message of a
 * StartupProblem, when it is no manifest.
 */
export function clientDocuments(text: string, from: string): ClientDocument[] {
  const { operations } = readManifest(text, from);
  return operations
    .filter(({ draft }) => draft !== true)
    .flatMap(({ id, body, name }) => operationsIn(body, `${name} in ${from}`).map((one) => ({ ...one, id })));
}

/** Of the manifest that a BFF has now, and of those it keeps for versions that people still have. */
export async function documentsNow(bff: string): Promise<ClientDocument[]> {
  const places = manifestPlaces(bff);
  const released = (await readdir(places.released).catch(noneAt(places.released))).filter((name) =>
    name.endsWith('.json'),
  );
  const paths = [...released.map((name) => join(places.released, name)), places.manifest];
  const documents: ClientDocument[] = [];
  for (const path of paths) {
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw new StartupProblem(`${path} cannot be read: ${error.message}.`);
    });
    if (text !== undefined) documents.push(...clientDocuments(text, path));
  }
  return documents;
}

/** Of the files in a folder; no folder has none. Throws a StartupProblem that names a file which is not GraphQL. */
export async function readViewDocuments(folder: string): Promise<ClientDocument[]> {
  const files = await graphqlFiles(folder).catch(noneAt(folder));
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  return texts.flatMap((text, index) => operationsIn(text, files[index] ?? folder));
}

function noneAt(folder: string) {
  return (error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOENT') return [];
    throw new StartupProblem(`${folder} cannot be read: ${error.message}.`);
  };
}

function operationsIn(text: string, from: string): ClientDocument[] {
  const document = parsed(text, from);
  return document.definitions.flatMap((operation) => {
    if (operation.kind !== Kind.OPERATION_DEFINITION) return [];
    return { id: from, name: operation.name?.value ?? from, document, operation };
  });
}

function parsed(text: string, from: string): DocumentNode {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof GraphQLError) throw new StartupProblem(`${from}: ${error.message}`);
    throw error;
  }
}
