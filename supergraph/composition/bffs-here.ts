// Owns which BFFs lie in the working folder: commands that are not told which to take, take these.
import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Every `bff-<name>/bff.ts`, sorted. */
export async function bffsHere(): Promise<string[]> {
  const folders = (await readdir('.')).filter((name) => name.startsWith('bff-')).sort();
  const declarations = folders.map((folder) => join(folder, 'bff.ts'));
  const present = await Promise.all(
    declarations.map((file) =>
      access(file).then(
        () => true,
        () => false,
      ),
    ),
  );
  return declarations.filter((_, index) => present[index]);
}
