// Owns the addresses of the two explorers; what is on the pages is owned by sandbox-page.ts and explorer-page.ts.
import type { FastifyInstance, FastifyReply } from 'fastify';
import { explorerPage } from './explorer-page.ts';
import { sandboxPage } from './sandbox-page.ts';

export interface Page {
  /** Before `/graphql`. */
  path: string;
  title: string;
  /** GraphQL text. */
  samples: string;
}

/** Serves `/` (Apollo Sandbox) and `/explorer` (works without the internet). */
export function servePages(app: FastifyInstance, page: Page): void {
  let explorer: Promise<Buffer> | undefined;
  const sandbox = sandboxPage(page);
  app.get('/', async (_request, reply) => html(reply).send(sandbox));
  app.get('/explorer', async (_request, reply) => {
    explorer ??= explorerPage(page).then((text) => Buffer.from(text));
    return html(reply).send(await explorer);
  });
}

/** Serves `/` with links to the pages of several routers. The names are those of BFFs: letters, digits and `-`. */
export function serveList(app: FastifyInstance, names: readonly string[]): void {
  const links = names.map((name) => `<li><a href="/${name}/">${name}</a></li>`).join('');
  const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Routers</title><ul>${links}</ul></html>\n`;
  app.get('/', async (_request, reply) => html(reply).send(page));
}

function html(reply: FastifyReply): FastifyReply {
  return reply
    .type('text/html; charset=utf-8')
    .header('content-security-policy', "frame-ancestors 'none'")
    .header('x-content-type-options', 'nosniff');
}
