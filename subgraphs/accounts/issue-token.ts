// Owns what a token says about a person and for how long.
import { importJWK, SignJWT } from 'jose';
import type { Kysely } from 'kysely';
import { environment } from '../kit/environment.ts';
import type { AccountsTables, Role, UserRow } from './database.ts';
import { displayNameOf } from './display-name.ts';
import { algorithm, signingKey } from './signing-keys.ts';

const merchandising = ['catalog:cost', 'inventory:write'];
const support = ['customers:read', 'orders:support'];

const scopesOf: Record<Role, string[]> = {
  CUSTOMER: [],
  MERCHANDISER: merchandising,
  SUPPORT: support,
  ADMIN: [...merchandising, ...support, 'customers:write'],
};

const lifeInSeconds = 15 * 60;

/** A JWT (ES256) with the person's display name, roles and their scopes, valid for a quarter of an hour. */
export async function issueToken(
  db: Kysely<AccountsTables>,
  user: Pick<UserRow, 'id' | 'name' | 'display_name' | 'roles'>,
): Promise<{ token: string; expiresAt: Date }> {
  const { id, roles } = user;
  const { kid, privateKey } = await signingKey(db);
  const now = Math.floor(Date.now() / 1000);
  const scopes = new Set(roles.flatMap((role) => scopesOf[role]));
  const token = await new SignJWT({ name: displayNameOf(user), roles, scope: [...scopes].join(' ') })
    .setProtectedHeader({ alg: algorithm, kid })
    .setSubject(id)
    .setIssuer(environment.tokenIssuer)
    .setAudience(environment.tokenAudience)
    .setIssuedAt(now)
    .setExpirationTime(now + lifeInSeconds)
    .sign(await importJWK({ ...privateKey }, algorithm));
  return { token, expiresAt: new Date((now + lifeInSeconds) * 1000) };
}
