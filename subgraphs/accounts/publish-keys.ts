// Owns the accounts' key server: the public keys that every other service checks tokens with.
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { createLocalJWKSet, errors } from 'jose';
import type { Kysely } from 'kysely';
import type { KeySet } from '../kit/calls/caller.ts';
import type { AccountsTables } from './database.ts';
import { publicKeySet } from './signing-keys.ts';

type Database = Kysely<AccountsTables>;

/** How long others remember the keys, and accounts itself too. */
const REMEMBERED_SECONDS = 300;
const BETWEEN_READS_MS = 100;

/** Serves them at `/.well-known/jwks.json`. */
export function publishKeys(http: FastifyInstance, db: Database): void {
  http.get('/.well-known/jwks.json', async (_request, reply) => {
    const keys = await publicKeySet(db);
    return reply.header('cache-control', `public, max-age=${REMEMBERED_SECONDS}`).send(keys);
  });
}

/**
 * The keys for accounts itself, which must not ask itself over HTTP. They are read again after five minutes, and for a key
 * that is not among them, because another process may have rotated: ten times a second at most, all who ask wait for one.
 */
export function ownKeySet(db: Database): KeySet {
  let latest: { keySet: Promise<KeySet>; at: number } | undefined;
  let coming: Promise<KeySet> | undefined;

  function read(): Promise<KeySet> {
    const reading = { keySet: publicKeySet(db).then(createLocalJWKSet), at: performance.now() };
    latest = reading;
    reading.keySet.catch(() => {
      if (latest === reading) latest = undefined;
    });
    return reading.keySet;
  }
  async function readSoon(): Promise<KeySet> {
    const age = performance.now() - (latest?.at ?? 0);
    await delay(Math.max(0, BETWEEN_READS_MS - age));
    // Whoever asks from now on may mean a key that this reading does not find.
    coming = undefined;
    return read();
  }

  return async (header, token) => {
    const isOld = latest && performance.now() - latest.at >= REMEMBERED_SECONDS * 1000;
    const keySet = await (latest && !isOld ? latest.keySet : read());
    try {
      return await keySet(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      coming ??= readSoon();
      return (await coming)(header, token);
    }
  };
}
