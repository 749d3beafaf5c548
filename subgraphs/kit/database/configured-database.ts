// Owns the choice that the environment makes between a PostgreSQL server and the embedded database.
import pg from 'pg';
import type { SubgraphDefinition } from '../define-subgraph.ts';
import { developmentKey } from '../personal-data/development-key.ts';
import { hasSealedColumns } from '../personal-data/sealed-database.ts';
import { embeddedDatabaseUrl } from './embedded-client.ts';
import type { OpenDatabase } from './open-database.ts';
import { prepareDatabase } from './prepare-database.ts';

export interface DatabaseSettings {
  databaseUrl?: string | undefined;
  dataDir: string;
  databasePassword: (service: string) => string | undefined;
  /** For services with sealed columns; without it a key is made in `dataDir`, but not in production. */
  dataKey?: string | undefined;
  production?: boolean | undefined;
}

const ATTEMPTS = 3;

/** The service's database, ready to work with. Throws an Error with a sentence for a person. */
export async function openConfiguredDatabase(
  definition: SubgraphDefinition,
  settings: DatabaseSettings,
  { reset }: { reset?: boolean } = {},
): Promise<OpenDatabase> {
  const { databaseUrl, dataDir, databasePassword } = settings;
  const dataKey = await configuredKey(definition, settings);
  if (databaseUrl === undefined) {
    const url = await reachableEmbeddedUrl(dataDir);
    return prepareDatabase(definition, { url, engine: 'PGlite', dataKey });
  }
  const complaint = await connectionComplaint(databaseUrl);
  if (complaint) throw new Error(`The database at ${new URL(databaseUrl).host} is unreachable: ${complaint}`);
  const password = databasePassword(definition.name);
  const address = { url: databaseUrl, engine: 'PostgreSQL', dataKey } as const;
  return prepareDatabase(definition, address, { password, reset });
}

async function configuredKey(
  definition: SubgraphDefinition,
  { dataKey, dataDir, production = false }: DatabaseSettings,
): Promise<string | undefined> {
  if (dataKey !== undefined || !hasSealedColumns(definition)) return dataKey;
  if (!production) return developmentKey(dataDir);
  throw new Error('DATA_KEY must be given in production: personal data is encrypted with it.');
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
