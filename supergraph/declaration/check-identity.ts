// Owns finding everything that is wrong with a declared identity, in words that say how to put it right.

import { parseDuration } from '../foundation/duration.ts';
import { isRecord } from '../foundation/is-record.ts';
import { didYouMean } from '../foundation/suggest.ts';
import { unknownKeys } from './check-keys.ts';
import { isIdPrefix, sharedPrefixes } from './id-prefixes.ts';
import { type TokenIssuer, tokenAlgorithms } from './identity-declaration.ts';

const longestLeeway = 60_000;

/** All problems, each a sentence. The types are no promise: declarations are written in plain JavaScript too. */
export function checkIdentity(identity: unknown): string[] {
  if (identity === undefined) return [];
  const problems = unknownKeys(identity, ['issuers', 'algorithms', 'leeway', 'claims'], 'identity.');
  if (!isRecord(identity)) return problems;
  const { issuers, algorithms, leeway, claims } = identity;
  return [
    ...problems,
    ...checkIssuers(issuers),
    ...checkAlgorithms(algorithms),
    ...checkLeeway(leeway),
    ...checkClaims(claims),
  ];
}

function checkIssuers(issuers: unknown): string[] {
  if (!Array.isArray(issuers) || issuers.length === 0)
    return ['identity.issuers: must list at least one issuer.'];
  const names = issuers.map((one: unknown) => (isRecord(one) ? one['issuer'] : undefined));
  return [
    ...issuers.flatMap((one: unknown, index) => checkIssuer(one, `identity.issuers.${index}`)),
    ...names
      .filter((name, index) => isText(name) && names.indexOf(name) !== index)
      .map((name) => `identity.issuers: "${name}" is listed twice.`),
    ...sharedPrefixes(issuers.filter(hasUsablePrefix)).map((problem) => `identity.issuers: ${problem}`),
  ];
}

/** What is wrong with the others has its own sentence. */
function hasUsablePrefix(one: unknown): one is Pick<TokenIssuer, 'issuer' | 'prefix'> {
  return isRecord(one) && isText(one['issuer']) && (one['prefix'] === undefined || isIdPrefix(one['prefix']));
}

function checkIssuer(one: unknown, at: string): string[] {
  const problems = unknownKeys(one, ['issuer', 'audiences', 'jwks', 'prefix'], `${at}.`);
  if (!isRecord(one)) return problems;
  const { issuer, audiences, jwks, prefix } = one;
  if (!isText(issuer)) problems.push(`${at}.issuer: must be what tokens say as "iss".`);
  if (!Array.isArray(audiences) || audiences.length === 0 || !audiences.every(isText)) {
    problems.push(`${at}.audiences: must list at least one audience, as tokens say it in "aud".`);
  }
  if (jwks !== undefined && !isAddress(jwks)) {
    problems.push(`${at}.jwks: must be an address that starts with https:// or http://, without a password.`);
  }
  if (jwks === undefined && isText(issuer) && !isAddress(issuer)) {
    problems.push(
      `${at}.jwks: must say where the keys are, because the issuer is no address that could tell.`,
    );
  }
  if (prefix !== undefined && !isIdPrefix(prefix)) {
    problems.push(
      `${at}.prefix: must be 1 to 64 letters, digits and signs without spaces, such as 'partner:'.`,
    );
  }
  return problems;
}

function checkAlgorithms(algorithms: unknown): string[] {
  if (algorithms === undefined) return [];
  if (!Array.isArray(algorithms) || algorithms.length === 0) {
    return ['identity.algorithms: must list at least one algorithm.'];
  }
  const known: readonly string[] = tokenAlgorithms;
  return algorithms
    .filter((name: unknown) => !isText(name) || !known.includes(name))
    .map((name: unknown) => {
      const hint = isText(name) ? didYouMean(name, known) : '';
      return `identity.algorithms: ${JSON.stringify(name)} is none of ${known.join(', ')}.${hint}`;
    });
}

function checkLeeway(leeway: unknown): string[] {
  if (leeway === undefined) return [];
  const length = parseDuration(leeway);
  if (length !== undefined && length <= longestLeeway) return [];
  return [`identity.leeway: must be a duration of at most '60s', but is ${JSON.stringify(leeway)}.`];
}

function checkClaims(claims: unknown): string[] {
  if (claims === undefined) return [];
  const problems = unknownKeys(claims, ['id', 'roles', 'scopes'], 'identity.claims.');
  if (!isRecord(claims)) return problems;
  for (const key of ['id', 'roles', 'scopes']) {
    if (claims[key] !== undefined && !isText(claims[key])) {
      problems.push(`identity.claims.${key}: must be the name of a claim.`);
    }
  }
  return problems;
}

function isAddress(value: unknown): boolean {
  if (!isText(value) || !URL.canParse(value)) return false;
  const { protocol, username, password } = new URL(value);
  return ['https:', 'http:'].includes(protocol) && username === '' && password === '';
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
