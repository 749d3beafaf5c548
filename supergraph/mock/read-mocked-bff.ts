// Owns what a mock needs of a BFF: files that were generated beside its declaration, and none of its domains.
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buildSchema, type GraphQLSchema } from 'graphql';
import { loadBff } from '../declaration/load-bff.ts';
import { StartupProblem } from '../foundation/startup-problem.ts';
import { manifestPlaces } from '../persisted-documents/manifest-places.ts';
import { readDocuments } from '../persisted-documents/registered-documents.ts';

export interface MockedBff {
  name: string;
  port: number;
  /** What clients see. */
  schema: GraphQLSchema;
  /** Text of each registered operation by its id. */
  registered: ReadonlyMap<string, string>;
  /** GraphQL text that the explorers show. */
  samples: string;
}

/** Throws a StartupProblem that names the file that is missing or cannot be used. */
export async function readMockedBff(file: string): Promise<MockedBff> {
  const { name, port, documents, samples } = await loadBff(file);
  const folder = dirname(file);
  const schemaFile = join(folder, 'generated/schema.graphql');
  const sdl = await read(schemaFile);
  if (sdl === undefined) {
    throw new StartupProblem(`There is no schema at ${schemaFile}: run "npm run compose -- --bff ${file}".`);
  }
  const operations = documents === undefined ? [] : await readDocuments(manifestPlaces(folder));
  return {
    name,
    port,
    schema: schemaOf(sdl, schemaFile),
    registered: new Map(operations.map(({ id, body }) => [id, body])),
    samples: (samples && (await read(join(folder, samples)))) ?? '',
  };
}

function schemaOf(sdl: string, from: string): GraphQLSchema {
  try {
    return buildSchema(sdl);
  } catch (error) {
    throw new StartupProblem(
      `${from} is no GraphQL schema: ${error instanceof Error ? error.message : error}`,
    );
  }
}

/** undefined where there is no such file. */
async function read(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
