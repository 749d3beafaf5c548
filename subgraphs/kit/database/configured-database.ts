// Owns the choice that the environment makes between a PostgreSQL server and the embedded database.
import pg from 'pg';
import type { SubgraphDefinition } from '../define-subgraph.ts';
import { embeddedDatabaseUrl } from './embedded-client.ts';
import type { OpenDatabase } from './open-database.ts';
import { prepareDatabase } from './prepare-database.ts';

export interface DatabaseSettings {
  databaseUrl?: string | undefined;
  dataDir: string;
  databasePassword: (service: string) => string | undefined;
}

const ATTEMPTS = 3;

/** The service's database, ready to work with. Throws an Error with a sentence for a person. */
export async function openConfiguredDatabase(
  definition: SubgraphDefinition,
  { databaseUrl, dataDir, databasePassword }: DatabaseSettings,
  { reset }: { reset?: boolean } = {},
): Promise<OpenDatabase> {
  if (databaseUrl === undefined) {
    const url = await reachableEmbeddedUrl(dataDir);
    return prepareDatabase(definition, { url, engine: 'PGlite' });
  }
  const complaint = await connectionComplaint(databaseUrl);
  if (complaint) throw new Error(`The database at ${new URL(databaseUrl).host} is unreachable: ${complaint}`);
  const password = databasePassword(definition.name);
  return prepareDatabase(definition, { url: databaseUrl, engine: 'PostgreSQL' }, { password, reset });
}

/** An embedded server may end, idle, in the moment it is found: then the next round starts another. */
async function reachableEmbeddedUrl(dataDir: string): Promise<string> {
  let complaint: string | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const url = await embeddedDatabaseUrl(dataDir);
    complaint = await connectionComplaint(url);
    if (!complaint) return url;
  }
  throw new Error(`The embedded database in ${dataDir} is unreachable: ${complaint}`);
}

async function connectionComplaint(url: string): Promise<string | undefined> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 5_000,
    query_timeout: 5_000,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('select 1');
    return undefined;
  } catch (error) {
    const first = error instanceof AggregateError ? error.errors[0] : error;
    return first instanceof Error ? first.message : String(first);
  } finally {
    await client.end().catch(() => {});
  }
}
