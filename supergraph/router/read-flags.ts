// Owns the flags of `npm run router`, and saying what is wrong with them.
import { parseArgs } from 'node:util';
import { StartupProblem } from '../foundation/startup-problem.ts';
import { didYouMean } from '../foundation/suggest.ts';

export interface RouterFlags {
  /** A file or an address; given where no BFF is. */
  supergraph: string | undefined;
  /** Files of declarations. */
  bffs: readonly string[];
  port?: number;
  host?: string;
  /** Whether to say what holds, and to start nothing. */
  explain: boolean;
}

const usage =
  'Usage: npm run router -- --supergraph <file or URL> | --bff <file> [--bff <file>]… [--port <number>] [--host <address>] [--explain]';
const options = {
  supergraph: { type: 'string' },
  bff: { type: 'string', multiple: true },
  port: { type: 'string' },
  host: { type: 'string' },
  explain: { type: 'boolean' },
} as const;

/** Throws a StartupProblem with the usage. */
export function readFlags(args: string[]): RouterFlags {
  const { tokens, values } = parseArgs({ args, options, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind === 'positional') throw new StartupProblem(`"${token.value}" is no flag. ${usage}`);
    if (token.kind !== 'option') continue;
    if (!Object.hasOwn(options, token.name)) {
      const hint = didYouMean(
        token.rawName,
        Object.keys(options).map((name) => `--${name}`),
      );
      throw new StartupProblem(`There is no flag "${token.rawName}".${hint} ${usage}`);
    }
    const takesValue = token.name !== 'explain';
    if (takesValue && !token.value) throw new StartupProblem(`${token.rawName} needs a value. ${usage}`);
    if (!takesValue && token.value) throw new StartupProblem(`${token.rawName} takes no value. ${usage}`);
  }
  const { supergraph, port, host, explain } = values as Readonly<Record<string, string | undefined>>;
  const bffs = (values['bff'] ?? []) as string[];
  if (supergraph === undefined && bffs.length === 0) throw new StartupProblem(`Which supergraph? ${usage}`);
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) <= 65_535)) {
    throw new StartupProblem(`--port must be between 0 and 65535, but is "${port}".`);
  }
  return {
    supergraph,
    bffs,
    explain: explain !== undefined,
    ...(port !== undefined && { port: Number(port) }),
    ...(host !== undefined && { host }),
  };
}
