// Owns `npm run router`: any supergraph, from a file or an address, served with default policies.
import './foundation/environment.ts';

import { parseArgs } from 'node:util';
import { defineBff } from './declaration/define-bff.ts';
import { readEnvironment } from './foundation/environment.ts';
import { StartupProblem } from './foundation/startup-problem.ts';
import { didYouMean } from './foundation/suggest.ts';
import { readSupergraphFacts } from './foundation/supergraph-facts.ts';
import { loadSupergraph } from './router/load-supergraph.ts';
import { runProcess } from './router/run-process.ts';
import { startRouter } from './router/start-router.ts';
import { stripAuthLinks } from './router/strip-auth-links.ts';

const usage = 'Usage: npm run router -- --supergraph <file or URL> [--port <number>] [--host <address>]';
const options = {
  supergraph: { type: 'string' },
  port: { type: 'string' },
  host: { type: 'string' },
} as const;

await runProcess(async () => {
  const flags = readFlags(process.argv.slice(2));
  const environment = readEnvironment();
  const sdl = await loadSupergraph(flags.supergraph);
  const router = await startRouter({
    bff: defineBff({ name: 'router', port: environment.port ?? 4000 }),
    supergraph: { sdl, from: flags.supergraph },
    environment: {
      ...environment,
      host: flags.host ?? environment.host,
      port: flags.port ?? environment.port,
    },
  });
  const { issuers, audiences, keys } = environment.identity;
  if (issuers.length + audiences.length + keys.length === 0) tellWithoutIdentity(sdl, flags.supergraph);
  return router;
});

/** Tokens are handed on unread then, and whoever counts on them here must hear of it. */
function tellWithoutIdentity(sdl: string, from: string): void {
  const { stripped } = stripAuthLinks(readSupergraphFacts(sdl, from).document);
  const asked = stripped.map((spec) => `@${spec}`).join(', ');
  const but = asked && `, although the graph asks for it (${asked})`;
  process.stderr.write(
    `No identity is configured: nobody can sign in at this router${but}. Every viewer is anonymous, tokens are handed on ` +
      'unread. JWKS_URL, TOKEN_ISSUER and TOKEN_AUDIENCE say whose tokens are good.\n',
  );
}

function readFlags(args: string[]): { supergraph: string; port?: number; host?: string } {
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
    if (!token.value) throw new StartupProblem(`${token.rawName} needs a value. ${usage}`);
  }
  const { supergraph, port, host } = values as { supergraph?: string; port?: string; host?: string };
  if (supergraph === undefined) throw new StartupProblem(`Which supergraph? ${usage}`);
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) <= 65_535)) {
    throw new StartupProblem(`--port must be between 0 and 65535, but is "${port}".`);
  }
  return {
    supergraph,
    ...(port !== undefined && { port: Number(port) }),
    ...(host !== undefined && { host }),
  };
}
