// Owns copies of the engine's sources with one mistake in them, where imports of packages still find their way.
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Mutant } from './mutants.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface MutantSources {
  /** The copy of the folder `supergraph/`. */
  sources: URL;
  remove: () => Promise<void>;
}

/** Rejects when the mutant's original is not in its file exactly once. */
export async function makeMutant({ file, original, mistake, name }: Mutant): Promise<MutantSources> {
  const folder = join(root, 'node_modules/.cache/mutants', `${process.pid}-${name.replaceAll(' ', '-')}`);
  const copy = join(folder, 'supergraph');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await cp(join(root, 'supergraph'), copy, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  const path = join(copy, file);
  const parts = (await readFile(path, 'utf8')).split(original);
  if (parts.length !== 2) {
    await rm(folder, { recursive: true });
    throw new Error(
      `"${original}" is ${parts.length - 1} times in ${file}: the mutant must be written anew.`,
    );
  }
  await writeFile(path, parts.join(mistake));
  return {
    sources: pathToFileURL(`${copy}/`),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
