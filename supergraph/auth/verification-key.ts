// Owns reading a JWKS document: which of its keys can check tokens, and of which algorithms.

import { createPublicKey, type KeyObject } from 'node:crypto';
import type { TokenAlgorithm } from '../declaration/identity-declaration.ts';
import { isRecord } from '../foundation/is-record.ts';

export interface VerificationKey {
  /** The issuer's name for it. */
  id: string | undefined;
  algorithms: readonly TokenAlgorithm[];
  key: KeyObject;
  /** The same for the same key, its name included. */
  text: string;
}

const byCurve: Readonly<Record<string, readonly TokenAlgorithm[]>> = {
  'P-256': ['ES256'],
  'P-384': ['ES384'],
  'P-521': ['ES512'],
  Ed25519: ['EdDSA'],
};
const rsaAlgorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'] as const;
const leastRsaBits = 2048;
/** Only these are read: whatever else a provider publishes, no private part of a key gets in here. */
const publicMembers = ['kty', 'crv', 'x', 'y', 'n', 'e'] as const;
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'] as const;
const mostKeys = 100;

/** Usable keys of a JWKS document; `before` are those of the last one, which stay the same objects. Throws for no JWKS. */
export function readKeySet(document: unknown, before: readonly VerificationKey[]): VerificationKey[] {
  const keys: unknown = isRecord(document) ? document['keys'] : undefined;
  if (!Array.isArray(keys)) throw new Error('It is no JWKS document: it has no list of keys.');
  if (keys.length > mostKeys) throw new Error(`It lists more than ${mostKeys} keys.`);
  const known = new Map(before.map((key) => [key.text, key]));
  return keys.flatMap((jwk: unknown) => {
    const key = isRecord(jwk) ? readKey(jwk) : undefined;
    return key ? [known.get(key.text) ?? key] : [];
  });
}

/** undefined for a key that is not public, not for signatures, too weak, or of a kind that is not used here. */
function readKey(jwk: Readonly<Record<string, unknown>>): VerificationKey | undefined {
  const { kid, kty, crv, alg, use, key_ops: operations } = jwk;
  if (privateMembers.some((member) => jwk[member] !== undefined)) return undefined;
  if (use !== undefined && use !== 'sig') return undefined;
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify')))
    return undefined;
  if (kid !== undefined && typeof kid !== 'string') return undefined;
  const possible = kty === 'RSA' ? rsaAlgorithms : (byCurve[typeof crv === 'string' ? crv : ''] ?? []);
  const algorithms = possible.filter((name) => alg === undefined || alg === name);
  if (algorithms.length === 0) return undefined;
  const members = Object.fromEntries(publicMembers.map((member) => [member, jwk[member]]));
  const key = publicKey(members);
  const bits = key?.asymmetricKeyDetails?.modulusLength ?? leastRsaBits;
  if (key === undefined || bits < leastRsaBits) return undefined;
  return { id: kid, algorithms, key, text: JSON.stringify([kid, algorithms, members]) };
}

function publicKey(members: Record<string, unknown>): KeyObject | undefined {
  try {
    return createPublicKey({ key: members, format: 'jwk' });
  } catch {
    return undefined;
  }
}
