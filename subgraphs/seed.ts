// Owns `npm run seed`: migrates and seeds every subgraph's database; with --reset it drops them first.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { allSubgraphs } from './all-subgraphs.ts';
import { openConfiguredDatabase } from './kit/database/configured-database.ts';
import { lockDataFolder } from './kit/database/data-folder-lock.ts';
import { environment } from './kit/environment.ts';
import { failStart } from './kit/process-life.ts';

try {
  const { values } = parseArgs({ options: { reset: { type: 'boolean', default: false } } });
  const { databaseUrl, dataDir } = environment;
  if (values.reset && databaseUrl === undefined) {
    // The lock is what refuses while an instance is running.
    const lock = await lockDataFolder(dataDir);
    await rm(join(dataDir, 'postgres'), { recursive: true, force: true });
    await lock.release();
  }
  for (const definition of allSubgraphs) {
    const began = performance.now();
    const { close } = await openConfiguredDatabase(definition, environment, { reset: values.reset });
    await close();
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    process.stdout.write(`${definition.name} is migrated and seeded (${seconds} s)\n`);
  }
} catch (error) {
  await failStart('npm run seed', error);
}
