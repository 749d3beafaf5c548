// Owns what a subgraph's answer says in its headers about being kept.
import { isWhole, readDirectives, seconds, wholeSeconds } from '../transport/cache-control.ts';

/** The strictest that it may come to. */
export interface SubgraphTerms {
  /** Milliseconds; undefined where nothing is said. */
  maxAge: number | undefined;
  /** Milliseconds; undefined where nothing is said. */
  staleWhileRevalidate: number | undefined;
  staleIfError: number | undefined;
  isPublic: boolean;
  /** By which it can be dropped together with others. */
  tags: readonly string[];
}

/** More are not worth remembering, and the answer is kept by nobody then. */
const mostTags = 100;

/** Of headers in lower case; silence is no term, and what cannot be understood forbids. */
export function readTerms(headers: ReadonlyMap<string, string>): SubgraphTerms {
  const said = readDirectives(headers.get('cache-control') ?? '');
  const tags = (headers.get('surrogate-key') ?? '').split(/[\s,]+/).filter((tag) => tag !== '');
  const age = headers.get('age') ?? '0';
  const vary = (headers.get('vary') ?? '').toLowerCase().split(/\s*,\s*/);
  const isForbidden =
    said.has('no-store') ||
    said.has('no-cache') ||
    vary.includes('*') ||
    headers.has('set-cookie') ||
    !isWhole(age) ||
    tags.length > mostTags;
  const mustRevalidate = said.has('must-revalidate') || said.has('proxy-revalidate');
  const shared = said.has('s-maxage') ? 's-maxage' : 'max-age';
  const maxAge = said.has(shared) ? seconds(said, shared) * 1000 : undefined;
  const time = (name: string) =>
    mustRevalidate ? 0 : said.has(name) ? seconds(said, name) * 1000 : undefined;
  return {
    maxAge: isForbidden
      ? 0
      : maxAge === undefined
        ? undefined
        : Math.max(0, maxAge - wholeSeconds(age) * 1000),
    staleWhileRevalidate: time('stale-while-revalidate'),
    staleIfError: time('stale-if-error'),
    isPublic: !said.has('private') && !vary.includes('authorization') && !vary.includes('cookie'),
    tags,
  };
}
