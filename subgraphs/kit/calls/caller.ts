// Owns who is calling: the bearer token of a request becomes a Caller; what a caller may do is decided in guard-schema.ts.
import { GraphQLError } from 'graphql';
import {
  createRemoteJWKSet,
  customFetch,
  errors,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose';
import { Agent, fetch } from 'undici';
import { isUserId } from './user-id.ts';

export interface Caller {
  /** null is somebody who did not sign in. */
  userId: string | null;
  /** As others see the person; null when the token does not say. */
  displayName: string | null;
  roles: readonly string[];
  scopes: ReadonlySet<string>;
}

/** Finds the public key a token was signed with, as jose's `createRemoteJWKSet` and `createLocalJWKSet` do. */
export type KeySet = JWTVerifyGetKey;

export interface TokenRules {
  keySet: KeySet;
  issuer: string;
  audience: string;
}

/** As routers have it for theirs. */
const mostKeyBytes = 256 * 1024;

function anonymousCaller(): Caller {
  return { userId: null, displayName: null, roles: [], scopes: new Set() };
}

/** The keys published at `url`, fetched when first needed and again for an unknown key; a fetch takes 2 s at most. */
export function remoteKeySet(url: string): KeySet {
  const dispatcher = new Agent({
    // Node has a variable that turns this off for a whole process.
    connect: { rejectUnauthorized: true, minVersion: 'TLSv1.2' },
    maxResponseSize: mostKeyBytes,
  });
  return createRemoteJWKSet(new URL(url), {
    timeoutDuration: 2_000,
    cooldownDuration: 1_000,
    [customFetch]: async (address, { headers, method, redirect, signal }) => {
      const options = { headers: [...headers], method, redirect, signal, dispatcher };
      const answer = await fetch(address, options);
      // To TypeScript undici's own is not Node's, which jose knows.
      return answer as unknown as Response;
    },
  });
}

/**
 * Reads an `Authorization` header. No header is an anonymous caller; a token must be ES256, unexpired, and of the
 * issuer and audience given. Throws GraphQLError UNAUTHENTICATED (HTTP 401) for a bad token, and
 * SUBGRAPH_UNAVAILABLE (HTTP 503) when the keys cannot be fetched: nobody is let in on doubt.
 */
export async function identifyCaller(
  authorization: string | undefined,
  { keySet, issuer, audience }: TokenRules,
): Promise<Caller> {
  if (authorization === undefined) return anonymousCaller();
  const token = /^Bearer +([^\s]+)$/i.exec(authorization)?.[1];
  if (!token) throw refused('The Authorization header must be "Bearer <token>".');
  try {
    const { payload } = await jwtVerify(token, keySet, {
      issuer,
      audience,
      algorithms: ['ES256'],
      requiredClaims: ['sub', 'exp'],
      clockTolerance: 5,
    });
    return callerOf(payload);
  } catch (error) {
    if (error instanceof GraphQLError) throw error;
    if (isTheTokensFault(error)) throw refused(sentenceFor(error), error);
    throw new GraphQLError('The token cannot be checked now: the key server does not answer.', {
      originalError: error instanceof Error ? error : null,
      extensions: { code: 'SUBGRAPH_UNAVAILABLE', http: { status: 503 } },
    });
  }
}

function callerOf({ sub, name, roles, scope }: JWTPayload): Caller {
  if (!isUserId(sub)) throw refused('The token names no user.');
  const isList = Array.isArray(roles) && roles.every((role) => typeof role === 'string');
  if (roles !== undefined && !isList) throw refused('The roles in the token are not a list.');
  if (scope !== undefined && typeof scope !== 'string')
    throw refused('The scope in the token is not a text.');
  const scopes = new Set(typeof scope === 'string' ? scope.split(' ').filter(Boolean) : []);
  return {
    userId: sub,
    displayName: typeof name === 'string' ? name : null,
    roles: isList ? roles : [],
    scopes,
  };
}

function isTheTokensFault(error: unknown): error is errors.JOSEError {
  const keysUnreachable =
    error instanceof errors.JWKSTimeout ||
    error instanceof errors.JWKSInvalid ||
    (error instanceof errors.JOSEError && error.code === 'ERR_JOSE_GENERIC');
  return error instanceof errors.JOSEError && !keysUnreachable;
}

function sentenceFor(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return 'The token has expired: sign in again.';
  return 'The token is not valid: sign in again.';
}

function refused(message: string, cause?: Error): GraphQLError {
  return new GraphQLError(message, {
    originalError: cause ?? null,
    extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } },
  });
}
