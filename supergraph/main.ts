// Owns `npm run router`: any supergraph, from a file or an address, or the BFFs of any declarations, together in one process.
import './foundation/environment.ts';

import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { demandUsable } from './declaration/check-bff.ts';
import { defineBff } from './declaration/define-bff.ts';
import { loadBff } from './declaration/load-bff.ts';
import { type Environment, readEnvironment } from './foundation/environment.ts';
import { StartupProblem } from './foundation/startup-problem.ts';
import { readSupergraphFacts } from './foundation/supergraph-facts.ts';
import type { BffParts } from './router/create-router.ts';
import { explainBff } from './router/explain-bff.ts';
import { loadSupergraph } from './router/load-supergraph.ts';
import { readFlags } from './router/read-flags.ts';
import { readParts, runProcess } from './router/run-process.ts';
import { startRouters } from './router/start-router.ts';
import { stripAuthLinks } from './router/strip-auth-links.ts';

await runProcess(async () => {
  const flags = readFlags(process.argv.slice(2));
  const given = readEnvironment();
  const environment = { ...given, host: flags.host ?? given.host, port: flags.port ?? given.port };
  const bffs = await Promise.all(partsOf(flags, environment));
  if (flags.explain) {
    // Several have one port, the first one's.
    const [first, ...more] = bffs;
    const port = environment.port ?? (more.length > 0 ? first?.bff.port : undefined);
    for (const { bff, declaredIn, supergraph } of bffs) {
      const facts = readSupergraphFacts(supergraph.sdl, supergraph.from);
      demandUsable(bff, facts, declaredIn);
      process.stdout.write(`${explainBff(bff, facts, { ...environment, port })}\n`);
    }
    process.exit(0);
  }
  const server = await startRouters(bffs, { environment });
  for (const { bff, supergraph } of bffs) tellWithoutIdentity(bff, supergraph, environment);
  return server;
});

function partsOf(
  { supergraph, bffs }: { supergraph: string | undefined; bffs: readonly string[] },
  { port = 4000 }: Environment,
): Promise<BffParts>[] {
  if (bffs.length > 0) return bffs.map((file) => readDeclared(file, supergraph));
  const from = supergraph ?? '';
  const bff = defineBff({ name: 'router', port });
  return [loadSupergraph(from).then((sdl) => ({ bff, supergraph: { sdl, from } }))];
}

/** A BFF from the folder of its declaration, over what was composed for it or over the supergraph that is given. */
async function readDeclared(file: string, supergraph: string | undefined): Promise<BffParts> {
  const bff = await loadBff(file);
  const folder = pathToFileURL(`${dirname(resolve(file))}/`);
  if (supergraph === undefined) return readParts(bff, folder);
  if (bff.views !== undefined) {
    throw new StartupProblem(
      `${file} has views, which are composed with the subgraphs: run "npm run compose" and leave --supergraph out.`,
    );
  }
  const sdl = await loadSupergraph(supergraph);
  // Loaded for those alone who need it: it brings the planner's memory into this thread.
  const { applyContract } = await import('./composition/contract.ts');
  const { supergraphSdl } = applyContract(bff.name, sdl, bff.contract);
  return readParts(bff, folder, { sdl: supergraphSdl, from: supergraph });
}

/** Tokens are handed on unread then, and whoever counts on them here must hear of it. */
function tellWithoutIdentity(
  bff: BffParts['bff'],
  { sdl, from }: BffParts['supergraph'],
  { identity: { issuers, audiences, keys } }: Environment,
): void {
  if (bff.identity !== undefined || issuers.length + audiences.length + keys.length > 0) return;
  const { stripped } = stripAuthLinks(readSupergraphFacts(sdl, from).document);
  const asked = stripped.map((spec) => `@${spec}`).join(', ');
  const but = asked && `, although the graph asks for it (${asked})`;
  const who = bff.name === 'router' ? 'this router' : bff.name;
  process.stderr.write(
    `No identity is configured: nobody can sign in at ${who}${but}. Every viewer is anonymous, tokens are handed on ` +
      'unread. JWKS_URL, TOKEN_ISSUER and TOKEN_AUDIENCE say whose tokens are good.\n',
  );
}
