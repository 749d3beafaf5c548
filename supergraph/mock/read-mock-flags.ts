// Owns the flags of `npm run mock`, and saying what is wrong with them.
import { parseArgs } from 'node:util';
import { StartupProblem } from '../foundation/startup-problem.ts';
import { didYouMean } from '../foundation/suggest.ts';

export interface MockFlags {
  /** The file of a declaration. */
  bff: string;
  /** Where to listen; the declaration's port unless told. */
  port?: number;
  seed: number;
}

const usage = 'Usage: npm run mock -- --bff <file> [--port <number>] [--seed <number>]';
const options = { bff: { type: 'string' }, port: { type: 'string' }, seed: { type: 'string' } } as const;

/** Throws a StartupProblem with the usage. */
export function readMockFlags(args: string[]): MockFlags {
  const { tokens, values } = parseArgs({ args, options, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind === 'positional') throw new StartupProblem(`"${token.value}" is no flag. ${usage}`);
    if (token.kind !== 'option') continue;
    if (!Object.hasOwn(options, token.name)) {
      const known = Object.keys(options).map((name) => `--${name}`);
      throw new StartupProblem(
        `There is no flag "${token.rawName}".${didYouMean(token.rawName, known)} ${usage}`,
      );
    }
    if (!token.value) throw new StartupProblem(`${token.rawName} needs a value. ${usage}`);
  }
  const { bff, port, seed = '1' } = values as Readonly<Record<string, string | undefined>>;
  if (bff === undefined) throw new StartupProblem(`Which BFF? ${usage}`);
  return {
    bff,
    ...(port !== undefined && { port: wholeNumber('--port', port, 65_535) }),
    seed: wholeNumber('--seed', seed, 4_294_967_295),
  };
}

function wholeNumber(flag: string, given: string, most: number): number {
  const number = Number(given);
  if (/^\d{1,10}$/.test(given) && number <= most) return number;
  throw new StartupProblem(`${flag} must be between 0 and ${most}, but is "${given}".`);
}
