// Owns the table of what the shop's own people have changed; every service has one. audit-staff-changes.ts fills it.
import { type Generated, type Kysely, type Selectable, sql } from 'kysely';
import { newId } from '../new-id.ts';

export const STAFF_CHANGES = 'staff_changes';

/** `begun` is also what stays where a process ended in the middle, so that nobody knows what became of it. */
export type StaffChangeOutcome = 'begun' | 'done' | 'refused' | 'failed';

export interface StaffChangesTables {
  staff_changes: {
    id: string;
    at: Generated<Date>;
    /** Who did it. */
    actor_id: string;
    roles: string[];
    mutation: string;
    /** The arguments of the type ID, in the places they have among the arguments; JSON when written. */
    targets: string;
    /** Whose data it was, as far as the mutation's answer says. */
    person_id: string | null;
    outcome: StaffChangeOutcome;
  };
}

export type StaffChange = Omit<Selectable<StaffChangesTables['staff_changes']>, 'id' | 'at' | 'outcome'>;

/** Several processes may do this at once. */
export async function makeStaffChanges(service: string, db: Kysely<unknown>): Promise<void> {
  const table = sql.id(service, STAFF_CHANGES);
  await db.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(hashtext(${`${STAFF_CHANGES} ${service}`}))`.execute(transaction);
    await sql`create table if not exists ${table} (
      id text primary key,
      at timestamptz not null default clock_timestamp(),
      actor_id text not null,
      roles text[] not null,
      mutation text not null,
      targets jsonb not null,
      person_id text,
      outcome text not null check (outcome in ('begun', 'done', 'refused', 'failed'))
    )`.execute(transaction);
    await sql`create index if not exists staff_changes_by_time on ${table} (at)`.execute(transaction);
  });
}

/** What the service's own role may do with it on a PostgreSQL server: add, and say how it ended; never rewrite. */
export function staffChangesGrants(schema: string, role: string): string {
  const table = `${schema}.${STAFF_CHANGES}`;
  return `revoke update, delete on ${table} from ${role}; grant update (person_id, outcome) on ${table} to ${role};`;
}

export async function hasStaffChanges(service: string, db: Kysely<unknown>): Promise<boolean> {
  const { rows } = await sql<{ isThere: boolean }>`
    select to_regclass(${`${service}.${STAFF_CHANGES}`}) is not null as "isThere"`.execute(db);
  return rows[0]?.isThere === true;
}

/** Writes the change down as begun; resolves with its id. */
export async function beginStaffChange(
  db: Kysely<StaffChangesTables>,
  change: Omit<StaffChange, 'person_id'>,
): Promise<string> {
  const id = newId('change');
  await db
    .insertInto('staff_changes')
    .values({ ...change, id, person_id: null, outcome: 'begun' })
    .execute();
  return id;
}

export async function endStaffChange(
  db: Kysely<StaffChangesTables>,
  id: string,
  ending: { outcome: StaffChangeOutcome; person_id: string | null },
): Promise<void> {
  await db.updateTable('staff_changes').set(ending).where('id', '=', id).execute();
}
