// Owns saying how often clients of a BFF may ask.
import type { BffDeclaration } from '../declaration/define-bff.ts';
import type { RateLimit } from '../declaration/limits-declaration.ts';
import type { Environment } from '../foundation/environment.ts';

/** Rows of what is said, and of where it comes from, in the order of the declaration. */
export function explainRates(
  { limits: { rates = {} } = {} }: BffDeclaration,
  { redis, trustedProxies }: Pick<Environment, 'redis' | 'trustedProxies'>,
): (readonly [key: string, value: string, from: string])[] {
  const declared = Object.entries(rates);
  if (declared.length === 0) return [['limits.rates', 'none', 'default']];
  const rows = declared.map(([name, rate]) => [`limits.rates.${name}`, inWords(rate), 'declared'] as const);
  const counted = redis ? 'for all replicas together' : 'in each process by itself';
  const believed = trustedProxies.length > 0 ? 'as trusted proxies say' : 'of whoever connects';
  return [
    ...rows,
    ['limits.rates counted', counted, redis ? 'REDIS_URL' : 'default'],
    ['limits.rates addresses', believed, trustedProxies.length > 0 ? 'TRUSTED_PROXIES' : 'default'],
  ];
}

function inWords(rate: RateLimit): string {
  const { per, of = 'operations', most, kind = 'window', away = 'open' } = rate;
  const whose = typeof per === 'string' ? per : `claim ${per.claim}`;
  const words = [`${most} ${whatOf(of)} in ${rate.in} per ${whose}`, kind];
  if (rate.for)
    words.push(
      'client' in rate.for
        ? `for client ${rate.for.client}`
        : 'is' in rate.for
          ? `for ${rate.for.claim} ${rate.for.is}`
          : `for ${rate.for.claim} other than ${[rate.for.isNot].flat().join(', ')}`,
    );
  words.push(away === 'open' ? 'answers while Redis is away' : 'refuses while Redis is away');
  return words.join(', ');
}

function whatOf(of: NonNullable<RateLimit['of']>): string {
  if (typeof of === 'string') return of === 'cost' ? 'points of cost' : of;
  return 'fields' in of ? `of ${of.fields.join(', ')}` : `of ${of.operations.join(', ')}`;
}
