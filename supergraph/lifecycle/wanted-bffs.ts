// Owns which BFFs a command is about: those of the working folder, or the one that was named.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buildSchema, GraphQLError, type GraphQLSchema } from 'graphql';
import { bffsHere } from '../composition/bffs-here.ts';
import { readEnvironment } from '../foundation/environment.ts';
import { StartupProblem } from '../foundation/startup-problem.ts';
import { didYouMean } from '../foundation/suggest.ts';

/** Folders with a declaration, such as `bff-web`. Throws a StartupProblem when there are none, or not the one asked for. */
export async function wantedBffs(wanted: string | undefined): Promise<string[]> {
  const folders = (await bffsHere()).map((declaration) => dirname(declaration));
  if (wanted === undefined) {
    if (folders.length > 0) return folders;
    throw new StartupProblem('There is no BFF here: no folder bff-* has a bff.ts.');
  }
  const folder = wanted.replace(/\/bff\.ts$/, '').replace(/\/+$/, '');
  if (existsSync(join(folder, 'bff.ts'))) return [folder];
  throw new StartupProblem(`There is no BFF in the folder ${folder}.${didYouMean(folder, folders)}`);
}

export const schemaFile = (bff: string): string => join(bff, 'generated/schema.graphql');

/** What the clients of a BFF see now. */
export async function clientSchema(bff: string): Promise<GraphQLSchema> {
  const path = schemaFile(bff);
  const sdl = await readFile(path, 'utf8').catch(() => {
    throw new StartupProblem(`${path} cannot be read: run "npm run compose".`);
  });
  return schemaOf(sdl, path);
}

/** `from` names the text in the message. */
export function schemaOf(sdl: string, from: string): GraphQLSchema {
  try {
    return buildSchema(sdl);
  } catch (error) {
    const reason = error instanceof GraphQLError ? error.message : String(error);
    throw new StartupProblem(`${from} cannot be used as a schema: ${reason}`);
  }
}

/** Throws a StartupProblem where a folder that was asked for is not there: nothing recorded would look like nothing used. */
export function usageFolder(asked: string | undefined): string {
  const folder = asked ?? readEnvironment().usageFolder ?? '.data/usage';
  if (asked === undefined || existsSync(asked)) return folder;
  throw new StartupProblem(`There is no folder ${asked}.`);
}
