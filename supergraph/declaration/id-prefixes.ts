// Owns which prefixes keep the ids of several issuers apart: the same id from two of them is two people.
import type { TokenIssuer } from './identity-declaration.ts';

type Prefixed = Pick<TokenIssuer, 'issuer' | 'prefix'>;

/** A space or a sign that nobody sees would make two prefixes look alike. */
export function isIdPrefix(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21-\x7e]{1,64}$/.test(value);
}

/** A sentence for each prefix that more than one issuer has; none is one that they can share, too. */
export function sharedPrefixes(issuers: readonly Prefixed[]): string[] {
  const byPrefix = new Map<string | undefined, string[]>();
  for (const { issuer, prefix } of issuers) {
    byPrefix.set(prefix, [...(byPrefix.get(prefix) ?? []), `"${issuer}"`]);
  }
  return [...byPrefix]
    .filter(([, names]) => names.length > 1)
    .map(([prefix, names]) => {
      const have = prefix === undefined ? 'have no prefix' : `have the prefix "${prefix}"`;
      return `${names.join(' and ')} ${have}: whoever has the same id there would be one viewer. Give each a prefix of its own, e.g. 'partner:'; one may go without.`;
    });
}

/**
 * Beginnings that an id of this issuer must not have, its prefix included: where it had, it would be somebody of another
 * issuer whose prefix begins with this one's.
 */
export function reservedBeginnings({ issuer, prefix = '' }: Prefixed, all: readonly Prefixed[]): string[] {
  return all.flatMap((other) =>
    other.issuer !== issuer && other.prefix?.startsWith(prefix) ? [other.prefix] : [],
  );
}
