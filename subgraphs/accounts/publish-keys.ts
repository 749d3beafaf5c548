// Owns the accounts' key server: the public keys that every other service checks tokens with.
import { createLocalJWKSet } from 'jose';
import type { SubgraphDefinition, SubgraphExtras } from '../kit/define-subgraph.ts';
import type { AccountsTables } from './database.ts';
import type { Loaders } from './loaders.ts';
import { ensureSigningKey, publicKeySet } from './signing-keys.ts';

type Start = NonNullable<SubgraphDefinition<AccountsTables, Loaders>['start']>;

/** Serves them at `/.well-known/jwks.json`, and gives them to accounts itself, which must not ask itself over HTTP. */
export const publishKeys: Start = async ({ db, http }): Promise<SubgraphExtras> => {
  await ensureSigningKey(db);
  http.get('/.well-known/jwks.json', async (_request, reply) => {
    return reply.header('cache-control', 'public, max-age=300').send(await publicKeySet(db));
  });
  return { keySet: createLocalJWKSet(await publicKeySet(db)) };
};
