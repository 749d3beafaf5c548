// Owns under which key a request is counted: whoever is counted together has the same, and nobody can be read from it.
import { createHash, createHmac } from 'node:crypto';
import { claimAt } from '../../foundation/claim-at.ts';
import type { Client } from '../../foundation/client-version.ts';
import type { Viewer } from '../../foundation/viewer.ts';
import { networkOf } from './network-of.ts';
import type { RateTerms } from './rate-terms.ts';

/** Of whom a request is. */
export interface Asker {
  viewer: Viewer;
  client: Client;
  /** The network address from which it came. */
  address: string;
}

export type KeyOf = (rate: RateTerms, asker: Asker) => string;

/**
 * `secret` makes keys that nobody can try addresses or ids for; replicas have the same. How much is allowed is not in the key, so
 * that a limit that is lowered holds at once.
 */
export function createKeyOf(bff: string, secret: string | undefined): KeyOf {
  return ({ name, per, window, kind }, asker) => {
    const text = JSON.stringify([bff, name, kind, window, ...whoOf(per, asker)]);
    const hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret);
    return hash.update(text).digest('base64url');
  };
}

/** Whether the rate is about this request. */
export function isFor(rate: Pick<RateTerms, 'for'>, { viewer, client }: Pick<Asker, 'viewer' | 'client'>) {
  const whom = rate.for;
  if (whom === undefined) return true;
  if ('client' in whom) return client.name === whom.client;
  const said = claimAt(viewer.claims, whom.claim) ?? [];
  // Of an object nothing can be said, and it may bring functions of its own.
  const values = [said].flat().flatMap((one) => (typeof one === 'object' ? [] : String(one)));
  if ('is' in whom) return values.includes(whom.is);
  return ![whom.isNot].flat().some((one) => values.includes(one));
}

function whoOf(per: RateTerms['per'], { viewer, client, address }: Asker): readonly unknown[] {
  if (per === 'address') return ['address', networkOf(address)];
  // All that do not say what they are, together.
  if (per === 'client') return ['client', client.name ?? null];
  if (typeof per === 'object') {
    const said = claimAt(viewer.claims, per.claim);
    if (said !== undefined && said !== null) return ['claim', viewer.claims['iss'] ?? null, said];
  }
  if (viewer.id === null) return ['address', networkOf(address)];
  return ['viewer', viewer.claims['iss'] ?? null, viewer.id];
}
