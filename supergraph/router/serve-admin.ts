// Owns the admin port: looking at what caches hold, and dropping it, for those alone who have its token.
import { createHash, timingSafeEqual } from 'node:crypto';
import fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { GraphQLError } from 'graphql';
import type { CacheDesk, Told } from '../cache/cache-desk.ts';
import type { Change } from '../cache/changes.ts';
import type { Environment } from '../foundation/environment.ts';
import { clientError, type ErrorCode, errorBody, errorRow } from '../foundation/errors.ts';
import { isRecord } from '../foundation/is-record.ts';
import { didYouMean } from '../foundation/suggest.ts';
import { answerBrokenRequests } from './edge/answer-broken-requests.ts';
import { boundConnections } from './edge/bound-connections.ts';
import { safeHeaders } from './edge/safe-headers.ts';
import { patientApp } from './edge/server-limits.ts';
import { answerFailure } from './graphql-route.ts';

export interface AdministeredBff {
  name: string;
  /** undefined for one that keeps nothing. */
  cache: CacheDesk | undefined;
}

const bodyLimit = 64 * 1024;
const usualMost = 100;
const mostOfAll = 1000;

/**
 * Serves, on ADMIN_PORT and to who sends `authorization: Bearer <ADMIN_TOKEN>`:
 *
 * - `GET /cache?mark=Product:p1&most=100`: `{ "bffs": { "<name>": HeldEntry[] } }`, what a purge of the mark would drop
 * - `POST /cache/purge` with `{ "keys": [], "types": [], "tags": [], "all": false, "bff": "<name>" }`, of which `bff` may
 *   always be left out, and the others but one: `{ "dropped": <how much was dropped here>, "told": Told }`
 *
 * Both say `"doubts": string[]` besides where something is named that is in no BFF's supergraph.
 *
 * What it gives ends that. A port that is taken rejects with EADDRINUSE.
 */
export async function serveAdmin(
  bffs: readonly AdministeredBff[],
  { host, adminPort, adminToken }: Pick<Environment, 'host' | 'adminPort' | 'adminToken'>,
  log: FastifyBaseLogger,
): Promise<() => Promise<void>> {
  if (adminPort === undefined || adminToken === undefined) return async () => {};
  const isAdmin = bearerCheck(adminToken);
  const headers = safeHeaders(false);
  const app = fastify({
    ...patientApp,
    clientErrorHandler: answerBrokenRequests(headers),
    bodyLimit,
    forceCloseConnections: true,
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    // No hook has seen those.
    frameworkErrors: (error, request, reply) =>
      answerRefusal(isAdmin(request) ? badRequest(error.message) : unauthenticated(reply), request, reply),
  });
  boundConnections(app.server, headers);
  // It would be read as a text otherwise, and refused with words about JSON.
  app.removeContentTypeParser('text/plain');
  // Before the body: nothing of a stranger's is read.
  app.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    for (const [name, value] of headers) reply.header(name, value);
    if (!isAdmin(request)) throw unauthenticated(reply);
  });
  app.setNotFoundHandler(() => Promise.reject(clientError('ROUTE_NOT_FOUND')));
  app.setErrorHandler(answerRefusal);
  app.get('/cache', async ({ query }) => {
    const { mark, most } = readLook(query);
    const held = bffs.map(async ({ name, cache }) => [name, (await cache?.held(mark, most)) ?? []]);
    return { bffs: Object.fromEntries(await Promise.all(held)), ...doubtsAbout([mark], bffs) };
  });
  app.post('/cache/purge', async ({ body, log }) => {
    const { change, bff } = readPurge(body);
    const drops = await Promise.all(desksOf(bffs, bff).map((desk) => desk.drop(change)));
    const answer = {
      dropped: drops.reduce((sum, { dropped }) => sum + dropped, 0),
      told: leastTold(drops.map(({ told }) => told)),
    };
    log.info({ change, bff, ...answer }, 'what is kept was dropped at the admin port');
    const { keys = [], types = [] } = change;
    return { ...answer, ...doubtsAbout([...keys, ...types], bffs) };
  });
  await app.listen({ host, port: adminPort });
  return () => app.close();
}

function leastTold(told: readonly Told[]): Told {
  if (told.includes('unsure')) return 'unsure';
  return told.includes('none') ? 'none' : 'all';
}

/** What one BFF knows is in no doubt. */
function doubtsAbout(marks: readonly string[], bffs: readonly AdministeredBff[]): { doubts?: string[] } {
  const desks = bffs.flatMap(({ cache }) => cache ?? []);
  const doubts = marks.flatMap((mark) => {
    const [first, ...others] = desks.map((desk) => desk.doubt(mark));
    return first !== undefined && others.every((other) => other !== undefined) ? [first] : [];
  });
  return doubts.length > 0 ? { doubts: [...new Set(doubts)] } : {};
}

