// Owns how long a whole answer may be kept, and by whom: the strictest of its parts.
import type { Freshness, FreshPart } from '../foundation/freshness.ts';

export interface AnswerTerms {
  /** Whether it is the same for everybody. */
  isPublic: boolean;
  /** When its oldest part was read, and until when the first of them is good, in milliseconds since 1970. */
  readAt: number;
  freshUntil: number;
  /** Milliseconds from now on, when it is put together; 0 for not at all. */
  maxAge: number;
  /** Milliseconds after that. */
  staleWhileRevalidate: number;
  staleIfError: number;
  /** Milliseconds since its oldest part was read. */
  age: number;
  /** Whether something in it was too old; and whether that is because a subgraph failed. */
  isStale: boolean;
  hasFailed: boolean;
  /** Of the part that is over first: see HeldEntry. */
  why: string;
  marks: () => readonly string[];
}

/** `isForAll`: nothing in it depends on who asks, as far as rules know. */
export function answerTerms(freshness: Freshness, isForAll: boolean): AnswerTerms {
  const { parts } = freshness;
  const now = freshness.now();
  const least = (of: (part: FreshPart) => number) =>
    parts.reduce((sum, part) => Math.min(sum, of(part)), Number.POSITIVE_INFINITY);
  const isKept = parts.length > 0;
  const freshUntil = isKept ? least((part) => part.freshUntil) : 0;
  const readAt = Math.min(
    now,
    least((part) => part.readAt),
  );
  return {
    isPublic: isForAll && isKept && parts.every(({ isPublic }) => isPublic),
    ...{ readAt, freshUntil, age: now - readAt, maxAge: Math.max(0, freshUntil - now) },
    why: parts.find((part) => part.freshUntil === freshUntil)?.why ?? '',
    staleWhileRevalidate: isKept ? least((part) => part.staleWhileRevalidate) : 0,
    staleIfError: isKept ? least((part) => part.staleIfError) : 0,
    isStale: parts.some(({ stale }) => stale > 0),
    hasFailed: parts.some(({ failed }) => failed),
    marks: () => [...new Set(parts.flatMap(({ marks }) => [...marks()]))],
  };
}

/** More characters do not fit into the headers that servers on the way take. */
const longestKeys = 6_000;

/** For HTTP; undefined where nobody but the viewer may keep it, and they only to ask whether it is still the same. */
export function cacheControl(terms: AnswerTerms): string | undefined {
  const maxAge = seconds(terms.maxAge);
  if (!terms.isPublic || terms.isStale || maxAge === 0) return undefined;
  const further = [
    ['stale-while-revalidate', seconds(terms.staleWhileRevalidate)],
    ['stale-if-error', seconds(terms.staleIfError)],
  ] as const;
  const said = further.flatMap(([name, time]) => (time > 0 ? [`${name}=${time}`] : []));
  return ['public', `max-age=${maxAge}`, ...said].join(', ');
}

/** Marks as words that caches on the way can be told to drop; types alone where there are too many. */
export function surrogateKeys({ marks }: AnswerTerms): string {
  const all = marks().map((mark) => (mark.startsWith('#') ? mark.slice(1) : mark));
  const usable = all.filter((mark) => /^[\x21-\x7e]+$/.test(mark));
  const whole = usable.join(' ');
  if (whole.length <= longestKeys) return whole;
  // Each key's type is there too, as something of the type that has changed.
  const types = usable.filter((mark) => !mark.includes(':') || mark.endsWith(':*'));
  const some = usable.filter((mark) => mark.includes(':')).map((mark) => mark.slice(0, mark.indexOf(':')));
  return [...new Set([...types, ...some.map((type) => `${type}:*`)])].join(' ').slice(0, longestKeys);
}

/** Rounded down, so that nobody keeps it longer. */
function seconds(milliseconds: number): number {
  return Number.isFinite(milliseconds) ? Math.floor(milliseconds / 1000) : 0;
}
