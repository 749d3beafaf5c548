// Owns how often a password may be tried, and an account opened, before one has to wait: counted in the database, for all
// processes together.
import { type Kysely, sql } from 'kysely';
import { inTransaction } from '../kit/database/in-transaction.ts';
import type { AccountsTables, SignInTriesRow } from './database.ts';
import { holdUser } from './hold-user.ts';
import { isPrivate } from './network.ts';
import { logSignIn } from './sign-in-events.ts';

type Database = Kysely<AccountsTables>;

/** Who tries to sign in as whom, and from where. */
export interface Try {
  addressHash: string;
  /** Null when nobody knows. */
  network: string | null;
  /** The account of the address, where there is one. */
  userId: string | undefined;
  /** Whether this person signed in from this network before. */
  isAtHome: boolean;
}

type Kind = 'pair' | 'address' | 'network' | 'sign-up';

/** After so many tries within the hours each further one is followed by a pause. */
const limits: Readonly<Record<Kind, { free: number; hours: number }>> = {
  /** One address from one network. */
  pair: { free: 5, hours: 24 },
  /** One address from everywhere. */
  address: { free: 50, hours: 24 },
  /** Any address from one network: an office is a network too. */
  network: { free: 100, hours: 1 },
  /** Accounts from one network: each tells whether there is one of that address already. */
  'sign-up': { free: 20, hours: 1 },
};
const FIRST_PAUSE_MS = 15_000;
const LONGEST_PAUSE_MS = 15 * 60_000;
const HOUR_MS = 3_600_000;

/**
 * Counts a try before its password is looked at, so that many at once are counted too, and returns undefined; or returns
 * from when on one may try again. Tries during a pause neither count nor make it longer.
 */
export function countTry(db: Database, attempt: Try): Promise<Date | undefined> {
  return count(db, kindsCountedFor(attempt), attempt);
}

/** Counts an account that is to be opened from there, as countTry does. Null is a network that nobody knows. */
export async function countSignUp(db: Database, network: string | null): Promise<Date | undefined> {
  if (network === null || isPrivate(network)) return undefined;
  return count(db, ['sign-up'], { network, addressHash: '', userId: undefined, isAtHome: false });
}

function count(db: Database, kinds: readonly Kind[], attempt: Try): Promise<Date | undefined> {
  return inTransaction(db, async (transaction) => {
    // For the log, before the tries: whoever erases the person takes them in this order.
    await holdUser(transaction, attempt.userId);
    // Writing the rows, if only to themselves, locks them; always in this order, so that nobody waits in a circle.
    const rows = await transaction
      .insertInto('sign_in_tries')
      .values(kinds.map((kind) => ({ key: keyOf(kind, attempt) })))
      .onConflict((conflict) =>
        conflict.column('key').doUpdateSet(({ ref }) => ({ key: ref('excluded.key') })),
      )
      .returningAll()
      .returning(sql<Date>`clock_timestamp()`.as('now'))
      .execute();
    const [longest] = rows
      .filter(({ paused_until, now }) => paused_until !== null && paused_until > now)
      .sort((one, other) => Number(other.paused_until) - Number(one.paused_until));
    if (longest?.paused_until) {
      await logPause(transaction, attempt, longest);
      return longest.paused_until;
    }
    const counted = rows.map((row) => {
      const kind = kinds.find((one) => keyOf(one, attempt) === row.key) ?? 'pair';
      return { key: row.key, ...countedOnce(kind, row) };
    });
    await transaction
      .insertInto('sign_in_tries')
      .values(counted)
      .onConflict((conflict) =>
        conflict.column('key').doUpdateSet(({ ref }) => ({
          tries: ref('excluded.tries'),
          since: ref('excluded.since'),
          paused_until: ref('excluded.paused_until'),
          is_logged: ref('excluded.is_logged'),
        })),
      )
      .execute();
    return undefined;
  });
}

/** The right password: the tries of its address are forgotten, and its network has this one back. */
export async function forgiveTries(db: Database, attempt: Try): Promise<void> {
  // In the order in which `countTry` locks them.
  for (const kind of ['pair', 'address'] as const) {
    await db.deleteFrom('sign_in_tries').where('key', '=', keyOf(kind, attempt)).execute();
  }
  if (!kindsCountedFor(attempt).includes('network')) return;
  await db
    .updateTable('sign_in_tries')
    .set({
      tries: sql<number>`greatest(tries - 1, 0)`,
      paused_until: sql<Date | null>`case when tries > ${limits.network.free} then paused_until end`,
    })
    .where('key', '=', keyOf('network', attempt))
    .execute();
}

/** All tries of the address, from wherever: its account is erased. */
export async function forgetAddress(db: Database, addressHash: string): Promise<void> {
  const pairs = `pair ${addressHash} `;
  await db
    .deleteFrom('sign_in_tries')
    .where(sql<boolean>`key = ${`address ${addressHash}`} or starts_with(key, ${pairs})`)
    .execute();
}

/** Those that count no more. */
export async function forgetTries(db: Database): Promise<void> {
  await db
    .deleteFrom('sign_in_tries')
    .where(sql<boolean>`since < now() - interval '1 day' and coalesce(paused_until, since) < now()`)
    .execute();
}

/**
 * Somebody at home is held up by their own tries alone: whoever tries their address elsewhere cannot lock them out, nor
 * whoever tries other addresses beside them.
 */
function kindsCountedFor({ isAtHome, network }: Try): Kind[] {
  if (isAtHome) return ['pair'];
  return network === null || isPrivate(network) ? ['pair', 'address'] : ['pair', 'address', 'network'];
}

function keyOf(kind: Kind, { addressHash, network }: Try): string {
  const parts = {
    pair: [addressHash, network],
    address: [addressHash],
    network: [network],
    'sign-up': [network],
  };
  return [kind, ...parts[kind]].join(' ');
}

function countedOnce(kind: Kind, { tries, since, now }: SignInTriesRow & { now: Date }) {
  const { free, hours } = limits[kind];
  const isOver = Number(since) + hours * HOUR_MS < Number(now);
  const counted = isOver ? 1 : tries + 1;
  const pause = counted < free ? 0 : Math.min(FIRST_PAUSE_MS * 2 ** (counted - free), LONGEST_PAUSE_MS);
  return {
    tries: counted,
    since: isOver ? now : since,
    paused_until: pause === 0 ? null : new Date(Number(now) + pause),
    is_logged: false,
  };
}

/** Once a pause: whoever keeps trying must not fill the log. */
async function logPause(
  db: Database,
  { userId, addressHash, network }: Try,
  { key, is_logged }: SignInTriesRow,
): Promise<void> {
  if (is_logged) return;
  await db.updateTable('sign_in_tries').set({ is_logged: true }).where('key', '=', key).execute();
  await logSignIn(db, { kind: 'SLOWED_DOWN', userId, addressHash, network });
}
