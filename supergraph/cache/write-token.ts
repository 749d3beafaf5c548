// Owns the token of a write: whoever sends it back is answered with what is true since then, whichever replica they ask.
import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { FreshnessOptions } from '../foundation/freshness.ts';

export interface WriteTokens {
  /** For whoever has changed something now. */
  give: () => string;
  /** How fresh an answer must be for whoever sends this; of one that is none, or that is old, no fresher than any. */
  read: (token: string | undefined) => FreshnessOptions;
}

/** Milliseconds after which all replicas have heard of a write, with some for clocks that do not agree. */
const lifetime = 30_000;

export interface WriteTokenOptions {
  /** Milliseconds since 1970. */
  now: () => number;
  /** Whether all changes of this process have reached the others. */
  isAllTold: () => boolean;
  /** By which tokens are signed; see tokenKey. */
  key: Buffer | undefined;
}

/** `now` is the time of all replicas, not of this process alone. */
export function writeTokens({ now, isAllTold, key }: WriteTokenOptions): WriteTokens {
  const signed = (text: string) => (key === undefined ? text : `${text}.${signatureOf(text, key)}`);
  return {
    give: () => signed(`${now().toString(36)}${isAllTold() ? '' : '-'}`),
    read(token = '') {
      const [, text = '', moment = '', isUntold] =
        /^(([0-9a-z]{6,12})(-?))(?:\.[\w-]{22})?$/.exec(token) ?? [];
      if (text === '' || Math.abs(now() - Number.parseInt(moment, 36)) > lifetime) return {};
      if (key !== undefined && !isEqual(token, signed(text))) return {};
      return { isReadThrough: true, ...(isUntold && { patience: 0 }) };
    },
  };
}

/**
 * All who have the same secret believe each other's tokens. Without one anybody can make them, which is for development
 * alone: in production only what this process has given is believed then. undefined for tokens that are not signed.
 */
export function tokenKey(secret: string | undefined, production: boolean): Buffer | undefined {
  if (secret !== undefined) return Buffer.from(hkdfSync('sha256', secret, '', 'tributary write', 32));
  return production ? randomBytes(32) : undefined;
}

function signatureOf(text: string, key: Buffer): string {
  return createHmac('sha256', key).update(text).digest().subarray(0, 16).toString('base64url');
}

function isEqual(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
