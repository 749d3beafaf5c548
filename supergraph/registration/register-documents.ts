// Owns which files registration makes of the documents of BFFs, and their whole content; it writes nothing.
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { buildSchema, type GraphQLSchema } from 'graphql';
import { loadBff } from '../declaration/load-bff.ts';
import { StartupProblem } from '../foundation/startup-problem.ts';
import type { PersistedQueryManifest } from '../persisted-documents/manifest.ts';
import { type ClientView, withClientTable } from './client-table.ts';
import { type DocumentProblem, DocumentsFailure, placeOf, shownPath } from './document-problem.ts';
import { draftsOf, registeredOperations, sentDocuments } from './prepare-operations.ts';
import { readDocuments } from './read-documents.ts';
import { typedOperations } from './typed-operations.ts';
import { draftDirective, validateDocuments } from './validate-documents.ts';

export interface RegistrationOptions {
  /** Declarations of BFFs; what is generated for one goes to `generated/` beside it. */
  bffs: readonly string[];
  /** Whether a draft is a problem. */
  production: boolean;
  /** A version of a client, such as `ios-3.5.0`: what it is built with is kept under `released/`. It may have no draft. */
  release?: string | undefined;
  /** The file with the table of what each client sees; one that has no place for it stays as it is. */
  page?: string;
}

/** Content by absolute path; none of BFFs without documents. Throws a DocumentsFailure with the problems of all BFFs. */
export async function registerDocuments(options: RegistrationOptions): Promise<Map<string, string>> {
  const { bffs, page } = options;
  const files = new Map<string, string>();
  const problems: DocumentProblem[] = [];
  const views: ClientView[] = [];
  for (const bff of bffs) {
    try {
      const registered = await registerBff(bff, options);
      views.push(registered.view);
      for (const [path, content] of registered.files) files.set(path, content);
    } catch (error) {
      if (error instanceof DocumentsFailure) problems.push(...error.problems);
      else if (error instanceof StartupProblem)
        problems.push({ places: [shownPath(bff)], message: error.message });
      else throw error;
    }
  }
  if (problems.length > 0) throw new DocumentsFailure(problems);
  if (page === undefined) return files;
  const text = await readFile(page, 'utf8').catch(() => '');
  const told = withClientTable(text, views);
  if (told !== undefined) files.set(resolve(page), told);
  return files;
}

interface Registered {
  files: [string, string][];
  view: ClientView;
}

async function registerBff(file: string, options: RegistrationOptions): Promise<Registered> {
  const { release } = options;
  const production = options.production || release !== undefined;
  const bff = await loadBff(file);
  const { documents } = bff;
  const generated = join(dirname(resolve(file)), 'generated');
  const schema = await readClientSchema(join(generated, 'schema.graphql'));
  // Only the table of a page needs it.
  const supergraphSdl = await readFile(join(generated, 'supergraph.graphql'), 'utf8').catch(() => '');
  const view = { bff, schema, supergraphSdl };
  if (documents === undefined) return { files: [], view: { ...view, operations: [] } };
  if (typeof documents.folder !== 'string' || documents.folder === '')
    throw new StartupProblem('documents.folder: must name a folder beside the declaration.');
  const read = await readDocuments(resolve(dirname(file), documents.folder));
  const drafts = draftsOf(read.document);
  const problems = [
    ...read.problems,
    ...validateDocuments(schema, read.document, read.problems.length === 0),
    ...(production ? drafts.map(refusedDraft) : []),
  ];
  if (problems.length > 0) throw new DocumentsFailure(problems);
  const sent = sentDocuments(read.document);
  const manifest: PersistedQueryManifest = {
    format: 'apollo-persisted-query-manifest',
    version: 1,
    operations: registeredOperations(sent, new Set(drafts.map(({ name }) => name?.value ?? ''))),
  };
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  const files: [string, string][] = [
    [join(generated, 'persisted-query-manifest.json'), text],
    [join(generated, 'operations.ts'), await typedOperations(schema, sent)],
  ];
  if (release !== undefined) files.push([await releasedFile(file, release, text), text]);
  return { files, view: { ...view, operations: manifest.operations } };
}

/** People have what was released: it does not change any more. */
async function releasedFile(bff: string, release: string, text: string): Promise<string> {
  const path = join(dirname(resolve(bff)), 'released', `${release}.json`);
  const present = await readFile(path, 'utf8').catch(() => text);
  if (present === text) return path;
  throw new StartupProblem(
    `${shownPath(path)} is there already, and holds something else: give this release another name.`,
  );
}

/** The schema of a BFF's clients, as composition has made it. */
async function readClientSchema(file: string): Promise<GraphQLSchema> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const reason = isMissing ? 'is not there yet' : `cannot be read (${error})`;
    throw new StartupProblem(
      `The schema of its clients, ${shownPath(file)}, ${reason}: run "npm run compose" first.`,
    );
  });
  const schema = buildClientSchema(text, file);
  if (schema.getDirective(draftDirective)) {
    throw new StartupProblem(
      `${shownPath(file)} has a directive @${draftDirective} of its own, by which drafts could not be told from other documents.`,
    );
  }
  return schema;
}

function buildClientSchema(text: string, file: string): GraphQLSchema {
  try {
    return buildSchema(text);
  } catch (error) {
    throw new StartupProblem(
      `${shownPath(file)} is no schema (${error instanceof Error ? error.message : error}): run "npm run compose".`,
    );
  }
}

function refusedDraft(operation: ReturnType<typeof draftsOf>[number]): DocumentProblem {
  return {
    places: [placeOf(operation) ?? ''],
    message: `${operation.name?.value} is a draft, which production does not answer: take @${draftDirective} away, or leave it out.`,
  };
}
