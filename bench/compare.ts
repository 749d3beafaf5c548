// Owns another revision of this repository beside the files as they are: unpacked, with its dependencies, ready to run.
import { execFile } from 'node:child_process';
import { mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Processes } from './measure/processes.ts';

const run = promisify(execFile);

export interface Revision {
  /** The short hash. */
  name: string;
  folder: string;
}

/**
 * Unpacks a revision below a folder. Its dependencies are linked to ours, or installed when its lock file is another.
 * The repository itself is only read, so that a run that is broken off leaves nothing in it.
 */
export async function unpackRevision(
  processes: Processes,
  { root, revision, below }: { root: string; revision: string; below: string },
): Promise<Revision> {
  const hash = await run('git', ['rev-parse', '--verify', '--short', `${revision}^{commit}`], {
    cwd: root,
  }).catch(() => {
    throw new Error(`There is no revision "${revision}".`);
  });
  const name = hash.stdout.trim();
  const folder = join(below, name);
  await mkdir(folder);
  const archive = join(below, `${name}.tar`);
  await run('git', ['archive', '--output', archive, name], { cwd: root });
  await run('tar', ['-xf', archive, '-C', folder]);
  const [our, their] = await Promise.all(
    [root, folder].map((path) => readFile(join(path, 'package-lock.json'))),
  );
  if (our !== undefined && their?.equals(our)) {
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  } else {
    const install = processes.start(['npm', 'ci', '--no-audit', '--no-fund'], { cwd: folder });
    const { code } = await install.ended;
    if (code !== 0) throw new Error(`The dependencies of ${name} cannot be installed:\n${install.output()}`);
  }
  return { name, folder };
}
