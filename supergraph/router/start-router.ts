// Owns serving routers over HTTP: one server for one BFF, or for several that are told apart by their paths.
import cors from '@fastify/cors';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Clock, systemClock } from '../foundation/clock.ts';
import type { Environment } from '../foundation/environment.ts';
import { clientError } from '../foundation/errors.ts';
import { StartupProblem } from '../foundation/startup-problem.ts';
import { readTlsFiles } from '../foundation/tls-files.ts';
import type { Bus } from '../store/bus.ts';
import { createMemoryBus } from '../store/memory-bus.ts';
import { answerAtOnce } from './answer-at-once.ts';
import { createApp } from './create-app.ts';
import { type BffParts, createRouter, type Router, type RouterSurroundings } from './create-router.ts';
import { AnswerPacker } from './edge/pack-answer.ts';
import { safeHeaders } from './edge/safe-headers.ts';
import { endConnections, renewEdge } from './edge-tls.ts';
import { refuseTheRest, serveGraphQL } from './graphql-route.ts';
import { serveHealth } from './health.ts';
import { writeHeader } from './kept-answers.ts';
import { LeftRejections } from './left-rejections.ts';
import { serveAdmin } from './serve-admin.ts';
import { serveMetrics } from './serve-metrics.ts';
import { serveList, servePages } from './serve-pages.ts';

export interface ServerOptions {
  environment: Environment;
  /** By which tokens and keys are judged; the system's unless told. */
  clock?: Clock;
  /** By which routers of this process, and subgraphs in it, hear of changes where there is no Redis; its own unless told. */
  changes?: Bus;
}

export interface RouterOptions extends BffParts, ServerOptions {}

export interface ServedBff {
  name: string;
  /** Of its `/graphql`. */
  url: string;
}

export interface RunningServer {
  /** In the order in which they were given. */
  serves: readonly ServedBff[];
  /** Takes no new requests, lets running ones end for up to 3 s, and closes everything. May be called again. */
  stop: () => Promise<void>;
  /** Told and counted: for whoever owns the process, of promises that have failed and that nobody waits for. */
  leftRejection?: (reason: unknown) => void;
}

export type RunningRouter = ServedBff & Pick<RunningServer, 'stop'>;

const apolloExplorers = ['https://studio.apollographql.com', 'https://sandbox.embed.apollographql.com'];
const patience = 3000;

/** One router, at `/graphql`. Throws as startRouters does. */
export async function startRouter(options: RouterOptions): Promise<RunningRouter> {
  const { environment, clock, changes, ...parts } = options;
  const { serves, stop } = await startRouters([parts], {
    environment,
    ...(clock && { clock }),
    ...(changes && { changes }),
  });
  return { name: parts.bff.name, url: serves[0]?.url ?? '', stop };
}

/**
 * Starts routers; subgraphs may come later. A single one is at `/graphql`, several are at `/<name>/graphql`, each with
 * connections, planner and memory of its own; they listen where the first one's declaration says. Throws a StartupProblem
 * with everything that is wrong with the declarations and supergraphs; a port that is taken rejects with EADDRINUSE.
 */
export async function startRouters(
  bffs: readonly BffParts[],
  options: ServerOptions,
): Promise<RunningServer> {
  const { environment, clock = systemClock, changes = createMemoryBus() } = options;
  checkNames(bffs);
  const tls = environment.tls && (await readTlsFiles(environment.tls));
  const app = createApp(environment, tls);
  const endAll = tls ? endConnections(app) : () => app.server.closeAllConnections();
  const stopRenewing = environment.tls && tls && renewEdge(app, environment.tls, tls);
  let routers: readonly Router[] = [];
  const closing: (() => Promise<void>)[] = [];
  async function release(): Promise<void> {
    stopRenewing?.();
    await app.close();
    await Promise.all([...routers.map((router) => router.close()), ...closing.map((close) => close())]);
  }

  try {
    routers = await createAll(bffs, { environment, clock, changes, log: app.log });
    refuseTheRest(app);
    const packer = new AnswerPacker();
    const origins = allowedOrigins(environment);
    const isOne = routers.length === 1;
    const pathOf = ({ name }: Router): string => (isOne ? '' : `/${name}`);
    for (const router of routers) {
      const path = pathOf(router);
      await app.register(async (part) => serveRouter(part, router, { path, packer, origins }), {
        prefix: path,
      });
    }
    answerAtOnce(app, {
      doors: new Map(routers.flatMap((router) => (router.atOnce ? [[pathOf(router), router.atOnce]] : []))),
      headers: safeHeaders(tls !== undefined),
      packer,
    });
    if (!isOne) await serveTogether(app, routers, packer);
    const leftRejections = new LeftRejections(app.log);
    const metrics = await serveMetrics([...routers, leftRejections], environment);
    closing.push(metrics);
    closing.push(await serveAdmin(routers, environment, app.log));
    const { host, port = bffs[0]?.bff.port } = environment;
    const address = await app.listen({ host, port: port ?? 0 });
    let stopping: Promise<void> | undefined;
    return {
      serves: routers.map((router) => ({ name: router.name, url: `${address}${pathOf(router)}/graphql` })),
      stop: () => {
        stopping ??= withPatience(app, { release, endAll });
        return stopping;
      },
      leftRejection: (reason) => leftRejections.note(reason),
    };
  } catch (error) {
    await release();
    throw error;
  }
}

