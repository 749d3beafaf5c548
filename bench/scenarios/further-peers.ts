// Owns peers that somebody else has: a file says how each is started, so that native routers can stand beside ours.
import { readFile } from 'node:fs/promises';
import type { Contestant } from './contestant.ts';

interface FurtherPeer {
  name: string;
  command: string;
  env?: Record<string, string>;
}

/** Reads `[{"name", "command", "env"?}]`; `{supergraph}` and `{port}` stand for what it is started with. */
export async function readFurtherPeers(path: string, cwd: string): Promise<Contestant[]> {
  return parseFurtherPeers(await readFile(path, 'utf8'), path).map(({ name, command, env = {} }) => ({
    name,
    cwd,
    command: ({ supergraph }, port) => {
      const filled = (text: string) =>
        text.replaceAll('{supergraph}', supergraph).replaceAll('{port}', String(port));
      const variables = Object.entries(env).map(([key, value]) => [key, filled(value)]);
      return { command: 'sh', args: ['-c', filled(command)], env: Object.fromEntries(variables) };
    },
  }));
}

/** Throws with what is wrong with the file, by entry. */
export function parseFurtherPeers(text: string, path: string): FurtherPeer[] {
  const read: unknown = JSON.parse(text);
  if (!Array.isArray(read)) throw new Error(`${path} must hold a list of peers.`);
  for (const [index, entry] of read.entries()) {
    const { name, command, env = {} } = Object(entry);
    const strings = [name, command, ...Object.values(Object(env))];
    if (strings.some((one) => typeof one !== 'string') || name === '') {
      throw new Error(
        `${path}: entry ${index} must have a name, a command and may have env, all of them text.`,
      );
    }
  }
  return read;
}
