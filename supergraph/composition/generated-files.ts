// Owns generated files on disk: all of them are written, or none; and which of them are stale.
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StartupProblem } from '../foundation/startup-problem.ts';

/** Paths whose file is missing or has another content. */
export async function staleFiles(files: ReadonlyMap<string, string>): Promise<string[]> {
  const stale: string[] = [];
  for (const [path, content] of files) {
    const present = await readFile(path, 'utf8').catch(() => undefined);
    if (present !== content) stale.push(path);
  }
  return stale;
}

/**
 * Writes what is stale and returns those paths. Readers see an old file or a new one, never half of one. Throws a
 * StartupProblem when a file cannot be written; then none was.
 */
export async function writeFiles(files: ReadonlyMap<string, string>): Promise<string[]> {
  const stale = await staleFiles(files);
  const temporary = new Map(stale.map((path) => [path, `${path}.${randomUUID()}.tmp`]));
  try {
    // A full disk or a folder that may not be written shows here, before any old file is touched.
    for (const [path, temp] of temporary) {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(temp, files.get(path) ?? '');
    }
    for (const [path, temp] of temporary) await rename(temp, path);
  } catch (error) {
    throw new StartupProblem(
      `The generated files cannot be written: ${error instanceof Error ? error.message : error}`,
    );
  } finally {
    await Promise.allSettled([...temporary.values()].map((temp) => rm(temp, { force: true })));
  }
  return stale;
}
