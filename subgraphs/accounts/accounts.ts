// Puts the parts of accounts together; each part is in the file of its name.
import type { Kysely } from 'kysely';
import { defineSubgraph } from '../kit/define-subgraph.ts';
import type { AccountsTables } from './database.ts';
import { loaders } from './loaders.ts';
import { people } from './migrations/0001-people.ts';
import { sessions } from './migrations/0002-sessions.ts';
import { erasures } from './migrations/0003-erasures.ts';
import { makePasswords, type PasswordCost } from './passwords.ts';
import { permissions } from './permissions.ts';
import { personalData } from './personal-data.ts';
import { resolversWith } from './resolvers.ts';
import { seed } from './seed.ts';
import { startAccounts } from './start-accounts.ts';

/** Accounts as it is run, but for what a new password's hash costs. */
export function accountsWith({ passwordCost }: { passwordCost?: PasswordCost } = {}) {
  const passwords = makePasswords(passwordCost);
  return defineSubgraph({
    name: 'accounts',
    folder: new URL('.', import.meta.url),
    migrations: { '0001-people': people, '0002-sessions': sessions, '0003-erasures': erasures },
    seed: (db: Kysely<AccountsTables>) => seed(db, passwords),
    loaders,
    resolvers: resolversWith(passwords),
    permissions,
    personalData,
    start: startAccounts,
  });
}

export const accounts = accountsWith();
