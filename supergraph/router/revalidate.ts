// Owns what lets clients keep answers to queries that came by GET: a tag of each, and 304 to whoever has it already.
import { createHash } from 'node:crypto';
import type { HandleRequest, HttpAnswer } from './handle-request.ts';

/** What an answer may depend on beside its address and what subgraphs get. */
const readHere = [
  'authorization',
  'accept',
  'apollographql-client-name',
  'apollographql-client-version',
  'x-deprecations',
];

/**
 * Answers to GET carry `etag` and, where nothing else is said of them, `cache-control: private, no-cache`: they may be
 * kept by whoever asked, and must be asked for again each time. Those with errors are not to be kept. `forwarded` names the
 * client's headers that subgraphs and views get.
 */
export function revalidate(handle: HandleRequest, forwarded: readonly string[]): HandleRequest {
  const vary = [...new Set([...readHere, ...forwarded])].join(', ');
  return async (request) => {
    const answer = await handle(request);
    if (request.method !== 'GET' || answer.isWhole !== true) return answer;
    const etag = `"${createHash('sha256')
      .update(answer.body ?? '')
      .digest('base64url')
      .slice(0, 27)}"`;
    const headers = [...kept(answer), ['etag', etag] as const, ['vary', vary] as const];
    if (!matches(request.headers['if-none-match'], etag)) return { ...answer, headers };
    return { status: 304, headers: headers.filter(([name]) => !name.startsWith('content-')) };
  };
}

/** Apollo Server says `no-store` of everything. */
function kept({ headers }: HttpAnswer): (readonly [name: string, value: string])[] {
  const lines = [...headers];
  const told = lines.filter(([name, value]) => name === 'cache-control' && value !== 'no-store');
  const others = lines.filter(([name]) => name !== 'cache-control');
  return [...others, told.at(-1) ?? ['cache-control', 'private, no-cache']];
}

function matches(given: string | undefined, etag: string): boolean {
  if (given === undefined) return false;
  return given.split(',').some((one) => ['*', etag, `W/${etag}`].includes(one.trim()));
}
