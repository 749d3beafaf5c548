// Owns the book of erasures: who is to be erased, which domains have done it, and when which is asked next.
import { type ExpressionBuilder, type Kysely, sql, type Transaction } from 'kysely';
import { inTransaction } from '../kit/database/in-transaction.ts';
import { newId } from '../kit/new-id.ts';
import type { AccountsTables } from './database.ts';

type Database = Kysely<AccountsTables>;

/** A domain that is to be asked, by whoever holds this and nobody else for LEASE seconds. */
export interface ErasurePart {
  erasureId: string;
  userId: string;
  domain: string;
  /** This one included, since it last worked. */
  tries: number;
  /** Whether the person's last token has ended, so that nothing comes after this. */
  isLast: boolean;
}

const LEASE = sql`interval '10 seconds'`;
const LONGEST_PAUSE_SECONDS = 300;
/** A token lives for 15 minutes, one may just be being signed, and what it asked for still be under way. */
const UNTIL_LAST_TOKEN = sql`interval '20 minutes'`;
const isLast = sql<boolean>`(requested_at + ${UNTIL_LAST_TOKEN} <= now())`;

/**
 * Writes down that the person is to be erased in each of the domains, and that `done`, one of them, has just done it.
 * Returns the parts of the others, to be asked now.
 */
export async function beginErasure(
  db: Transaction<AccountsTables>,
  { userId, domains, done }: { userId: string; domains: readonly string[]; done: string },
): Promise<{ id: string; requestedAt: Date; parts: ErasurePart[] }> {
  const id = newId('erasure');
  const { requested_at } = await db
    .insertInto('erasures')
    .values({ id, user_id: userId })
    .returning('requested_at')
    .executeTakeFirstOrThrow();
  const common = { erasure_id: id, confirmed_at: null, problem: null };
  await db
    .insertInto('erasure_parts')
    .values(
      domains.map((domain) => ({
        ...common,
        domain,
        ...(domain === done
          ? { erased_at: sql<Date>`now()`, tries: 0, next_try_at: sql<Date>`now() + ${UNTIL_LAST_TOKEN}` }
          : { erased_at: null, tries: 1, next_try_at: sql<Date>`clock_timestamp() + ${LEASE}` }),
      })),
    )
    .execute();
  const others = domains.filter((domain) => domain !== done);
  return {
    id,
    requestedAt: requested_at,
    parts: others.map((domain) => ({ erasureId: id, userId, domain, tries: 1, isLast: false })),
  };
}

/** Parts that are due, `most` at a time. Another process that asks at the same time gets others. */
export async function claimParts(db: Database, most: number): Promise<ErasurePart[]> {
  const due = db
    .selectFrom('erasure_parts')
    .select(['erasure_id', 'domain'])
    .where('confirmed_at', 'is', null)
    .where('next_try_at', '<=', sql<Date>`now()`)
    .orderBy('next_try_at')
    .limit(most)
    .forUpdate()
    .skipLocked();
  return db
    .with('due', () => due)
    .updateTable('erasure_parts')
    .from(['due', 'erasures'])
    .set({ tries: sql<number>`tries + 1`, next_try_at: sql<Date>`now() + ${LEASE}` })
    .whereRef('erasure_parts.erasure_id', '=', 'due.erasure_id')
    .whereRef('erasure_parts.domain', '=', 'due.domain')
    .whereRef('erasures.id', '=', 'due.erasure_id')
    .returning([
      'erasure_parts.erasure_id as erasureId',
      'erasures.user_id as userId',
      'erasure_parts.domain',
      'erasure_parts.tries',
      isLast.as('isLast'),
    ])
    .execute();
}

/** The domain has erased the person: it is asked once more after the last token, or that was it. */
export async function partIsDone(db: Database, { erasureId, domain, isLast }: ErasurePart): Promise<void> {
  await inTransaction(db, async (transaction) => {
    // Of two that are done at once, one sees that it was the last.
    const { requested_at } = await transaction
      .selectFrom('erasures')
      .select('requested_at')
      .where('id', '=', erasureId)
      .forUpdate()
      .executeTakeFirstOrThrow();
    await transaction
      .updateTable('erasure_parts')
      .set({
        erased_at: sql<Date>`coalesce(erased_at, clock_timestamp())`,
        ...(isLast && { confirmed_at: sql<Date>`coalesce(confirmed_at, clock_timestamp())` }),
        tries: 0,
        next_try_at: sql<Date>`${requested_at}::timestamptz + ${UNTIL_LAST_TOKEN}`,
        problem: null,
      })
      .where('erasure_id', '=', erasureId)
      .where('domain', '=', domain)
      .execute();
    if (!isLast) return;
    await transaction
      .updateTable('erasures')
      .set({ completed_at: sql<Date>`clock_timestamp()` })
      .where('id', '=', erasureId)
      .where('completed_at', 'is', null)
      .where((builder) => builder.not(builder.exists(openParts(builder))))
      .execute();
  });
}

function openParts({ selectFrom }: ExpressionBuilder<AccountsTables, 'erasures'>) {
  return selectFrom('erasure_parts')
    .select('domain')
    .whereRef('erasure_parts.erasure_id', '=', 'erasures.id')
    .where('confirmed_at', 'is', null);
}

/** It is tried again after 1, 2, 4 … seconds, five minutes at most, for ever. `problem` is kept, and holds nothing personal. */
export async function partFailed(
  db: Database,
  { erasureId, domain, tries }: ErasurePart,
  problem: string,
): Promise<void> {
  const seconds = Math.min(2 ** (tries - 1), LONGEST_PAUSE_SECONDS);
  await db
    .updateTable('erasure_parts')
    .set({ problem, next_try_at: sql<Date>`now() + make_interval(secs => ${seconds})` })
    .where('erasure_id', '=', erasureId)
    .where('domain', '=', domain)
    // Whoever held it longer than the lease has nothing to say any more.
    .where('tries', '=', tries)
    .where('confirmed_at', 'is', null)
    .execute();
}

export async function partsOf(
  db: Database,
  erasureId: string,
): Promise<{ domain: string; erasedAt: Date | null }[]> {
  return db
    .selectFrom('erasure_parts')
    .select(['domain', 'erased_at as erasedAt'])
    .where('erasure_id', '=', erasureId)
    .orderBy('domain')
    .execute();
}
