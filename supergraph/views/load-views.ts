// Owns getting a BFF's views off the disk: their schema, their resolvers and the operations that they ask.
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { graphqlFiles } from '../foundation/graphql-files.ts';
import { StartupProblem } from '../foundation/startup-problem.ts';
import type { Views } from './define-views.ts';

export interface LoadedViews extends Views {
  /** The folder, for messages. */
  from: string;
  /** SDL of a subgraph. */
  sdl: string;
  /** In the order of their files' names. */
  documents: readonly ViewDocument[];
}

export interface ViewDocument {
  /** For messages. */
  file: string;
  /** GraphQL text. */
  text: string;
}

/** Reads `schema.graphql`, `index.ts` and `documents/` of a folder. Throws a StartupProblem that names what cannot be read. */
export async function loadViews(folder: string | URL): Promise<LoadedViews> {
  const path = typeof folder === 'string' ? folder : fileURLToPath(folder);
  const { resolvers } = await loadModule(join(path, 'index.ts'));
  return {
    from: shown(path),
    sdl: await readText(join(path, 'schema.graphql')),
    resolvers,
    documents: await readDocuments(join(path, 'documents')),
  };
}

async function loadModule(file: string): Promise<Views> {
  let module: Record<string, unknown>;
  try {
    module = await import(pathToFileURL(file).href);
  } catch (error) {
    throw new StartupProblem(
      `The views in ${shown(file)} cannot be loaded: ${error instanceof Error ? error.message : error}`,
    );
  }
  const [views, another] = Object.values(module).filter(isViews);
  if (views === undefined || another !== undefined) {
    throw new StartupProblem(`${shown(file)} must export exactly one thing that was made by defineViews.`);
  }
  return views;
}

async function readDocuments(folder: string): Promise<ViewDocument[]> {
  const files = await graphqlFiles(folder).catch((error: NodeJS.ErrnoException) => {
    // Views of entities alone ask nothing.
    if (error.code === 'ENOENT') return [];
    throw new StartupProblem(`${shown(folder)} cannot be read: ${error.message}`);
  });
  return Promise.all(files.map(async (file) => ({ file: shown(file), text: await readText(file) })));
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new StartupProblem(
      `${shown(file)} cannot be read: ${error instanceof Error ? error.message : error}`,
    );
  }
}

function shown(path: string): string {
  return relative('.', path);
}

function isViews(value: unknown): value is Views {
  return typeof value === 'object' && value !== null && 'resolvers' in value;
}
