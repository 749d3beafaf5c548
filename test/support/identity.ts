// Owns a stand-in for accounts' keys in tests: a key server on a free port, and tokens signed with its key.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

export const ISSUER = 'tributary-accounts';
export const AUDIENCE = 'tributary';

export interface Claims {
  userId: string;
  displayName?: string;
  roles?: readonly string[];
  scopes?: readonly string[];
  /** As jose reads it: '1h', or seconds since 1970. */
  expiresIn?: string | number;
  /** Claims that replace the ones made from the above. */
  raw?: JWTPayload;
}

export interface TestIdentity {
  jwksUrl: string;
  issuer: string;
  audience: string;
  tokenFor: (claims: Claims) => Promise<string>;
  stop: () => Promise<void>;
}

export async function startTestIdentity(): Promise<TestIdentity> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const key = { ...(await exportJWK(publicKey)), kid: 'test', alg: 'ES256', use: 'sig' };
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [key] }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    jwksUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/.well-known/jwks.json`,
    issuer: ISSUER,
    audience: AUDIENCE,
    tokenFor: ({ userId, displayName, roles = [], scopes = [], expiresIn = '1h', raw = {} }) =>
      new SignJWT({
        ...(displayName && { name: displayName }),
        roles,
        scope: scopes.join(' '),
        iss: ISSUER,
        aud: AUDIENCE,
        sub: userId,
        ...raw,
      })
        .setProtectedHeader({ alg: 'ES256', kid: 'test' })
        .setIssuedAt()
        .setExpirationTime(expiresIn)
        .sign(privateKey),
    async stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
