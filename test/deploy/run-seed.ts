// Runs `npm run seed` as a process and hears what it says.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { root } from '../architecture/source-files.ts';
import { nodeFlags } from '../support/node-flags.ts';

export async function runSeed(
  flags: string[],
  environment: Record<string, string>,
): Promise<{ code: number | null; output: string }> {
  const { DATABASE_URL: _, ...inherited } = process.env;
  const child = spawn(process.execPath, [...nodeFlags, 'subgraphs/seed.ts', ...flags], {
    cwd: root,
    env: { ...inherited, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  const [code] = await once(child, 'close');
  return { code, output };
}
