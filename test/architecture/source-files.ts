// Lists the project's own source files and what they import, for the tests of the structure.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Paths relative to the root of what git tracks or would track, generated files left out. */
export function sourceFiles(...folders: string[]): string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', ...folders], {
    cwd: root,
    encoding: 'utf8',
  });
  return [...new Set(listed.split('\n'))]
    .filter((path) => path.endsWith('.ts') && !path.includes('/generated/'))
    .sort();
}

export interface Import {
  from: string;
  /** Path relative to the root for our own files, the package's name otherwise. */
  to: string;
  typeOnly: boolean;
}

const importPattern =
  /^\s*(import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]/gm;

export function importsOf(path: string): Import[] {
  const source = readFileSync(join(root, path), 'utf8');
  return [...source.matchAll(importPattern)].map((match) => {
    const specifier = match[3] ?? match[4] ?? '';
    return {
      from: path,
      to: specifier.startsWith('.') ? join(dirname(path), specifier) : specifier,
      typeOnly: match[2] !== undefined,
    };
  });
}
