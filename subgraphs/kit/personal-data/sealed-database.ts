// Owns how a service's database gets what its sealed columns need: data keys, constraints, and the plugin that seals and opens.
import type { Kysely } from 'kysely';
import { ensureDataKeys, readDataKeys } from './data-keys.ts';
import { type PersonalData, sealedColumns, sealedNames } from './define-personal-data.ts';
import { findSealedValue, refuseForgottenColumns, sealColumns, unsealedColumns } from './seal-columns.ts';
import { valueSealer } from './seal-values.ts';
import { sealingPlugin } from './sealing-plugin.ts';
import { wrappingKeys } from './wrapping-keys.ts';

export interface SealedService {
  name: string;
  personalData?: PersonalData;
}

/** Whether the service keeps anything for which it needs DATA_KEY. */
export function hasSealedColumns({ personalData }: SealedService): boolean {
  return sealedColumns(personalData).length > 0;
}

/**
 * The database as domains see it, sealed columns opened; with none of them it is the same. Prepares what is missing, so it
 * needs the rights of who migrates. `dataKey` is what DATA_KEY says. Throws an Error with a sentence for a person.
 */
export async function prepareSealing(
  service: SealedService,
  db: Kysely<unknown>,
  dataKey: string | undefined,
): Promise<Kysely<unknown>> {
  const { name, personalData } = service;
  await refuseForgottenColumns(db, name, personalData);
  if (personalData === undefined || !hasSealedColumns(service)) return db;
  const keys = await ensureDataKeys(db, name, wrappingKeys(demanded(service, dataKey)), (transaction) =>
    findSealedValue(transaction, name, personalData),
  );
  const sealer = valueSealer(name, keys);
  await sealColumns(db, name, personalData, sealer);
  return db.withPlugin(pluginOf(personalData, sealer));
}

/** As prepareSealing, for a role that may change nothing: what is missing is an Error that says who has to run what. */
export async function openSealing(
  service: SealedService,
  db: Kysely<unknown>,
  dataKey: string | undefined,
): Promise<Kysely<unknown>> {
  const { name, personalData } = service;
  await refuseForgottenColumns(db, name, personalData);
  if (personalData === undefined || !hasSealedColumns(service)) return db;
  const wrapping = wrappingKeys(demanded(service, dataKey));
  const unsealed = await unsealedColumns(db, name, personalData);
  if (unsealed.length > 0) {
    throw new Error(
      `The database of ${name} keeps ${unsealed.join(', ')} unsealed: run "npm run seed" with the administrator's DATABASE_URL.`,
    );
  }
  return db.withPlugin(pluginOf(personalData, valueSealer(name, await readDataKeys(db, name, wrapping))));
}

function demanded({ name }: SealedService, dataKey: string | undefined): string {
  if (dataKey !== undefined) return dataKey;
  throw new Error(`DATA_KEY must be given: ${name} keeps personal data encrypted with it.`);
}

function pluginOf(personalData: PersonalData, sealer: ReturnType<typeof valueSealer>) {
  const own = new Set(sealedColumns(personalData).map(({ table }) => table));
  const views = personalData.filter(({ viewOf }) => viewOf !== undefined && own.has(viewOf));
  const tables = new Set([...own, ...views.map(({ name }) => name)]);
  return sealingPlugin({ sealer, columns: sealedNames(personalData), tables });
}
