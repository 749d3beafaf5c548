// Starts an identity provider under test: a real key server with a journal, keys that sign, and a clock of its own.
import { EventEmitter, once } from 'node:events';
import type { RequestListener } from 'node:http';
import {
  type CryptoKey,
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
} from 'jose';
import type { Clock } from '../../../supergraph/foundation/clock.ts';
import { startRawServer } from '../../supergraph/fixtures/raw-server.ts';

/** Stands still until it is moved. */
export class ManualClock implements Clock {
  private time = Date.now();
  private readonly waiting = new Set<{ at: number; callback: () => void }>();

  readonly now = (): number => this.time;

  readonly after = (milliseconds: number, callback: () => void): (() => void) => {
    const one = { at: this.time + milliseconds, callback };
    this.waiting.add(one);
    return () => this.waiting.delete(one);
  };

  advance(milliseconds: number): void {
    this.time += milliseconds;
    for (const one of [...this.waiting]) {
      if (one.at > this.time || !this.waiting.delete(one)) continue;
      one.callback();
    }
  }
}

export interface SigningKey {
  id: string | undefined;
  publicJwk: JWK;
  privateJwk: JWK;
  /** A token of these claims and whatever the header shall say beside or instead of `alg` and `kid`. */
  sign: (claims: JWTPayload, header?: Partial<JWTHeaderParameters>) => Promise<string>;
}

export async function makeKey(id: string | undefined, alg = 'ES256'): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const kid = id === undefined ? {} : { kid: id };
  return {
    id,
    publicJwk: { ...(await exportJWK(publicKey)), ...kid, alg, use: 'sig' },
    privateJwk: { ...(await exportJWK(privateKey)), ...kid, alg, use: 'sig' },
    sign: (claims, header = {}) => signWith(privateKey, claims, { alg, ...kid, ...header }),
  };
}

export function signWith(
  key: CryptoKey | Uint8Array,
  claims: JWTPayload,
  header: JWTHeaderParameters,
): Promise<string> {
  const crit = Object.fromEntries((header.crit ?? []).map((name) => [name, true]));
  return new SignJWT(claims).setProtectedHeader(header).sign(key, { crit });
}

export interface Provider {
  /** Without a path; what it calls itself in tokens. */
  issuer: string;
  jwksUrl: string;
  /** Paths that were asked for, in order. */
  journal: string[];
  /** What it publishes from now on. */
  publish: (...keys: readonly (SigningKey | JWK)[]) => void;
  /** Instead of keys, from now on; undefined for the keys again. */
  answerWith: (listener: RequestListener | undefined) => void;
  /** Resolves when it has been asked so many times in all. */
  asked: (times: number) => Promise<void>;
  stop: () => Promise<void>;
}

/** At `/keys`; discovery tells of it. */
export async function startProvider(...keys: readonly SigningKey[]): Promise<Provider> {
  const journal: string[] = [];
  const heard = new EventEmitter();
  let published: readonly JWK[] = [];
  let instead: RequestListener | undefined;
  const publish: Provider['publish'] = (...next) => {
    published = next.map((key) => ('publicJwk' in key ? (key as SigningKey).publicJwk : (key as JWK)));
  };
  publish(...keys);
  const server = await startRawServer((request, response) => {
    journal.push(request.url ?? '');
    heard.emit('asked');
    if (instead) return instead(request, response);
    const isDiscovery = request.url === '/.well-known/openid-configuration';
    const body = isDiscovery ? { issuer, jwks_uri: `${issuer}/keys` } : { keys: published };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
  });
  const issuer = new URL(server.url).origin;
  return {
    issuer,
    jwksUrl: `${issuer}/keys`,
    journal,
    publish,
    answerWith(listener) {
      instead = listener;
    },
    async asked(times) {
      while (journal.length < times) await once(heard, 'asked');
    },
    stop: server.stop,
  };
}
