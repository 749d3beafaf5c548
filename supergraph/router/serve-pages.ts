// Owns the addresses of the two explorers; what is on the pages is owned by sandbox-page.ts and explorer-page.ts.
import helmet, { type FastifyHelmetOptions } from '@fastify/helmet';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AnswerPacker, packedHeaders } from './edge/pack-answer.ts';
import { pagePolicy, type Sources } from './edge/page-policy.ts';
import { explorerPage } from './explorer-page.ts';
import { sandboxPage, sandboxSources } from './sandbox-page.ts';

export interface Page {
  /** Before `/graphql`. */
  path: string;
  title: string;
  /** GraphQL text. */
  samples: string;
  /** Whether the schema can be read from these pages. */
  tellsSchema: boolean;
}

/** Serves `/` (Apollo Sandbox) and `/explorer` (works without the internet). */
export async function servePages(
  app: FastifyInstance,
  page: Page,
  packer = new AnswerPacker(),
): Promise<void> {
  const show = await pageServer(app, packer);
  let explorer: Promise<ShownPage> | undefined;
  const sandbox = shown(sandboxPage(page), sandboxSources);
  app.get('/', (request, reply) => show(request, reply, sandbox));
  app.get('/explorer', async (request, reply) => {
    // Its editor has workers of its own, which it makes from its own text.
    explorer ??= explorerPage(page).then((text) => shown(text, { 'worker-src': ['blob:'] }));
    return show(request, reply, await explorer);
  });
}

/** Serves `/` with links to the pages of several routers. The names are those of BFFs: letters, digits and `-`. */
export async function serveList(
  app: FastifyInstance,
  names: readonly string[],
  packer: AnswerPacker,
): Promise<void> {
  const show = await pageServer(app, packer);
  const links = names.map((name) => `<li><a href="/${name}/">${name}</a></li>`).join('');
  const page = shown(
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>Routers</title><ul>${links}</ul></html>\n`,
  );
  app.get('/', (request, reply) => show(request, reply, page));
}

interface ShownPage {
  body: Buffer;
  policy: FastifyHelmetOptions;
}

type ShowPage = (request: FastifyRequest, reply: FastifyReply, page: ShownPage) => Promise<FastifyReply>;

function shown(page: string, sources: Sources = {}): ShownPage {
  return { body: Buffer.from(page), policy: pagePolicy(page, sources) };
}

/** To be called before the routes are told. */
async function pageServer(app: FastifyInstance, packer: AnswerPacker): Promise<ShowPage> {
  // What is no page goes without the steps that it takes.
  await app.register(helmet, { global: false });
  return async (request, reply, { body, policy }) => {
    await reply.helmet(policy);
    // It writes past Fastify, whose own headers would take their places.
    reply.headers(reply.raw.getHeaders());
    const packed = await packer.pack(request.headers['accept-encoding'], body, true);
    const headers = packed ? packedHeaders([], packed) : [['vary', 'accept-encoding'] as const];
    for (const [name, value] of headers) reply.header(name, value);
    return reply.type('text/html; charset=utf-8').send(packed?.body ?? body);
  };
}
