// Owns getting a BFF's declaration out of a file, which may lie in somebody else's repository; check-bff.ts judges what it says.
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { StartupProblem } from '../foundation/startup-problem.ts';
import type { BffDeclaration } from './define-bff.ts';

/** The one declaration that a module exports, by whatever name. Throws a StartupProblem with a sentence that names the file. */
export async function loadBff(file: string): Promise<BffDeclaration> {
  const declarations = Object.values(await importModule(file)).filter(isDeclaration);
  const [declaration] = declarations;
  if (declaration === undefined || declarations.length > 1) {
    throw new StartupProblem(`${file} must export exactly one declaration, made by defineBff.`);
  }
  return declaration;
}

async function importModule(file: string): Promise<Record<string, unknown>> {
  if (await isFolder(file)) {
    throw new StartupProblem(
      `${file} is a folder: name the declaration in it, such as ${join(file, 'bff.ts')}.`,
    );
  }
  try {
    return await import(pathToFileURL(resolve(file)).href);
  } catch (error) {
    throw new StartupProblem(`${file} cannot be loaded: ${error instanceof Error ? error.message : error}`);
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

function isDeclaration(value: unknown): value is BffDeclaration {
  return isRecord(value) && typeof value['name'] === 'string' && typeof value['port'] === 'number';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
