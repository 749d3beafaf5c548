// Owns finding out who asks: a bearer token becomes a viewer, or a reason why not; nobody is let in on doubt.
import type { IncomingHttpHeaders } from 'node:http';
import type { GraphQLError } from 'graphql';
import { decodeJwt, decodeProtectedHeader, errors, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import { reservedBeginnings } from '../declaration/id-prefixes.ts';
import type { IdentityDeclaration, TokenAlgorithm } from '../declaration/identity-declaration.ts';
import type { Clock } from '../foundation/clock.ts';
import { milliseconds } from '../foundation/duration.ts';
import { clientError } from '../foundation/errors.ts';
import { anonymous, type Viewer } from '../foundation/viewer.ts';
import type { KeySet } from './key-set.ts';
import { readViewer } from './read-viewer.ts';
import type { VerificationKey } from './verification-key.ts';

/**
 * Whoever sends a request with these headers (and `rawHeaders`, names and values by turns as they came); an error of the
 * table when that cannot be believed (UNAUTHENTICATED) or found out (IDENTITY_UNAVAILABLE), whose cause is a few words
 * without anything of the token. A promise only where a token was not seen before.
 */
export type Authenticate = (
  headers: IncomingHttpHeaders,
  rawHeaders: readonly string[],
) => Viewer | GraphQLError | Promise<Viewer | GraphQLError>;

export interface AuthenticateOptions {
  identity: Pick<IdentityDeclaration, 'issuers' | 'algorithms' | 'leeway' | 'claims'>;
  /** By issuer. */
  keySets: ReadonlyMap<string, KeySet>;
  clock: Clock;
}

interface Verified {
  viewer: Viewer;
  /** Milliseconds since 1970. */
  until: number;
  key: VerificationKey;
  keys: KeySet;
}

const scheme = /^Bearer +/i;
const longestToken = 8 * 1024;
const mostTokens = 10_000;
const mostCharacters = 10_000_000;
/** Checking a signature is work, and a token that names no key makes it as many times as there are keys. */
const mostCandidates = 8;
const usualAlgorithms: readonly TokenAlgorithm[] = ['ES256', 'RS256'];

export function createAuthenticate({ identity, keySets, clock }: AuthenticateOptions): Authenticate {
  const { issuers, algorithms = usualAlgorithms, leeway = '5s', claims } = identity;
  const believed = new Map(
    issuers.map((one) => [one.issuer, { ...one, reserved: reservedBeginnings(one, issuers) }]),
  );
  const clockTolerance = milliseconds(leeway) / 1000;
  const verified = new LRUCache<string, Verified>({
    max: mostTokens,
    maxSize: mostCharacters,
    sizeCalculation: (_, token) => token.length,
  });

  async function verify(token: string): Promise<Viewer | GraphQLError> {
    if (!/^[\w-]+\.[\w-]+\.[\w-]*$/.test(token)) return notBearer();
    const said = readUnverified(token);
    if (said === undefined) return refused('it cannot be read');
    const algorithm = algorithms.find((name) => name === said.alg);
    if (algorithm === undefined) return refused('its algorithm is not allowed');
    const keys = keySets.get(said.iss);
    const issuer = believed.get(said.iss);
    if (keys === undefined || issuer === undefined) return refused('nobody knows its issuer');
    const candidates = await keys.find(algorithm, said.kid);
    if (candidates === undefined)
      return clientError('IDENTITY_UNAVAILABLE', { cause: 'no keys could be had' });
    if (candidates.length === 0) return refused('its issuer has no such key');
    if (candidates.length > mostCandidates) return refused('it names no key, and there are too many');
    for (const key of candidates) {
      try {
        const { payload } = await jwtVerify(token, key.key, {
          algorithms: [algorithm],
          issuer: said.iss,
          audience: [...issuer.audiences],
          requiredClaims: ['exp'],
          clockTolerance,
          currentDate: new Date(clock.now()),
        });
        const viewer = readViewer(payload, claims, issuer.prefix);
        if (viewer === undefined) return refused('it names nobody, or has roles or scopes that are no lists');
        if (issuer.reserved.some((beginning) => viewer.id.startsWith(beginning)))
          return refused('its id begins as those of another issuer do');
        const until = (Number(payload.exp) + clockTolerance) * 1000;
        // A copy: what is cut out of a text keeps all of it.
        verified.set(Buffer.from(token).toString(), { viewer, until, key, keys });
        return viewer;
      } catch (error) {
        if (error instanceof errors.JWSSignatureVerificationFailed) continue;
        if (error instanceof errors.JWTExpired) {
          return refused('it has expired', 'The token has expired: sign in again.');
        }
        if (error instanceof errors.JWTClaimValidationFailed)
          return refused(`its ${error.claim} is not right`);
        if (error instanceof errors.JOSEError) return refused(error.code);
        throw error;
      }
    }
    return refused('its signature is not right');
  }

  return ({ authorization }, rawHeaders) => {
    if (authorization === undefined) return anonymous;
    // Node keeps the first of several; whoever stands before us may have looked at another.
    if (isRepeated(rawHeaders)) return refused('it came twice', 'There must be one Authorization header.');
    // One token in many spellings of the header is one.
    const token = authorization.replace(scheme, '');
    if (token.length === authorization.length) return notBearer();
    const known = verified.get(token);
    if (known !== undefined) {
      if (clock.now() < known.until && known.keys.has(known.key)) return known.viewer;
      verified.delete(token);
    }
    if (authorization.length > longestToken) return refused('it is too long', 'The token is too long.');
    return verify(token);
  };
}

interface Unverified {
  alg: unknown;
  kid: string | undefined;
  iss: string;
}

/** What a token says of itself; whoever wrote it may have written anything. */
function readUnverified(token: string): Unverified | undefined {
  try {
    const { alg, kid } = decodeProtectedHeader(token);
    const { iss } = decodeJwt(token);
    const isReadable = typeof iss === 'string' && (kid === undefined || typeof kid === 'string');
    return isReadable ? { alg, kid, iss } : undefined;
  } catch {
    return undefined;
  }
}

const name = 'authorization';

function isRepeated(rawHeaders: readonly string[]): boolean {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const given = rawHeaders[index] as string;
    if (given.length === name.length && given.toLowerCase() === name) count += 1;
  }
  return count > 1;
}

function notBearer(): GraphQLError {
  return refused('the header is something else', 'The Authorization header must be "Bearer <token>", once.');
}

/** `why` is for the log: what exactly is wrong with a made-up token, only those who make them up should like to know. */
function refused(why: string, reason = 'The token is not valid: sign in again.'): GraphQLError {
  return clientError('UNAUTHENTICATED', { reason, cause: why });
}
