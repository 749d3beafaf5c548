// Owns the word that one subgraph gives another when it calls: signed as routers sign, for one body and half a minute.
import { createHash, createHmac } from 'node:crypto';
import { callerHead, callerKey } from './signed-caller.ts';

export interface SubgraphCall {
  /** Shared by routers and subgraphs. */
  secret: string;
  /** The subgraph that calls. */
  from: string;
  /** The subgraph that is called. */
  to: string;
  /** What the call may do. */
  scopes: readonly string[];
  /** The text that is sent. */
  body: string;
  /** Milliseconds since 1970. */
  now?: () => number;
}

/** Seconds that a call may take to reach its subgraph. */
const life = 30;

/** The value of `tributary-caller`. Nobody is its viewer: it speaks for the subgraph alone. */
export function signCall({ secret, from, to, scopes, body, now = Date.now }: SubgraphCall): string {
  const issuedAt = Math.floor(now() / 1000);
  const claims = Buffer.from(
    JSON.stringify({
      iss: from,
      aud: to,
      iat: issuedAt,
      exp: issuedAt + life,
      roles: [],
      scope: scopes.join(' '),
      body: createHash('sha256').update(body).digest('base64url'),
    }),
  ).toString('base64url');
  const signature = createHmac('sha256', callerKey(secret, to)).update(`${callerHead}.${claims}`);
  return `${callerHead}.${claims}.${signature.digest('base64url')}`;
}
