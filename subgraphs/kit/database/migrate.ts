// Owns what is in a service's database: its migrations, and its seed exactly once; who may read it is provision.ts'.
import { type Kysely, Migrator, sql } from 'kysely';
import type { SubgraphDefinition } from '../define-subgraph.ts';
import { errorSentence } from '../error-sentence.ts';
import { dataKeyTable } from '../personal-data/data-keys.ts';
import { hasSealedColumns, prepareSealing } from '../personal-data/sealed-database.ts';
import { hasStaffChanges, makeStaffChanges, STAFF_CHANGES } from './staff-changes.ts';

const MIGRATION_TABLES = ['kysely_migration', 'kysely_migration_lock', 'kit_seed'] as const;

/** The tables that a service's schema has beside its own. */
export function kitTables(definition: SubgraphDefinition): string[] {
  return [...MIGRATION_TABLES, ...(hasSealedColumns(definition) ? [dataKeyTable] : [])];
}

/**
 * Brings the service's schema up to date, seals what is declared as sealed, and seeds it if that was never finished.
 * Several processes may do this at once. Returns the database with its sealed columns opened; `dataKey` is what DATA_KEY
 * says. Throws an Error that names the service and the migration.
 */
export async function migrate(
  definition: SubgraphDefinition,
  db: Kysely<unknown>,
  dataKey?: string,
): Promise<Kysely<unknown>> {
  const { name } = definition;
  await sql`create schema if not exists ${sql.id(name)}`.execute(db);
  const { error, results = [] } = await migratorOf(definition, db).migrateToLatest();
  if (error) {
    const failed = results.find(({ status }) => status === 'Error')?.migrationName;
    throw new Error(
      `${name}: ${failed ? `migration ${failed}` : 'migrating'} failed: ${errorSentence(error)}`,
      {
        cause: error,
      },
    );
  }
  await makeStaffChanges(name, db);
  const opened = await prepareSealing(definition, db, dataKey);
  try {
    await seedOnce(definition, opened);
  } catch (error) {
    throw new Error(`${name}: the seed failed: ${errorSentence(error)}`, { cause: error });
  }
  return opened;
}

/** The names of migrations that the database lacks, and of the kit's own table where that is not there. */
export async function pendingMigrations(
  definition: SubgraphDefinition,
  db: Kysely<unknown>,
): Promise<string[]> {
  const all = await migratorOf(definition, db).getMigrations();
  const pending = all.filter(({ executedAt }) => executedAt === undefined).map(({ name }) => name);
  return (await hasStaffChanges(definition.name, db)) ? pending : [...pending, STAFF_CHANGES];
}

/** Drops everything the service has; `migrate` starts over. */
export async function dropSchema({ name }: { name: string }, db: Kysely<unknown>): Promise<void> {
  await sql`drop schema if exists ${sql.id(name)} cascade`.execute(db);
}

function migratorOf({ name, migrations }: SubgraphDefinition, db: Kysely<unknown>): Migrator {
  return new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...migrations }) },
    migrationTableSchema: name,
  });
}

/** Rows and marker in one transaction: a process killed in the middle of a seed leaves nothing, and the next one seeds. */
async function seedOnce({ name, seed }: SubgraphDefinition, db: Kysely<unknown>): Promise<void> {
  const marker = sql.id(name, 'kit_seed');
  await db.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(hashtext(${`seed ${name}`}))`.execute(transaction);
    await sql`create table if not exists ${marker} (finished_at timestamptz not null default now())`.execute(
      transaction,
    );
    const { rows } = await sql`select 1 from ${marker}`.execute(transaction);
    if (rows.length > 0) return;
    await seed(transaction);
    await sql`insert into ${marker} default values`.execute(transaction);
  });
}
