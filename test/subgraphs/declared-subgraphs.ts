// Reads the subgraphs that subgraphs.json declares, as text.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../architecture/source-files.ts';

export function subgraphs(): { name: string; sdl: string }[] {
  const folder = join(root, 'subgraphs');
  const declared: Record<string, { schema: string }> = JSON.parse(
    readFileSync(join(folder, 'subgraphs.json'), 'utf8'),
  );
  return Object.entries(declared).map(([name, { schema }]) => ({
    name,
    sdl: readFileSync(join(folder, schema), 'utf8'),
  }));
}
