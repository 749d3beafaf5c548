// Owns how a router behaves as a process: what it tells its parent, how it is stopped, and how it fails to start.
import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BffDeclaration } from '../declaration/define-bff.ts';
import { readEnvironment } from '../foundation/environment.ts';
import { StartupProblem } from '../foundation/startup-problem.ts';
import { manifestPlaces } from '../persisted-documents/manifest-places.ts';
import { loadViews } from '../views/load-views.ts';
import type { BffParts } from './create-router.ts';
import { loadSupergraph } from './load-supergraph.ts';
import { type RunningServer, startRouters } from './start-router.ts';

const stopDeadline = 3800;

/** Runs a BFF from its own folder (`new URL('.', import.meta.url)`): its generated supergraph and its samples. */
export async function runBff(bff: BffDeclaration, folder: URL): Promise<void> {
  await runProcess(async () =>
    startRouters([await readParts(bff, folder)], { environment: readEnvironment() }),
  );
}

/**
 * What a BFF has beside its declaration; of the supergraph what was composed for it, unless another is given. Throws a
 * StartupProblem that names the file that is missing.
 */
export async function readParts(
  bff: BffDeclaration,
  folder: URL,
  supergraph?: BffParts['supergraph'],
): Promise<BffParts> {
  const samples = await readSamples(bff, folder);
  const declaredIn = relative('.', fileURLToPath(folder)) || '.';
  const beside = (path: string): string => fileURLToPath(new URL(path, folder));
  const manifests = manifestPlaces(fileURLToPath(folder));
  const parts = { bff, declaredIn, samples, manifests };
  if (supergraph) return { ...parts, supergraph };
  const from = beside('generated/supergraph.graphql');
  const sdl = await loadSupergraph(from);
  const views = bff.views === undefined ? undefined : await loadViews(new URL(`${bff.views}/`, folder));
  return { ...parts, supergraph: { sdl, from }, ...(views && { views }) };
}

/**
 * Starts routers and stays until a signal (SIGINT, SIGTERM) or the end of the parent process stops it, within 4 s.
 * Where there is a parent it is sent `{ type: 'ready', name, url }` for each. What cannot start says why, and exits with 1.
 */
export async function runProcess(start: () => Promise<RunningServer>): Promise<void> {
  const starting = start();
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    // Whatever happens while stopping, this process is gone in time.
    setTimeout(() => process.exit(0), stopDeadline).unref();
    starting
      .then((server) => server.stop())
      .then(
        () => process.exit(0),
        () => process.exit(1),
      );
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
  if (process.connected) process.once('disconnect', stop);
  try {
    const { serves, leftRejection } = await starting;
    if (stopping) return;
    // By itself Node.js would end, and with it all that others have asked for.
    process.on('unhandledRejection', leftRejection ?? ((reason) => console.error(sentence(reason))));
    for (const { name, url } of serves) {
      if (process.connected) process.send?.({ type: 'ready', name, url });
      else console.log(`${name} answers on ${url}`);
    }
  } catch (error) {
    console.error(sentence(error));
    process.exit(1);
  }
}

async function readSamples({ samples, name }: BffDeclaration, folder: URL): Promise<string> {
  if (samples === undefined) return '';
  try {
    return await readFile(new URL(samples, folder), 'utf8');
  } catch {
    throw new StartupProblem(
      `The BFF "${name}" names "${samples}" as its samples, but there is no such file beside it.`,
    );
  }
}

/** The variables that say so, or the one by which the others' port is chosen. */
function chosenBy(port: number | undefined): string {
  const { port: own, adminPort, metricsPort } = readEnvironment();
  const ports = { PORT: own, ADMIN_PORT: adminPort, METRICS_PORT: metricsPort };
  const names = Object.entries(ports).filter(([, value]) => value !== undefined && value === port);
  return names.map(([name]) => name).join(' or ') || 'PORT';
}

function sentence(error: unknown): string {
  if (error instanceof StartupProblem) return error.message;
  if (!(error instanceof Error)) return String(error);
  const { code, port, address } = error as NodeJS.ErrnoException & { port?: number; address?: string };
  if (code === 'EADDRINUSE') {
    return `Port ${port} on ${address} is taken: stop what listens there, or choose another with ${chosenBy(port)}.`;
  }
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL')
    return `Cannot listen on ${address}, port ${port} (${code}).`;
  // Anything else is a bug of ours, and its trace is needed.
  return error.stack ?? error.message;
}
