// Owns who may do what on a PostgreSQL server: a database and a least-privilege role per service; tables are migrate.ts'.
import { createHmac } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { SubgraphDefinition } from '../define-subgraph.ts';
import { dropSchema, kitTables, migrate, pendingMigrations } from './migrate.ts';
import { openDatabase } from './open-database.ts';
import { staffChangesGrants } from './staff-changes.ts';

export interface ProvisionOptions {
  /** Of the server's administrator, or of the service's own role. */
  url: string;
  /** Before the service's name in its role and database. */
  prefix?: string | undefined;
  /** Of the service's role; else it is derived from the administrator's. */
  password?: string | undefined;
  /** Drops what the service has before it is made anew. */
  reset?: boolean | undefined;
  /** What DATA_KEY says; for services with sealed columns. */
  dataKey?: string | undefined;
}

const LOCK = 'tributary provision';
const ATTEMPTS = 5;

/**
 * Makes sure that the service has its database, tables, seed and role on the server, and returns the role's URL. With
 * the role's own URL it changes nothing and only checks that the migrations are current. Several processes may provision
 * at once. Throws an Error whose sentence says what to do.
 */
export async function provision(definition: SubgraphDefinition, options: ProvisionOptions): Promise<string> {
  const { url, prefix = 'tributary_' } = options;
  const role = `${prefix}${definition.name}`;
  const user = decodeURIComponent(new URL(url).username);
  if (user === role) {
    await checkMigrations(definition, url);
    return url;
  }
  if (user.startsWith(prefix)) {
    throw new Error(`DATABASE_URL is of the role ${user}, but ${definition.name} works as ${role}.`);
  }
  return retrying(() => provisionAsAdministrator(definition, options, role));
}

async function checkMigrations(definition: SubgraphDefinition, url: string): Promise<void> {
  const { db, close } = openDatabase({ definition, url, engine: 'PostgreSQL' });
  try {
    const pending = await pendingMigrations(definition, db);
    if (pending.length === 0) return;
    throw new Error(
      `The database of ${definition.name} lacks ${pending.join(', ')}: run "npm run seed" with the administrator's DATABASE_URL.`,
    );
  } finally {
    await close();
  }
}

async function provisionAsAdministrator(
  definition: SubgraphDefinition,
  { url, password, reset, dataKey }: ProvisionOptions,
  role: string,
): Promise<string> {
  const ownUrl = new URL(url);
  ownUrl.pathname = `/${role}`;
  const databaseUrl = ownUrl.href;
  ownUrl.username = role;
  ownUrl.password = password ?? derivedPassword(role, ownUrl.password);

  await asAdministrator(url, async (client) => {
    await client.query('select pg_advisory_lock(hashtext($1))', [LOCK]);
    await makeRole(client, role, decodeURIComponent(ownUrl.password));
    await makeDatabase(client, role);
  });
  const { db, close } = openDatabase({ definition, url: databaseUrl, engine: 'PostgreSQL' });
  try {
    if (reset) await dropSchema(definition, db);
    await migrate(definition, db, dataKey);
  } finally {
    await close();
  }
  await asAdministrator(databaseUrl, (client) => grant(client, role, definition));
  return ownUrl.href;
}

/** Without a password of the administrator nothing secret can be derived: then the role has none either. */
function derivedPassword(role: string, administrators: string): string {
  if (administrators === '') return '';
  return createHmac('sha256', decodeURIComponent(administrators)).update(role).digest('base64url');
}

async function makeRole(client: pg.Client, role: string, password: string): Promise<void> {
  const name = client.escapeIdentifier(role);
  const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [role]);
  if (rowCount === 0) await client.query(`create role ${name} login`);
  await client.query(
    `alter role ${name} password ${password === '' ? 'null' : client.escapeLiteral(password)}`,
  );
}

async function makeDatabase(client: pg.Client, role: string): Promise<void> {
  const name = client.escapeIdentifier(role);
  const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [role]);
  if (rowCount === 0) await client.query(`create database ${name}`);
  await client.query(`revoke all on database ${name} from public`);
  await client.query(`grant connect on database ${name} to ${name}`);
}

/** After every migration, so that new tables are covered; the kit's own tables may be read only. */
async function grant(client: pg.Client, role: string, definition: SubgraphDefinition): Promise<void> {
  const name = client.escapeIdentifier(role);
  const schema = client.escapeIdentifier(definition.name);
  const own = kitTables(definition)
    .map((table) => `${schema}.${table}`)
    .join();
  await client.query(`
    begin;
    revoke all on schema public from public;
    revoke all on schema ${schema} from public;
    grant usage on schema ${schema} to ${name};
    grant select, insert, update, delete on all tables in schema ${schema} to ${name};
    grant usage, select on all sequences in schema ${schema} to ${name};
    revoke insert, update, delete on ${own} from ${name};
    ${staffChangesGrants(schema, name)}
    commit`);
}

async function asAdministrator(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 30_000,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    await work(client);
  } catch (error) {
    if (!hasCode(error, ['42501'])) throw error;
    throw new Error(`DATABASE_URL is of a user who may not create roles and databases: ${error.message}.`, {
      cause: error,
    });
  } finally {
    await client.end();
  }
}

/** "Already exists" and "tuple concurrently updated": another process did the same in the same moment. */
async function retrying<Value>(work: () => Promise<Value>, attempt = 1): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    const isRace = hasCode(error, ['23505', '42710', '42P04', '42P06', 'XX000']);
    if (!isRace || attempt === ATTEMPTS) throw error;
    await delay(50 * attempt);
    return retrying(work, attempt + 1);
  }
}

function hasCode(error: unknown, codes: readonly string[]): error is Error {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error && 'code' in cause && codes.includes(String(cause.code));
}
