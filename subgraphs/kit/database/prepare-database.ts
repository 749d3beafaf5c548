// Owns the way from an address to a database a service can work with, on either engine.
import type { SubgraphDefinition } from '../define-subgraph.ts';
import { dropSchema, migrate } from './migrate.ts';
import { type DatabaseAddress, type OpenDatabase, openDatabase } from './open-database.ts';
import { type ProvisionOptions, provision } from './provision.ts';

export interface PrepareOptions extends Omit<ProvisionOptions, 'url'> {
  onStatement?: ((sql: string) => void) | undefined;
}

/**
 * Migrated, seeded, and open: as the service's own role on a PostgreSQL server, in its own schema on the embedded
 * database. `onStatement` hears of the statements after that. Throws an Error with a sentence for a person.
 */
export async function prepareDatabase(
  definition: SubgraphDefinition,
  { url, engine }: DatabaseAddress,
  { onStatement, ...options }: PrepareOptions = {},
): Promise<OpenDatabase> {
  if (engine === 'PostgreSQL') {
    const ownUrl = await provision(definition, { url, ...options });
    return openDatabase({ definition, url: ownUrl, engine, onStatement });
  }
  let isPrepared = false;
  const opened = openDatabase({
    definition,
    url,
    engine,
    onStatement: (sql) => isPrepared && onStatement?.(sql),
  });
  try {
    if (options.reset) await dropSchema(definition, opened.db);
    await migrate(definition, opened.db);
  } catch (error) {
    await opened.close();
    throw error;
  }
  isPrepared = true;
  return opened;
}
