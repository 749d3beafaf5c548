// Owns a copy of this repository that a test may change: what git tracks or would track, with the same installed packages.
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import {
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from '../architecture/source-files.ts';
import { nodeFlags } from './node-flags.ts';

export interface Ended {
  code: number | null;
  /** Both streams. */
  output: string;
}

export interface RepositoryCopy {
  folder: string;
  /** Runs a command line in the copy, by the shell. */
  run: (command: string) => Promise<Ended>;
  /** A hash of each file by its path, without installed packages. */
  hashes: () => Promise<Record<string, string>>;
  remove: () => Promise<void>;
}

export async function copyRepository(): Promise<RepositoryCopy> {
  // Paths that programs print are real ones.
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'tributary-copy-')));
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  const present = [...new Set(listed.split('\0'))].filter(
    (path) => path !== '' && existsSync(join(root, path)),
  );
  for (const parent of new Set(present.map((path) => dirname(path)))) {
    await mkdir(join(folder, parent), { recursive: true });
  }
  await Promise.all(present.map((path) => copyFile(join(root, path), join(folder, path))));
  // Its scripts start our files as tests do, which is half the work.
  const scripts = join(folder, 'package.json');
  await writeFile(scripts, (await readFile(scripts, 'utf8')).replaceAll('--import tsx', nodeFlags.join(' ')));
  // Tools ask git which files there are.
  execFileSync('git', ['init', '--quiet'], { cwd: folder });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
  return {
    folder,
    run: (command) => runIn(folder, command),
    async hashes() {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      const files = entries
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name));
      const hashed = files.sort().map(async (file): Promise<[string, string]> => {
        const content = await readFile(file);
        return [file.slice(folder.length + 1), createHash('sha256').update(content).digest('hex')];
      });
      return Object.fromEntries(await Promise.all(hashed));
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function runIn(folder: string, command: string): Promise<Ended> {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const child = spawn(command, { cwd: folder, env: { ...env, NO_COLOR: '1' }, shell: true });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk;
    });
  }
  const [code] = await once(child, 'close');
  return { code, output };
}
