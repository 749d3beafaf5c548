// Owns what lets clients, and caches on the way, keep answers to queries that came by GET: a tag of each, how long it is
// good, and 304 to whoever has it already.
import { createHash } from 'node:crypto';
import type { GraphQLHttpRequest, HandleRequest, HttpAnswer } from './handle-request.ts';
import { writeHeader } from './kept-answers.ts';

/** What an answer may depend on beside its address and what subgraphs get. */
const readHere = [
  'authorization',
  'accept',
  'accept-encoding',
  'apollographql-client-name',
  'apollographql-client-version',
  'x-deprecations',
  'x-cost',
];
/** Where subgraphs' answers are kept. */
const readOfKept = ['x-cache', writeHeader];
const ofClients = ['apollographql-client-name', 'apollographql-client-version'];

interface Options {
  /** Names of the client's headers that subgraphs and views get, in lower case. */
  forwarded: readonly string[];
  /** Whether something is said of clients, by their names and versions. */
  tellsClients: boolean;
  /** Whether subgraphs' answers are kept. */
  keeps: boolean;
}

/** Puts into a whole answer to GET what it needs to be kept. */
export type MakeKeepable = (answer: HttpAnswer) => HttpAnswer & { etag: string };

/**
 * Answers to GET carry `etag` and, where nothing else is said of them, `cache-control: private, no-cache`: they may be
 * kept by whoever asked, and must be asked for again each time. Those with errors are not to be kept. What all may keep says
 * so, for how long, and by which words it can be dropped (`surrogate-key`).
 */
export function createMakeKeepable({ forwarded, tellsClients, keeps }: Options): MakeKeepable {
  const names = [...new Set([...readHere, ...(keeps ? readOfKept : []), ...forwarded])];
  const varyForEach = names.join(', ');
  // What is the same for everybody would be held once for each token.
  const isOfAll = (name: string) => name !== 'authorization' && (tellsClients || !ofClients.includes(name));
  const varyForAll = names.filter(isOfAll).join(', ');
  return (answer) => {
    const { keeping } = answer;
    const hash = createHash('sha256').update(answer.body ?? '');
    const etag = `"${hash.digest('base64url').slice(0, 27)}"`;
    const vary = keeping ? varyForAll : varyForEach;
    const headers = [...kept(answer), ['etag', etag] as const, ['vary', vary] as const];
    if (keeping) headers.push(['surrogate-key', keeping.keys]);
    return { ...answer, headers, etag };
  };
}

export function revalidate(handle: HandleRequest, makeKeepable: MakeKeepable): HandleRequest {
  return async (request) => {
    const answer = await handle(request);
    if (request.method !== 'GET' || answer.isWhole !== true) return answer;
    const { etag } = answer;
    return unlessKnown(request, etag === undefined ? makeKeepable(answer) : { ...answer, etag });
  };
}

/** 304 in place of an answer that whoever asks has already. */
export function unlessKnown(
  { headers }: Pick<GraphQLHttpRequest, 'headers'>,
  answer: HttpAnswer & { etag: string },
): HttpAnswer {
  const known = matching(headers['if-none-match'], answer.etag);
  if (known === undefined) return answer;
  const others = [...answer.headers].filter(([name]) => !name.startsWith('content-'));
  return { status: 304, headers: others.map(([name, value]) => [name, name === 'etag' ? known : value]) };
}

/** Apollo Server says `no-store` of everything. */
function kept({ headers, keeping }: HttpAnswer): (readonly [name: string, value: string])[] {
  const lines = [...headers];
  const told = lines.filter(([name, value]) => name === 'cache-control' && value !== 'no-store');
  const others = lines.filter(([name]) => name !== 'cache-control');
  const said = told.at(-1) ?? (['cache-control', 'private, no-cache'] as const);
  return [...others, keeping ? ['cache-control', keeping.control] : said];
}

/** The tag as the client has it: that of a packed answer is a weak one. */
function matching(given: string | undefined, etag: string): string | undefined {
  const tags = given?.split(',').map((one) => one.trim()) ?? [];
  if (tags.includes(etag) || tags.includes('*')) return etag;
  return tags.includes(`W/${etag}`) ? `W/${etag}` : undefined;
}
