// Owns which files of a folder are GraphQL documents.
import { readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';

/**
 * Paths of `*.graphql` at any depth, but for what is hidden by a dot; sorted, so that they are the same on every machine.
 * Rejects where the folder cannot be read.
 */
export async function graphqlFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names
    .filter((name) => name.endsWith('.graphql') && !name.split(sep).some((part) => part.startsWith('.')))
    .sort()
    .map((name) => join(folder, name));
}
