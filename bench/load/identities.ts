// Owns who asks: tokens of people who are signed in, and the keys by which a gateway may check them.
import { createSign, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

export interface Identities {
  /** A file with one token a line. */
  file: string;
  /** Each token is another person's. */
  count: number;
  /** What a gateway that reads tokens must know, in the variables of ours. */
  variables: Record<'TOKEN_ISSUER' | 'TOKEN_AUDIENCE' | 'JWKS_URL', string>;
  /** A token; those that come in turn repeat only when all have had their turn. */
  next: () => string;
  /** The number of a token from which on so many have their turn. */
  take: (count: number) => number;
  stop: () => void;
}

/** More than a router remembers of those it has checked, so that each one has to be checked. */
const people = 60_000;
const issuer = 'https://bench.invalid';
const audience = 'bench';

export async function createIdentities(folder: string): Promise<Identities> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const now = Math.floor(Date.now() / 1000);
  const head = encode({ alg: 'ES256', kid: 'bench' });
  const tokens = Array.from({ length: people }, (_, index) => {
    const claims = {
      iss: issuer,
      aud: audience,
      sub: `user-${index}`,
      roles: ['CUSTOMER'],
      iat: now,
      exp: now + 86_400,
    };
    const signed = `${head}.${encode(claims)}`;
    const signature = createSign('sha256')
      .update(signed)
      .sign({ key: privateKey, dsaEncoding: 'ieee-p1363' });
    return `${signed}.${signature.toString('base64url')}`;
  });
  const file = join(folder, 'tokens.txt');
  await writeFile(file, tokens.join('\n'));
  const keys = [{ ...publicKey.export({ format: 'jwk' }), kid: 'bench', alg: 'ES256', use: 'sig' }];
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  let turn = 0;
  const take = (count: number): number => {
    const from = turn;
    turn = (turn + count) % people;
    return from;
  };
  return {
    file,
    count: people,
    variables: {
      TOKEN_ISSUER: issuer,
      TOKEN_AUDIENCE: audience,
      JWKS_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    },
    next: () => tokens[take(1)] ?? '',
    take,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
