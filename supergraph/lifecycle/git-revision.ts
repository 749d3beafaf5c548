// Owns reading files of the working folder as they were at another revision, by git.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { StartupProblem } from '../foundation/startup-problem.ts';

export interface Revision {
  /** As it was asked for, or as it was found. */
  name: string;
  /** Paths are relative to the working folder; undefined when it was not there. */
  read: (path: string) => Promise<string | undefined>;
  /** Paths of what is in a folder, or in the working folder; none when it was not there. */
  list: (folder?: string) => Promise<string[]>;
}

const run = promisify(execFile);
const mostOutput = 64 * 1024 * 1024;

/** Throws a StartupProblem when this is no repository, or has no such revision. */
export async function openRevision(name: string): Promise<Revision> {
  await checkRepository();
  const commit = await commitOf(name);
  if (commit === undefined) {
    throw new StartupProblem(
      `There is no file and no revision "${name}" here. A shallow clone has few revisions: "git fetch --unshallow" brings the others.`,
    );
  }
  return revision(name, commit);
}

/** Where this branch left the main one; the commit before on the main one itself; undefined where there is neither. */
export async function previousRevision(): Promise<Revision | undefined> {
  await checkRepository();
  const head = await commitOf('HEAD');
  if (head === undefined) return undefined;
  for (const main of ['origin/HEAD', 'origin/main', 'origin/master', 'main', 'master']) {
    if ((await commitOf(main)) === undefined) continue;
    const base = await git('merge-base', 'HEAD', main).catch(() => '');
    if (base !== '' && base !== head) return revision(`${base.slice(0, 12)} (where ${main} was left)`, base);
  }
  const parent = await commitOf('HEAD~1');
  return parent === undefined ? undefined : revision('HEAD~1', parent);
}

function revision(name: string, commit: string): Revision {
  return {
    name,
    async list(folder) {
      const inside = folder === undefined ? [] : ['--', `${folder}/`];
      const names = await git('ls-tree', '--name-only', commit, ...inside);
      return names === '' ? [] : names.split('\n');
    },
    async read(path) {
      const listed = await git('ls-tree', '--name-only', commit, '--', path);
      if (listed === '') return undefined;
      // Whatever is between what is asked for and its text would be part of the text.
      const { stdout } = await run('git', ['show', `${commit}:./${path}`], { maxBuffer: mostOutput });
      return stdout;
    },
  };
}

async function checkRepository(): Promise<void> {
  try {
    await git('rev-parse', '--is-inside-work-tree');
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if ('code' in error && error.code === 'ENOENT') {
      throw new StartupProblem(
        'There is no git here, which knows the revisions: install it, or name a supergraph file.',
      );
    }
    const [said = ''] = 'stderr' in error ? String(error.stderr).split('\n') : [];
    throw new StartupProblem(
      `No revision can be read here: name a supergraph file, or ask git why (${said}).`,
    );
  }
}

async function commitOf(name: string): Promise<string | undefined> {
  return git('rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`).catch(
    () => undefined,
  );
}

async function git(...args: string[]): Promise<string> {
  const { stdout } = await run('git', args, { maxBuffer: mostOutput });
  return stdout.trim();
}
