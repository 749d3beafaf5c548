// Owns a change of several files that is made whole or not at all, with the commands that belong to it.
import { access, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { bffsHere } from '../composition/bffs-here.ts';
import { StartupProblem } from '../foundation/startup-problem.ts';
import { runScript } from './run-script.ts';

export interface RepositoryChange {
  /** Writes content by path. */
  write: (files: ReadonlyMap<string, string>) => Promise<void>;
  /** As `runScript`. */
  run: typeof runScript;
}

const signals = ['SIGINT', 'SIGTERM'] as const;

/**
 * Makes a change by `make`; `folders` are new ones that belong to it. When `make` throws or a signal comes meanwhile, every
 * file is as it was before, what commands generate too, the folders are gone, and a StartupProblem says so. It throws one
 * before anything is written, when one of the folders is there already.
 */
export async function changeRepository(
  folders: readonly string[],
  make: (change: RepositoryChange) => Promise<void>,
): Promise<void> {
  for (const folder of folders) {
    if (await isThere(folder)) throw new StartupProblem(`${folder} is there already, and stays as it is.`);
  }
  const before = new Map<string, string | undefined>();
  const remember = async (path: string): Promise<void> => {
    if (!before.has(path)) before.set(path, await readFile(path, 'utf8').catch(() => undefined));
  };
  for (const path of await generatedFiles()) await remember(path);
  let interrupted = false;
  const interrupt = (): void => {
    interrupted = true;
  };
  const goOn = (): void => {
    if (interrupted) throw new StartupProblem('It was interrupted.');
  };
  for (const signal of signals) process.on(signal, interrupt);
  try {
    await make({
      async write(files) {
        for (const [path, content] of files) {
          goOn();
          await remember(path);
          await mkdir(dirname(path), { recursive: true });
          await writeFile(path, content);
        }
      },
      async run(script, args) {
        goOn();
        await runScript(script, args);
      },
    });
    goOn();
  } catch (error) {
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
    for (const [path, content] of before) {
      if (content === undefined) await rm(path, { force: true });
      else await writeFile(path, content);
    }
    const reason = error instanceof StartupProblem ? error.message : ((error as Error).stack ?? error);
    throw new StartupProblem(`${reason}\nNothing was made: all files are as they were.`);
  } finally {
    for (const signal of signals) process.off(signal, interrupt);
  }
}

/** What is written by commands, and not by `write`. */
async function generatedFiles(): Promise<string[]> {
  const folders = (await bffsHere()).map((file) => join(dirname(file), 'generated'));
  const inside = folders.map(async (folder) =>
    (await readdir(folder).catch(() => [])).map((name) => join(folder, name)),
  );
  return ['README.md', ...(await Promise.all(inside)).flat()];
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
