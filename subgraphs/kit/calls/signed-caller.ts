// Owns believing routers: a signed call says who asks, and is good for one body, one subgraph and half a minute.
import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { GraphQLError } from 'graphql';
import type { Caller } from './caller.ts';
import { isUserId } from './user-id.ts';

export interface SignedCall {
  caller: Caller;
  /** The client's network address, where the router says it. */
  clientAddress: string | undefined;
}

/** Throws GraphQLError UNAUTHENTICATED (HTTP 401) for whatever is wrong with it, all in the same words. */
export type ReadSignedCall = (header: string, body: string) => SignedCall;

/** The one header that a router writes: nobody else chooses how this is signed. */
export const callerHead = Buffer.from('{"alg":"HS256","typ":"caller+jwt"}').toString('base64url');
/** Seconds that clocks may be apart. */
const leeway = 5;

/** What calls to this subgraph are signed with, and no others. */
export function callerKey(secret: string, subgraph: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `tributary caller ${subgraph}`, 32));
}

/** `secret` is shared with the routers; the key is this subgraph's own. `now` is in milliseconds since 1970. */
export function signedCallReader(
  secret: string,
  subgraph: string,
  now: () => number = Date.now,
): ReadSignedCall {
  const key = callerKey(secret, subgraph);
  return (header, body) => {
    const [given, claims = '', signature = '', ...more] = header.split('.');
    const expected = createHmac('sha256', key).update(`${callerHead}.${claims}`).digest();
    const isSigned = isSame(Buffer.from(signature, 'base64url'), expected);
    if (given !== callerHead || more.length > 0 || !isSigned) throw notBelieved();
    const said: unknown = JSON.parse(Buffer.from(claims, 'base64url').toString());
    if (!isCall(said)) throw notBelieved();
    const seconds = now() / 1000;
    const isNow = said.iat - leeway <= seconds && seconds <= said.exp + leeway;
    const digest = createHash('sha256').update(body).digest('base64url');
    if (!isNow || said.aud !== subgraph || said.body !== digest) throw notBelieved();
    return {
      caller: {
        userId: said.sub ?? null,
        displayName: said.name ?? null,
        roles: said.roles,
        scopes: new Set(said.scope.split(' ').filter(Boolean)),
      },
      clientAddress: said.address,
    };
  };
}

/** For a call that must be signed and is not, too. */
export function notBelieved(): GraphQLError {
  return new GraphQLError('This call does not come from a router of ours, or not in time.', {
    extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } },
  });
}

function isSame(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}

interface Call {
  aud: string;
  iat: number;
  exp: number;
  body: string;
  roles: string[];
  scope: string;
  sub?: string;
  name?: string;
  address?: string;
}

function isCall(said: unknown): said is Call {
  if (typeof said !== 'object' || said === null) return false;
  const { aud, iat, exp, body, roles, scope, sub, name, address } = said as Record<string, unknown>;
  const areTexts = [aud, body, scope].every((value) => typeof value === 'string');
  const areTextsIfThere = [name, address].every((value) => value === undefined || typeof value === 'string');
  const areRoles = Array.isArray(roles) && roles.every((role) => typeof role === 'string');
  const isSomebody = sub === undefined || isUserId(sub);
  const areTimes = typeof iat === 'number' && typeof exp === 'number';
  return areTexts && areTextsIfThere && areRoles && isSomebody && areTimes;
}