/** How long it takes tells nothing about how much of a token was right. */
function bearerCheck(token: string): (request: FastifyRequest) => boolean {
  const hashed = (value: string): Buffer => createHash('sha256').update(value).digest();
  const expected = hashed(token);
  return ({ headers: { authorization = '' } }) => {
    const [, given] = /^bearer +(.+)$/i.exec(authorization) ?? [];
    return given !== undefined && timingSafeEqual(hashed(given), expected);
  };
}

function unauthenticated(reply: FastifyReply): GraphQLError {
  reply.header('www-authenticate', 'Bearer');
  return clientError('UNAUTHENTICATED', {
    reason: 'Send the token of the admin port, as "authorization: Bearer <token>".',
  });
}

const badRequest = (reason: string): GraphQLError => clientError('BAD_REQUEST', { reason });

function answerRefusal(
  error: FastifyError | GraphQLError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const code = error instanceof GraphQLError ? error.extensions['code'] : undefined;
  const row = errorRow(code);
  if (row === undefined) return answerFailure(error as FastifyError, request, reply);
  return reply.code(row.status).send(errorBody(code as ErrorCode, error.message));
}

function readLook(query: unknown): { mark: string; most: number } {
  const { mark, most, ...others } = isRecord(query) ? query : {};
  const [other] = Object.keys(others);
  if (other !== undefined) {
    throw badRequest(`There is no parameter "${other}".${didYouMean(other, ['mark', 'most'])}`);
  }
  if (typeof mark !== 'string' || mark === '') {
    throw badRequest('Say once what to look for: ?mark=Product:p1, Product, %23tag or *.');
  }
  if (most === undefined) return { mark, most: usualMost };
  const number = Number(most);
  if (typeof most === 'string' && /^\d+$/.test(most) && number >= 1 && number <= mostOfAll) {
    return { mark, most: number };
  }
  throw badRequest(`"most" must be a whole number from 1 to ${mostOfAll}.`);
}

const lists = {
  // Lists that may hold any product have the mark Product:*, and the products themselves do not.
  keys: {
    of: /^[_a-z]\w*:(?!\*$)./is,
    words: 'entities such as "Product:p1"; all of a type stand in "types"',
  },
  types: {
    of: /^[_a-z]\w*(\.[_a-z]\w*)?$/i,
    words: 'types such as "Product", or fields as "Query.products"',
  },
  tags: { of: /./s, words: 'tags' },
};
const members = [...Object.keys(lists), 'all', 'bff'];

function readPurge(body: unknown): { change: Change; bff: string | undefined } {
  if (!isRecord(body)) throw badRequest('The body must be a JSON object that says what to drop.');
  const unknown = Object.keys(body).find((name) => !members.includes(name));
  if (unknown !== undefined) {
    throw badRequest(`The body may not have a member "${unknown}".${didYouMean(unknown, members)}`);
  }
  const { all = false, bff } = body;
  if (typeof all !== 'boolean') throw badRequest('"all" must be true or false.');
  if (bff !== undefined && typeof bff !== 'string') throw badRequest('"bff" must be the name of a BFF.');
  const [keys, types, tags] = [readList(body, 'keys'), readList(body, 'types'), readList(body, 'tags')];
  if (!all && keys.length + types.length + tags.length === 0) {
    throw badRequest('Say what to drop: "keys", "types", "tags", or "all": true.');
  }
  return { change: { keys, types, tags, all }, bff };
}

function readList(body: Record<string, unknown>, name: keyof typeof lists): string[] {
  const { [name]: list = [] } = body;
  const { of, words } = lists[name];
  const isPart = (one: unknown): one is string => typeof one === 'string' && of.test(one);
  if (Array.isArray(list) && list.every(isPart)) return list;
  throw badRequest(`"${name}" must be a list of ${words}.`);
}

/** At least one. */
function desksOf(bffs: readonly AdministeredBff[], wanted: string | undefined): CacheDesk[] {
  const chosen = bffs.filter(({ name }) => wanted === undefined || name === wanted);
  if (chosen.length === 0) {
    const names = bffs.map(({ name }) => name);
    throw badRequest(`There is no BFF "${wanted}" here.${didYouMean(wanted ?? '', names)}`);
  }
  const desks = chosen.flatMap(({ cache }) => cache ?? []);
  if (desks.length > 0) return desks;
  throw badRequest(`Nothing is kept by ${chosen.map(({ name }) => name).join(', ')}: there is no cache.`);
}
