// Owns what lets clients keep answers to queries that came by GET: a tag of each, and 304 to whoever has it already.
import { etagOf } from './etag.ts';
import type { HandleRequest, HttpAnswer } from './handle-request.ts';
import { writeHeader } from './kept-answers.ts';

/** What an answer may depend on beside its address and what subgraphs get. */
const readHere = [
  'authorization',
  'accept',
  'apollographql-client-name',
  'apollographql-client-version',
  'x-deprecations',
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

/**
 * Answers to GET carry `etag` and, where nothing else is said of them, `cache-control: private, no-cache`: they may be
 * kept by whoever asked, and must be asked for again each time. Those with errors are not to be kept. What all may keep says
 * so, for how long, and by which words it can be dropped (`surrogate-key`).
 */
export function revalidate(
  handle: HandleRequest,
  { forwarded, tellsClients, keeps }: Options,
): HandleRequest {
  const names = [...new Set([...readHere, ...(keeps ? readOfKept : []), ...forwarded])];
  const varyForEach = names.join(', ');
  // What is the same for everybody would be held once for each token.
  const isOfAll = (name: string) => name !== 'authorization' && (tellsClients || !ofClients.includes(name));
  const varyForAll = names.filter(isOfAll).join(', ');
  return async (request) => {
    const answer = await handle(request);
    if (request.method !== 'GET' || answer.isWhole !== true) return answer;
    const { keeping, etag = etagOf(answer.body ?? '') } = answer;
    const vary = keeping ? varyForAll : varyForEach;
    const headers = [...kept(answer), ['etag', etag] as const, ['vary', vary] as const];
    if (keeping) headers.push(['surrogate-key', keeping.keys]);
    if (!matches(request.headers['if-none-match'], etag)) return { ...answer, headers };
    return { status: 304, headers: headers.filter(([name]) => !name.startsWith('content-')) };
  };
}

/** Apollo Server says `no-store` of everything. */
function kept({ headers, keeping }: HttpAnswer): (readonly [name: string, value: string])[] {
  const lines = [...headers];
  const told = lines.filter(([name, value]) => name === 'cache-control' && value !== 'no-store');
  const others = lines.filter(([name]) => name !== 'cache-control');
  const said = told.at(-1) ?? (['cache-control', 'private, no-cache'] as const);
  return [...others, keeping ? ['cache-control', keeping.control] : said];
}

function matches(given: string | undefined, etag: string): boolean {
  if (given === undefined) return false;
  return given.split(',').some((one) => ['*', etag, `W/${etag}`].includes(one.trim()));
}
