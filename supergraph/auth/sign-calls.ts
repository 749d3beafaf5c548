// Owns what a router tells a subgraph about a call, and signs: who asks, through whom, for what, and until when.
import { createHash, createHmac, hkdfSync } from 'node:crypto';
import { anonymous } from '../foundation/viewer.ts';
import type { SignCall } from '../transport/http-client.ts';

export interface CallSigning {
  /** Shared with the subgraphs; each has a key of its own that is made from it. */
  secret: string;
  /** The router's name. */
  router: string;
  subgraph: string;
  /** Milliseconds since 1970. */
  now?: () => number;
}

/** Seconds that a call may take to reach its subgraph. */
const life = 30;
const head = encode({ alg: 'HS256', typ: 'caller+jwt' });

/**
 * Makes the value of `tributary-caller`: a JWT for this very body and subgraph, with the viewer as `sub` (left out for
 * somebody anonymous), `roles`, `scope`, `name`, the client as `client` and its network address as `address`.
 */
export function signCalls({ secret, router, subgraph, now = Date.now }: CallSigning): SignCall {
  const key = Buffer.from(hkdfSync('sha256', secret, '', `tributary caller ${subgraph}`, 32));
  return (body, { viewer = anonymous, headers }, clientAddress) => {
    const issuedAt = Math.floor(now() / 1000);
    const client = {
      name: headers['apollographql-client-name'],
      version: headers['apollographql-client-version'],
    };
    const claims = encode({
      iss: router,
      aud: subgraph,
      iat: issuedAt,
      exp: issuedAt + life,
      ...(viewer.id !== null && { sub: viewer.id }),
      roles: viewer.roles,
      scope: [...viewer.scopes].join(' '),
      name: viewer.claims['name'],
      client,
      address: clientAddress,
      body: createHash('sha256').update(body).digest('base64url'),
    });
    const signature = createHmac('sha256', key).update(`${head}.${claims}`).digest('base64url');
    return `${head}.${claims}.${signature}`;
  };
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
