// Owns the process of one or several subgraphs: ports and database from outside, start in order, one stop for all.

import { subgraphAddresses } from './calls/subgraph-addresses.ts';
import type { ChangeBus } from './changes/publish-changes.ts';
import { openConfiguredDatabase } from './database/configured-database.ts';
import type { SubgraphDefinition } from './define-subgraph.ts';
import { environment } from './environment.ts';
import { failStart, report, runUntilStopped } from './process-life.ts';
import { type RunningSubgraph, serveSubgraph } from './serve-subgraph.ts';

/** The last line of a subgraph's main.ts: serves it until the process is told to stop. */
export async function runSubgraph(definition: SubgraphDefinition): Promise<never> {
  return run([definition], environment.port);
}

/** Many subgraphs in one process, each on its own port from subgraphs.json. */
export async function runSubgraphs(definitions: readonly SubgraphDefinition[]): Promise<never> {
  return run(definitions, undefined);
}

async function run(definitions: readonly SubgraphDefinition[], port: number | undefined): Promise<never> {
  const running: RunningSubgraph[] = [];
  const bus = await openBus().catch((error: unknown) =>
    failStart(definitions[0]?.name ?? 'subgraphs', error),
  );
  // One after another: the embedded database would make them wait for each other anyway, with nothing to show for it.
  for (const definition of definitions) {
    try {
      running.push(await start(definition, port, bus));
    } catch (error) {
      await failStart(definition.name, error);
    }
  }
  return runUntilStopped(async () => {
    await Promise.all(running.map(({ stop }) => stop()));
    await bus?.close();
  });
}

/** One for all of the process. What speaks with Redis is loaded where there is one: it makes other code slower. */
async function openBus(): Promise<(ChangeBus & { close: () => Promise<void> }) | undefined> {
  if (environment.redis === undefined) return undefined;
  const { openRedisBus } = await import('./changes/redis-bus.ts');
  return openRedisBus(environment.redis);
}

async function start(
  definition: SubgraphDefinition,
  port: number | undefined,
  changes: ChangeBus | undefined,
): Promise<RunningSubgraph> {
  const began = performance.now();
  const subgraph = await serveSubgraph(definition, {
    host: environment.host,
    port: port ?? (await portOf(definition)),
    database: await openConfiguredDatabase(definition, environment),
    jwksUrl: environment.jwksUrl,
    issuer: environment.tokenIssuer,
    audience: environment.tokenAudience,
    callerSecret: environment.callerSecret,
    production: environment.production,
    tls: environment.tls,
    changes,
    logLevel: environment.logLevel,
  });
  // A parent is told below, and says it in its own way.
  if (!process.connected) process.stdout.write(`${definition.name} ready on ${subgraph.url}\n`);
  report({
    type: 'ready',
    name: definition.name,
    url: subgraph.url,
    milliseconds: Math.round(performance.now() - began),
  });
  return subgraph;
}

async function portOf({ name }: SubgraphDefinition): Promise<number> {
  const port = Number((await subgraphAddresses()).get(name)?.port);
  if (!port) throw new Error(`subgraphs/subgraphs.json gives no port for ${name}.`);
  return port;
}
