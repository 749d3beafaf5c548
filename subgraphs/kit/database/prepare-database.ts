// Owns the way from an address to a database a service can work with, on either engine.
import type { SubgraphDefinition } from '../define-subgraph.ts';
import { openSealing } from '../personal-data/sealed-database.ts';
import { dropSchema, migrate } from './migrate.ts';
import { type DatabaseAddress, type OpenDatabase, openDatabase } from './open-database.ts';
import { type ProvisionOptions, provision } from './provision.ts';

export interface PrepareOptions extends Omit<ProvisionOptions, 'url' | 'dataKey'> {
  onStatement?: ((sql: string) => void) | undefined;
}

/**
 * Migrated, sealed, seeded, and open: as the service's own role on a PostgreSQL server, in its own schema on the embedded
 * database. `onStatement` hears of the statements after that. Throws an Error with a sentence for a person.
 */
export async function prepareDatabase(
  definition: SubgraphDefinition,
  { url, engine, dataKey }: DatabaseAddress,
  { onStatement, ...options }: PrepareOptions = {},
): Promise<OpenDatabase> {
  const isServer = engine === 'PostgreSQL';
  let isPrepared = false;
  const opened = openDatabase({
    definition,
    url: isServer ? await provision(definition, { url, dataKey, ...options }) : url,
    engine,
    onStatement: (sql) => isPrepared && onStatement?.(sql),
  });
  try {
    if (!isServer && options.reset) await dropSchema(definition, opened.db);
    const prepare = isServer ? openSealing : migrate;
    const db = await prepare(definition, opened.db, dataKey);
    isPrepared = true;
    return { ...opened, db };
  } catch (error) {
    await opened.close();
    throw error;
  }
}
