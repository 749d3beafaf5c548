// Owns the connection of one service to its database: pool, types, schema; what is in the database is migrate.ts'.
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';

/** `PGlite` is the embedded database, one backend for all; `PostgreSQL` is a real server. */
export type DatabaseEngine = 'PGlite' | 'PostgreSQL';

export interface DatabaseAddress {
  url: string;
  engine: DatabaseEngine;
  /** What DATA_KEY says; services with sealed columns need it. */
  dataKey?: string | undefined;
}

export interface OpenDatabase {
  /** Bound to the service's schema by `withSchema`; prepared, its sealed columns are opened. */
  db: Kysely<unknown>;
  close: () => Promise<void>;
}

/** The embedded database runs one statement at a time: more connections would only wait behind each other. */
const CONNECTIONS: Record<DatabaseEngine, number> = { PGlite: 1, PostgreSQL: 10 };
const CONNECT_MS = 5_000;
const STATEMENT_MS = 30_000;

/**
 * Opens a pool that connects when first used; every wait is bounded (5 s to connect, 30 s for a statement).
 * `onStatement` is told the SQL of each statement. Counts and numerics arrive as numbers, dates as `YYYY-MM-DD`,
 * timestamps as Date.
 */
export function openDatabase(options: {
  definition: { name: string };
  url: string;
  engine: DatabaseEngine;
  onStatement?: ((sql: string) => void) | undefined;
}): OpenDatabase {
  const { definition, url, engine, onStatement } = options;
  const pool = new pg.Pool({
    connectionString: url,
    application_name: definition.name,
    max: CONNECTIONS[engine],
    connectionTimeoutMillis: CONNECT_MS,
    // The embedded database ends when its last client leaves, so its clients stay.
    idleTimeoutMillis: engine === 'PGlite' ? 0 : 10_000,
    query_timeout: STATEMENT_MS,
    // The embedded database has no timers to enforce these with; its server bounds idle transactions itself.
    ...(engine === 'PostgreSQL'
      ? { statement_timeout: STATEMENT_MS, idle_in_transaction_session_timeout: STATEMENT_MS }
      : {}),
    types: { getTypeParser },
  });
  // An idle connection that breaks is replaced at its next use; without a listener it would end the process.
  pool.on('error', () => {});
  const db = new Kysely<unknown>({
    dialect: new PostgresDialect({ pool }),
    log: ({ query }) => onStatement?.(query.sql),
  });
  return { db: db.withSchema(definition.name), close: () => db.destroy() };
}

const { INT8, NUMERIC, DATE } = pg.types.builtins;

function getTypeParser(oid: number, format?: 'text' | 'binary'): (text: string) => unknown {
  if (format === 'binary') return pg.types.getTypeParser(oid, format);
  if (oid === INT8 || oid === NUMERIC) return exactNumber;
  if (oid === DATE) return String;
  return pg.types.getTypeParser(oid, 'text');
}

/** A silently rounded amount or id would be worse than a failed query. */
function exactNumber(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && !Number.isSafeInteger(number)) {
    throw new RangeError(`${text} does not fit a JavaScript number: select it as text.`);
  }
  return number;
}
