// Owns sessions: one for each sign-in, continued by refresh tokens that each work once, ended by time, theft or its owner.
import { createHash, randomBytes } from 'node:crypto';
import { type Kysely, sql, type Transaction } from 'kysely';
import { inTransaction } from '../kit/database/in-transaction.ts';
import { newId } from '../kit/new-id.ts';
import type { AccountsTables } from './database.ts';
import { logSignIn } from './sign-in-events.ts';

type Database = Kysely<AccountsTables>;

/** What ends a session without anybody's doing: 30 days without use, and 90 days at all. */
const runsOutAt = sql<Date>`least(used_at + interval '30 days', opened_at + interval '90 days')`;
const isOpen = sql<boolean>`(ended_at is null and now() < ${runsOutAt})`;
/** Answers get lost: for so long the refresh token before the last one is answered too. */
const wasJustRotated = sql<boolean>`(rotated_at > now() - interval '10 seconds')`;

/** A refresh token of a new session of the person. */
export async function openSession(db: Database, userId: string): Promise<string> {
  const id = newId('session');
  await db.insertInto('sessions').values({ id, user_id: userId }).execute();
  return addToken(db, id, 0);
}

/**
 * The next refresh token of the session, and whose it is; undefined for a token that opens nothing. All tokens of one
 * generation are equal until one of them is used: that makes the session a generation older, and the others used as well.
 * So answers within the seconds of grace never make a branch that lives on. A used one ends the session.
 */
export function continueSession(
  db: Database,
  {
    refreshToken,
    callerId,
    network,
  }: { refreshToken: string; callerId: string | null; network: string | null },
): Promise<{ userId: string; refreshToken: string } | undefined> {
  return inTransaction(db, async (transaction) => {
    if (!(await holdOwner(transaction, refreshToken))) return undefined;
    // The lock makes those who present tokens of one session come after each other.
    const found = await transaction
      .selectFrom('refresh_tokens')
      .innerJoin('sessions', 'sessions.id', 'refresh_tokens.session_id')
      .select([
        'sessions.id',
        'user_id as userId',
        'refresh_tokens.generation as presented',
        'sessions.generation as latest',
        isOpen.as('isOpen'),
        wasJustRotated.as('wasJustRotated'),
      ])
      .where('hash', '=', hashOf(refreshToken))
      .forUpdate()
      .executeTakeFirst();
    if (!found?.isOpen) return undefined;
    const { id, userId, presented, latest } = found;
    if (callerId !== null && callerId !== userId) return undefined;
    const isUsed = presented < latest;
    const isForgiven = presented === latest - 1 && found.wasJustRotated;
    if (isUsed && !isForgiven) {
      await transaction
        .updateTable('sessions')
        .set({ ended_at: sql<Date>`now()` })
        .where('id', '=', id)
        .execute();
      await logSignIn(transaction, { kind: 'REUSE_DETECTED', userId, network });
      return undefined;
    }
    const generation = isUsed ? latest : latest + 1;
    await transaction
      .updateTable('sessions')
      .set({ used_at: sql<Date>`now()`, generation, ...(isUsed ? {} : { rotated_at: sql<Date>`now()` }) })
      .where('id', '=', id)
      .execute();
    await logSignIn(transaction, { kind: 'REFRESHED', userId, network });
    return { userId, refreshToken: await addToken(transaction, id, generation) };
  });
}

/**
 * Ends the token's session, or with `everywhere` all of its owner's that were opened before the token's own ended, so that
 * a second call does what the first did. Any token of a session will do, a used one too. False for one that nobody knows.
 */
export function endSession(
  db: Database,
  {
    refreshToken,
    everywhere,
    network,
  }: { refreshToken: string; everywhere: boolean; network: string | null },
): Promise<boolean> {
  return inTransaction(db, async (transaction) => {
    if (!(await holdOwner(transaction, refreshToken))) return false;
    const found = await transaction
      .selectFrom('refresh_tokens')
      .innerJoin('sessions', 'sessions.id', 'refresh_tokens.session_id')
      .select([
        'sessions.id',
        'user_id as userId',
        // As text, because a JavaScript Date would lose its microseconds.
        sql<string>`least(ended_at, now(), ${runsOutAt})::text`.as('endedAt'),
      ])
      .where('hash', '=', hashOf(refreshToken))
      .executeTakeFirst();
    if (!found) return false;
    const { id, userId, endedAt } = found;
    const ended = await transaction
      .updateTable('sessions')
      .set({ ended_at: sql<Date>`now()` })
      .where('user_id', '=', userId)
      .where(isOpen)
      .where(everywhere ? sql<boolean>`opened_at <= ${endedAt}::timestamptz` : sql<boolean>`id = ${id}`)
      .returning('id')
      .execute();
    if (ended.length > 0) await logSignIn(transaction, { kind: 'SIGNED_OUT', userId, network });
    return true;
  });
}

/** Sessions that are over, and tokens so old that they could be nothing but used. */
export async function forgetSessions(db: Database): Promise<void> {
  await db
    .deleteFrom('sessions')
    .where(sql<boolean>`least(ended_at, ${runsOutAt}) < now() - interval '1 day'`)
    .execute();
  await db.deleteFrom('refresh_tokens').where(sql<boolean>`made_at < now() - interval '31 days'`).execute();
}

/** As holdUser, of whose session the token is. */
async function holdOwner(transaction: Transaction<AccountsTables>, refreshToken: string): Promise<boolean> {
  const held = await transaction
    .selectFrom('users as owner')
    .innerJoin('sessions', 'sessions.user_id', 'owner.id')
    .innerJoin('refresh_tokens', 'refresh_tokens.session_id', 'sessions.id')
    .select('owner.id')
    .where('hash', '=', hashOf(refreshToken))
    .forKeyShare('owner')
    .executeTakeFirst();
  return held !== undefined;
}

async function addToken(db: Database, session_id: string, generation: number): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await db
    .insertInto('refresh_tokens')
    .values({ hash: hashOf(token), session_id, generation })
    .execute();
  return token;
}

/** No salt and no slow hash: there is nothing to guess in 256 random bits. */
function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
