// Owns the commands that a scaffold runs on what it wrote, and what is said when one of them fails.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { StartupProblem } from '../foundation/startup-problem.ts';

const scripts = {
  'npm run documents': [fileURLToPath(new URL('../registration/main.ts', import.meta.url))],
  // Sorts and folds what templates could not: they do not know how long a name is.
  'biome check': [createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome'), 'check'],
};

type Script = keyof typeof scripts;

/** Throws a StartupProblem with all that the script said when it fails; nothing is shown otherwise. */
export async function runScript(script: Script, args: readonly string[] = []): Promise<void> {
  const child = spawn(process.execPath, [...process.execArgv, ...scripts[script], ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => said.push(String(chunk)));
  }
  const [code] = await once(child, 'close');
  if (code !== 0) throw new StartupProblem(`"${script}" failed:\n\n${said.join('').trim()}\n`);
}
