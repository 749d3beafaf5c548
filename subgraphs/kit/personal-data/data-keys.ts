// Owns the data keys of a service: made once, kept in its database wrapped under DATA_KEY, and nowhere else.
import { randomBytes } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { decrypt, encrypt } from './aes-gcm.ts';
import type { DataKey } from './seal-values.ts';

export const dataKeyTable = 'data_keys';

type WrappingKeys = readonly [Buffer, ...Buffer[]];
type DataKeys = [DataKey, ...DataKey[]];

interface WrappedKey {
  id: string;
  wrapped: string;
}

/**
 * The service's data keys, the newest first; there is one afterwards where there was none, and those that an older key had
 * wrapped are wrapped by the first. Several processes may do this at once. Throws an Error that names the service and
 * DATA_KEY, and changes nothing, where one does not open; and where there is none but `sealedWithout` names a column with
 * sealed values, because then they were lost.
 */
export async function ensureDataKeys(
  db: Kysely<unknown>,
  service: string,
  wrapping: WrappingKeys,
  sealedWithout: (db: Kysely<unknown>) => Promise<string | undefined>,
): Promise<DataKeys> {
  const table = sql.id(service, dataKeyTable);
  return db.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(hashtext(${`data keys ${service}`}))`.execute(transaction);
    await sql`create table if not exists ${table}
      (id text primary key, wrapped text not null, made_at timestamptz not null default now())`.execute(
      transaction,
    );
    const rows = await wrappedKeys(transaction, service);
    if (rows.length === 0) {
      const column = await sealedWithout(transaction);
      if (column !== undefined) {
        throw new Error(
          `The data keys of ${service} are gone, and ${column} is sealed with them: bring back the rows of ${dataKeyTable}. Nothing was changed.`,
        );
      }
      const made = { id: randomBytes(6).toString('hex'), bytes: randomBytes(32) };
      const wrapped = encrypt(wrapping[0], made.bytes, contextOf(service, made.id));
      await sql`insert into ${table} (id, wrapped) values (${made.id}, ${wrapped})`.execute(transaction);
      return [made];
    }
    const keys = unwrapAll(service, rows, wrapping);
    for (const { id, bytes, isWrappedByOlder } of keys) {
      if (!isWrappedByOlder) continue;
      const wrapped = encrypt(wrapping[0], bytes, contextOf(service, id));
      await sql`update ${table} set wrapped = ${wrapped} where id = ${id}`.execute(transaction);
    }
    return keys;
  });
}

/** As ensureDataKeys, for who may only read. Throws an Error too where there is none. */
export async function readDataKeys(
  db: Kysely<unknown>,
  service: string,
  wrapping: WrappingKeys,
): Promise<DataKeys> {
  return unwrapAll(service, await wrappedKeys(db, service), wrapping);
}

async function wrappedKeys(db: Kysely<unknown>, service: string): Promise<WrappedKey[]> {
  const { rows } = await sql<WrappedKey>`
    select id, wrapped from ${sql.id(service, dataKeyTable)} order by made_at desc, id`.execute(db);
  return rows;
}

function unwrapAll(service: string, rows: readonly WrappedKey[], wrapping: WrappingKeys) {
  const [first, ...others] = rows.map(({ id, wrapped }) => {
    const opened = wrapping.map((key) => decrypt(key, wrapped, contextOf(service, id)));
    const at = opened.findIndex((bytes) => bytes !== undefined);
    const bytes = opened[at];
    if (bytes) return { id, bytes, isWrappedByOlder: at > 0 };
    throw new Error(
      `DATA_KEY does not open the data keys of ${service}: give the key that it was started with before, after the new one and a comma where it is to be replaced. Nothing was changed.`,
    );
  });
  if (!first) throw new Error(`The database of ${service} has no data key.`);
  return [first, ...others] satisfies DataKeys;
}

function contextOf(service: string, id: string): string {
  return `${service} data key ${id}`;
}
