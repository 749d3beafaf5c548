// Owns what accounts does beside answering: its keys are there and published, who is to be erased is erased everywhere, and
// once an hour it tidies up.
import type { Kysely } from 'kysely';
import { checkCalls } from '../kit/calls/call-subgraph.ts';
import { subgraphAddresses } from '../kit/calls/subgraph-addresses.ts';
import type { SubgraphDefinition, SubgraphExtras } from '../kit/define-subgraph.ts';
import { ensureHashKey } from './address-hash.ts';
import type { AccountsTables } from './database.ts';
import { eraseEverywhere, HOME } from './erase-everywhere.ts';
import type { Loaders } from './loaders.ts';
import { ownKeySet, publishKeys } from './publish-keys.ts';
import { forgetSessions } from './sessions.ts';
import { forgetSignIns } from './sign-in-events.ts';
import { ensureSigningKeys, forgetKeys, rotateKeys } from './signing-keys.ts';
import { forgetTries } from './slow-down.ts';

type Start = NonNullable<SubgraphDefinition<AccountsTables, Loaders>['start']>;

const HOUR_MS = 3_600_000;

export const startAccounts: Start = async ({ db, http, changed }): Promise<SubgraphExtras> => {
  // Whoever leaves must not be the first to hear that others cannot be called.
  const { [HOME]: _, ...others } = Object.fromEntries(await subgraphAddresses());
  await checkCalls(new Map(Object.entries(others)));
  await ensureHashKey(db);
  await ensureSigningKeys(db);
  await tidyUp(db);
  let tidying = Promise.resolve();
  const timer = setInterval(() => {
    tidying = tidyUp(db).catch((error: unknown) => http.log.error(error));
  }, HOUR_MS).unref();
  publishKeys(http, db);
  const erasing = eraseEverywhere(db, changed, http.log);
  return {
    keySet: ownKeySet(db),
    async stop() {
      clearInterval(timer);
      await erasing.stop();
      await tidying;
    },
  };
};

/** Any number of processes may do this at once. */
async function tidyUp(db: Kysely<AccountsTables>): Promise<void> {
  await rotateKeys(db, { onlyIfDue: true });
  await forgetKeys(db);
  await forgetSessions(db);
  await forgetTries(db);
  await forgetSignIns(db);
}
