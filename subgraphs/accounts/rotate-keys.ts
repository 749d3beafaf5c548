// Runs a rotation of the keys that sign tokens, whatever their age: `npx tsx subgraphs/accounts/rotate-keys.ts`.
import type { Kysely } from 'kysely';
import { openConfiguredDatabase } from '../kit/database/configured-database.ts';
import { environment } from '../kit/environment.ts';
import { failStart } from '../kit/process-life.ts';
import { accounts } from './accounts.ts';
import type { AccountsTables } from './database.ts';
import { rotateKeys } from './signing-keys.ts';

try {
  const { db, close } = await openConfiguredDatabase(accounts, environment);
  try {
    // Safe because it is accounts' own database, migrated by accounts.
    const kid = await rotateKeys(db as unknown as Kysely<AccountsTables>);
    process.stdout.write(
      kid
        ? `tokens are signed with the key ${kid} now\n`
        : 'another process rotates the keys in this moment\n',
    );
  } finally {
    await close();
  }
} catch (error) {
  await failStart('rotate-keys', error);
}
