// Owns what a subgraph's answer says in its headers about being kept.

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
  const said = directives(headers.get('cache-control') ?? '');
  const tags = (headers.get('surrogate-key') ?? '').split(/[\s,]+/).filter((tag) => tag !== '');
  const vary = (headers.get('vary') ?? '').toLowerCase().split(/\s*,\s*/);
  const isForbidden =
    said.has('no-store') ||
    said.has('no-cache') ||
    vary.includes('*') ||
    headers.has('set-cookie') ||
    tags.length > mostTags;
  const mustRevalidate = said.has('must-revalidate') || said.has('proxy-revalidate');
  const shared = said.has('s-maxage') ? 's-maxage' : 'max-age';
  const maxAge = said.has(shared) ? seconds(said.get(shared)) : undefined;
  const age = headers.has('age') ? seconds(headers.get('age')) : 0;
  const time = (name: string) => (mustRevalidate ? 0 : said.has(name) ? seconds(said.get(name)) : undefined);
  return {
    maxAge: isForbidden ? 0 : maxAge === undefined ? undefined : Math.max(0, maxAge - age),
    staleWhileRevalidate: time('stale-while-revalidate'),
    staleIfError: time('stale-if-error'),
    isPublic: !said.has('private') && !vary.includes('authorization') && !vary.includes('cookie'),
    tags,
  };
}

function directives(value: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, name = '', quoted, plain] of value.matchAll(
    /([\w-]+)(?:\s*=\s*(?:"([^"]*)"|([^\s,;]*)))?/g,
  )) {
    const key = name.toLowerCase();
    const given = quoted ?? plain ?? '';
    const before = found.get(key);
    // Said twice, the shorter time binds.
    found.set(key, before === undefined || seconds(given) < seconds(before) ? given : before);
  }
  return found;
}

/** In milliseconds. */
function seconds(text = ''): number {
  return /^\d{1,10}$/.test(text.trim()) ? Number(text.trim()) * 1000 : 0;
}