/** Paths tell BFFs apart, and logs do by name. */
function checkNames(bffs: readonly BffParts[]): void {
  const names = bffs.map(({ bff }) => bff.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new StartupProblem(`Two BFFs are called "${twice}": give one another name.`);
}

/** All or none; throws with the problems of all. */
async function createAll(
  bffs: readonly BffParts[],
  surroundings: RouterSurroundings,
): Promise<readonly Router[]> {
  const made = await Promise.allSettled(bffs.map((parts) => createRouter(parts, surroundings)));
  const routers = made.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const errors = made.flatMap((one): unknown[] => (one.status === 'rejected' ? [one.reason] : []));
  if (errors.length === 0) return routers;
  await Promise.all(routers.map((router) => router.close()));
  const [other] = errors.filter((error) => !(error instanceof StartupProblem));
  throw other ?? new StartupProblem(errors.map((error) => (error as StartupProblem).message).join('\n'));
}

interface Serving {
  /** Where its routes are, for its pages. */
  path: string;
  packer: AnswerPacker;
  origins: string[];
}

async function serveRouter(
  app: FastifyInstance,
  router: Router,
  { path, packer, origins }: Serving,
): Promise<void> {
  const { handle, tellsAddress, limits, probes, name, samples, tellsSchema } = router;
  await app.register(
    async (graphql) => {
      graphql.addHook('onRequest', objectToPreflight);
      // Of nothing else: what health and pages say is for no other site. Without credentials, since tokens are headers.
      await graphql.register(cors, {
        origin: origins,
        methods: ['GET', 'POST'],
        // Pages may read what they are to send back, and when they may come back.
        exposedHeaders: [writeHeader, 'retry-after', 'ratelimit', 'ratelimit-policy'],
        maxAge: 600,
      });
      serveGraphQL(graphql, handle, { tellsAddress, limits, packer });
    },
    { prefix: '/graphql' },
  );
  serveHealth(app, probes);
  await app.register(async (pages) => servePages(pages, { path, title: name, samples, tellsSchema }, packer));
}

/** What is about all of them. */
async function serveTogether(
  app: FastifyInstance,
  routers: readonly Router[],
  packer: AnswerPacker,
): Promise<void> {
  const probes = routers.flatMap(({ name, probes }) =>
    [...probes].map(([subgraph, probe]) => [`${name}: ${subgraph}`, probe] as const),
  );
  serveHealth(app, new Map(probes));
  const names = routers.map(({ name }) => name);
  await app.register(async (pages) => serveList(pages, names, packer));
}

/** Of what is no preflight CORS would say so in words of its own. */
async function objectToPreflight({ method, headers }: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (method !== 'OPTIONS' || (headers.origin && headers['access-control-request-method'])) return;
  reply.header('vary', 'Origin');
  const reason = 'OPTIONS is for pages of other origins: send "origin" and "access-control-request-method".';
  throw clientError('BAD_REQUEST', { reason });
}

function allowedOrigins({ production, corsOrigins }: Environment): string[] {
  return production ? [...corsOrigins] : [...apolloExplorers, ...corsOrigins];
}

async function withPatience(
  app: FastifyInstance,
  { release, endAll }: { release: () => Promise<void>; endAll: () => void },
): Promise<void> {
  // Closing ends only connections that are idle at that moment; those that become idle later would be kept alive.
  const sweep = setInterval(() => app.server.closeIdleConnections(), 50);
  const impatient = setTimeout(endAll, patience);
  try {
    await release();
  } finally {
    clearInterval(sweep);
    clearTimeout(impatient);
  }
}
