// Holds sessions to a small model: several clients refresh, reuse, wait and sign out at random, over HTTP, on every engine.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Kysely } from 'kysely';
import type { AccountsTables } from '../../../subgraphs/accounts/database.ts';
import { databaseEngines, type TestDatabase } from '../../support/databases.ts';
import { quickAccounts as accounts } from '../../support/quick-accounts.ts';
import { startTestSubgraph, type TestSubgraph } from '../../support/subgraph.ts';
import { accountsClient, openTables } from './accounts-client.ts';
import { type SessionsClient, sessionsClient } from './sessions-client.ts';

for (const engine of databaseEngines()) {
  describe(`sessions of accounts at random on ${engine.name}`, () => {
    let database: TestDatabase;
    let subgraph: TestSubgraph;
    let client: SessionsClient;
    let tables: { db: Kysely<AccountsTables>; close: () => Promise<void> };

    before(async () => {
      database = await engine.start();
      subgraph = await startTestSubgraph(accounts, database);
      tables = await openTables(database);
      client = sessionsClient(accountsClient(subgraph), tables.db);
    });
    after(async () => {
      await tables.close();
      await subgraph.stop();
      await database.stop();
    });

    const seed = Number(process.env['SESSIONS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
    test(`random clients fare as a small model says (SESSIONS_SEED=${seed})`, async (context) => {
      const chance = randomOf(seed);
      const emails = ['noor@example.com', 'ines@example.com'];
      /** What a session is: its tokens by generation, the last generation, and whether grace is over. */
      interface Session {
        email: string;
        tokens: string[][];
        isOpen: boolean;
        isGraceOver: boolean;
        rotatedAt: number;
      }
      const sessions: Session[] = [];
      const steps: string[] = [];
      const open = async () => {
        const email = chance.pick(emails);
        const token = await client.signIn(email);
        sessions.push({ email, tokens: [[token]], isOpen: true, isGraceOver: false, rotatedAt: 0 });
        steps.push(`${sessions.length - 1} signs in`);
      };
      for (let turn = 0; turn < 4; turn++) await open();

      for (let turn = 0; turn < 150; turn++) {
        const session = chance.pick(sessions);
        const name = sessions.indexOf(session);
        const { tokens } = session;
        const last = tokens.length - 1;
        // Mostly the newest ones, as clients do.
        const generation = chance.below(3) > 0 ? last : chance.below(tokens.length);
        const token = chance.pick(tokens[generation] ?? []);
        const dice = chance.below(20);
        try {
          if (dice < 12) {
            steps.push(`${name} refreshes with ${generation} of ${last}`);
            // On a slow machine its seconds may go by for real, and nobody could say where they end.
            if (!session.isGraceOver && performance.now() - session.rotatedAt > 5_000) {
              await client.letPass(token, '11 seconds');
              session.isGraceOver = true;
            }
            const isForgiven = generation === last - 1 && !session.isGraceOver;
            const works = session.isOpen && (generation === last || isForgiven);
            const next = await client.refresh(token);
            assert.equal(next !== undefined, works);
            if (next === undefined) session.isOpen = false;
            else if (generation === last) {
              tokens.push([next]);
              session.isGraceOver = false;
              session.rotatedAt = performance.now();
            } else tokens[last]?.push(next);
          } else if (dice < 17) {
            steps.push(`${name}'s grace ends`);
            await client.letPass(token, '11 seconds');
            session.isGraceOver = true;
          } else if (dice < 18) {
            steps.push(`${name} signs out`);
            await client.signOut(token);
            session.isOpen = false;
          } else if (dice < 19 && turn % 5 === 0 && session.isOpen) {
            steps.push(`${name} signs out everywhere`);
            await client.signOut(token, true);
            for (const one of sessions) if (one.email === session.email) one.isOpen = false;
          } else if (sessions.length < 12) await open();
        } catch (error) {
          context.diagnostic(steps.join('; '));
          throw error;
        }
      }
    });
  });
}

/** Small and repeatable: a linear congruential generator. */
function randomOf(seed: number) {
  let state = BigInt(seed);
  const below = (bound: number): number => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
    return Number((state >> 33n) % BigInt(bound));
  };
  return {
    below,
    pick<Value>(values: readonly Value[]): Value {
      const value = values[below(values.length)];
      assert.ok(value !== undefined);
      return value;
    },
  };
}
