// Owns what several answers that are put into one allow together: nothing that any of them alone would not.
import { type Directives, readDirectives, seconds } from './cache-control.ts';

const restrictions = ['no-cache', 'private', 'must-revalidate', 'proxy-revalidate', 'no-transform'];
const extraTimes = ['stale-while-revalidate', 'stale-if-error'];

/** The value of `cache-control` for a whole made of parts with these values, of which there is at least one. */
export function strictestCacheControl(values: readonly string[]): string {
  const parts = values.map(readDirectives);
  const any = (name: string): boolean => parts.some((part) => part.has(name));
  const all = (name: string): boolean => parts.every((part) => part.has(name));
  if (any('no-store') || parts.some((part) => part.size === 0)) return 'no-store';
  const result = restrictions.filter(any);
  if (!any('private') && all('public')) result.unshift('public');
  if (any('no-cache')) return result.join(', ');
  const shared = any('s-maxage') && !any('private');
  // A part without a time could be kept for as long as a cache guesses; beside one with a time it counts as no time.
  if (any('max-age') || shared) result.push(`max-age=${shortest(parts, (part) => seconds(part, 'max-age'))}`);
  if (shared) {
    const forAll = (part: Directives) => seconds(part, part.has('s-maxage') ? 's-maxage' : 'max-age');
    result.push(`s-maxage=${shortest(parts, forAll)}`);
  }
  for (const name of extraTimes.filter(all)) {
    result.push(`${name}=${shortest(parts, (part) => seconds(part, name))}`);
  }
  if (all('immutable')) result.push('immutable');
  // What is left says nothing that is known here, and so it does not say that the answer may be kept.
  return result.length === 0 ? 'no-store' : result.join(', ');
}

function shortest(parts: readonly Directives[], time: (part: Directives) => number): number {
  return Math.min(...parts.map(time));
}
