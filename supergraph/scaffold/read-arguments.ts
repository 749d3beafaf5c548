// Owns the command lines of the scaffolds: one name, and flags with values.
import { parseArgs } from 'node:util';
import { StartupProblem } from '../foundation/startup-problem.ts';
import { didYouMean } from '../foundation/suggest.ts';

export interface Arguments {
  name: string;
  /** What was given, by flag. */
  flags: Readonly<Record<string, readonly string[]>>;
}

/** Throws a StartupProblem that ends with `usage`. */
export function readArguments(args: readonly string[], known: readonly string[], usage: string): Arguments {
  const options = Object.fromEntries(
    known.map((flag) => [flag, { type: 'string', multiple: true } as const]),
  );
  const { tokens, positionals } = parseArgs({
    args: [...args],
    options,
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  const flags: Record<string, string[]> = {};
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    if (!known.includes(token.name)) {
      const hint = didYouMean(
        token.rawName,
        known.map((flag) => `--${flag}`),
      );
      throw new StartupProblem(`There is no flag "${token.rawName}".${hint} ${usage}`);
    }
    if (!token.value) throw new StartupProblem(`${token.rawName} needs a value. ${usage}`);
    flags[token.name] = [...(flags[token.name] ?? []), token.value];
  }
  const [name, another] = positionals;
  if (name === undefined) throw new StartupProblem(`How is it to be called? ${usage}`);
  if (another !== undefined) throw new StartupProblem(`"${another}" is one name too many. ${usage}`);
  return { name, flags };
}
