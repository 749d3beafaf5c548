// Owns reading the list of subgraphs and their schema files from disk; composes nothing.

import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type DocumentNode, GraphQLError, parse, Source } from 'graphql';
import { isRecord } from '../foundation/is-record.ts';
import { StartupProblem } from '../foundation/startup-problem.ts';
import { CompositionFailure, type CompositionProblem } from './composition-problem.ts';

export interface SubgraphSchema {
  name: string;
  url: string;
  /** Every node knows its place; the source of its location is called as the subgraph. */
  document: DocumentNode;
}

interface ListedSubgraph {
  schema: string;
  url: string;
}

/**
 * Subgraphs sorted by name, from a file `{ "<name>": { "schema": "<file beside it>", "url": "<where it will be>" } }`.
 * Throws a StartupProblem when the list cannot be used, a CompositionFailure with all schema files that cannot.
 */
export async function readSubgraphs(listFile: string): Promise<SubgraphSchema[]> {
  const list = parseList(await readText(listFile), listFile);
  const problems: CompositionProblem[] = [];
  const schemas: SubgraphSchema[] = [];
  for (const [name, { schema, url }] of list) {
    const file = resolve(dirname(listFile), schema);
    const document = await readSchema(name, file, problems);
    if (document !== undefined) schemas.push({ name, url, document });
  }
  if (problems.length > 0) throw new CompositionFailure(problems);
  return schemas;
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new StartupProblem(
      `The list of subgraphs cannot be read: ${error instanceof Error ? error.message : error}.`,
    );
  }
}

function parseList(text: string, file: string): [string, ListedSubgraph][] {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (error) {
    throw new StartupProblem(`${file} is not JSON: ${error instanceof Error ? error.message : error}.`);
  }
  if (!isRecord(list) || Object.keys(list).length === 0) {
    throw new StartupProblem(`${file} must be an object that names at least one subgraph.`);
  }
  // Sorted, so that the order of the list does not show in what is generated.
  return Object.entries(list)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, entry]) => [name, checkEntry(name, entry, file)]);
}

function checkEntry(name: string, entry: unknown, file: string): ListedSubgraph {
  if (isRecord(entry)) {
    const { schema, url } = entry;
    if (typeof schema === 'string' && typeof url === 'string' && URL.canParse(url)) return { schema, url };
  }
  throw new StartupProblem(`${file}: "${name}" needs a "schema" (a file) and a "url" (an address).`);
}

/** undefined where it cannot be read; then why is among the problems. */
export async function readSchema(
  name: string,
  file: string,
  problems: CompositionProblem[],
): Promise<DocumentNode | undefined> {
  try {
    return parse(new Source(await readFile(file, 'utf8'), name));
  } catch (error) {
    const isSyntaxError = error instanceof GraphQLError;
    const place = isSyntaxError ? error.locations?.[0] : undefined;
    problems.push({
      where: [name],
      coordinate: place && `line ${place.line}, column ${place.column}`,
      rule: isSyntaxError ? 'INVALID_GRAPHQL' : 'FILE_NOT_READABLE',
      message: error instanceof Error ? error.message : String(error),
    });
    return undefined;
  }
}
