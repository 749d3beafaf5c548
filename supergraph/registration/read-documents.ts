// Owns reading a folder of GraphQL documents from disk, each definition with its place; whether they fit a schema is no matter here.
import { readFile } from 'node:fs/promises';
import { type DocumentNode, GraphQLError, Kind, parse, Source } from 'graphql';
import { graphqlFiles } from '../foundation/graphql-files.ts';
import { type DocumentProblem, problemOf, shownPath } from './document-problem.ts';

export interface ReadDocuments {
  /** What could be read of all files, in one. */
  document: DocumentNode;
  problems: readonly DocumentProblem[];
}

/** Every `*.graphql` below a folder, but for what is hidden by a dot. Throws nothing: what cannot be read is a problem. */
export async function readDocuments(folder: string): Promise<ReadDocuments> {
  const problems: DocumentProblem[] = [];
  const definitions = [];
  for (const file of await listFiles(folder, problems)) {
    definitions.push(...((await readDocument(file, problems))?.definitions ?? []));
  }
  return { document: { kind: Kind.DOCUMENT, definitions }, problems };
}

async function listFiles(folder: string, problems: DocumentProblem[]): Promise<string[]> {
  const say = (message: string) => problems.push({ places: [shownPath(folder)], message });
  let files: string[] = [];
  try {
    files = await graphqlFiles(folder);
  } catch (error) {
    say(`The folder of documents cannot be read: ${error instanceof Error ? error.message : error}.`);
    return [];
  }
  if (files.length === 0) {
    say('The folder of documents holds no *.graphql file: write an operation, or declare no `documents`.');
  }
  return files;
}

async function readDocument(file: string, problems: DocumentProblem[]): Promise<DocumentNode | undefined> {
  try {
    return parse(new Source(await readFile(file, 'utf8'), shownPath(file)));
  } catch (error) {
    if (error instanceof GraphQLError) problems.push(problemOf(error));
    else {
      const message = `It cannot be read: ${error instanceof Error ? error.message : error}.`;
      problems.push({ places: [shownPath(file)], message });
    }
    return undefined;
  }
}
