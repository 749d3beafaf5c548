// Owns the database engines that a test runs on: the embedded one always, a real PostgreSQL where it is installed.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DatabaseAddress, DatabaseEngine } from '../../subgraphs/kit/database/open-database.ts';
import type { LifeMessage } from '../../subgraphs/kit/process-life.ts';
import { leaveOut } from './left-out.ts';
import { postgresBinaries, startTestPostgres } from './postgres.ts';

/** The same in all tests: whatever is sealed in one process is opened in another. */
export const testDataKey = Buffer.alloc(32, 'a data key').toString('base64');

export interface TestDatabase extends DatabaseAddress {
  /** The folder of an embedded one, for processes that are to join it. */
  dataDir?: string;
  stop: () => Promise<void>;
}

export interface TestEngine {
  name: DatabaseEngine;
  /** Empty, and nobody else's. The PostgreSQL URL is the administrator's. */
  start: () => Promise<TestDatabase>;
}

/** For `for (const engine of databaseEngines()) describe(engine.name, …)`. */
export function databaseEngines(): TestEngine[] {
  const engines: TestEngine[] = [{ name: 'PGlite', start: startEmbedded }];
  if (postgresBinaries()) {
    engines.push({
      name: 'PostgreSQL',
      start: async () => ({ ...(await startTestPostgres()), engine: 'PostgreSQL', dataKey: testDataKey }),
    });
  } else {
    leaveOut('PostgreSQL', 'it is not installed');
  }
  return engines;
}

/** For what only reads, or takes very long: PostgreSQL where it is installed, as in production. Changes are tried on both. */
export function oneDatabaseEngine(): TestEngine[] {
  return databaseEngines().slice(-1);
}

export interface TestEmbedded extends TestDatabase {
  pid: number;
  kill: (signal: NodeJS.Signals) => Promise<void>;
}

/**
 * The embedded database in a process of its own; over `dataDir`, or over a folder that goes away with it.
 */
export async function startEmbedded(dataDir?: string): Promise<TestEmbedded> {
  const folder = dataDir ?? (await dataFolder('data'));
  const main = new URL('../../subgraphs/kit/database/embedded-main.ts', import.meta.url);
  const child = fork(main, ['--data', folder], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, DATA_PORT: '0' },
  });
  const [first]: [LifeMessage] = await Promise.race([
    once(child, 'message') as Promise<[LifeMessage]>,
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`embedded-main ended with ${code}`))),
  ]);
  if (first.type !== 'ready') throw new Error(first.message);
  const kill = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill(signal);
    await exit;
  };
  return {
    url: first.url,
    engine: 'PGlite',
    dataKey: testDataKey,
    dataDir: folder,
    pid: child.pid ?? 0,
    kill,
    async stop() {
      await kill('SIGTERM');
      if (dataDir === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * A new data folder for processes that share an embedded database. It holds a copy of an empty one, because creating one takes
 * seconds and most of a gigabyte; tests of the creation itself begin with an empty folder.
 */
export async function dataFolder(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `tributary-${name}-`));
  await cp(await emptyDatabase(), join(folder, 'postgres'), { recursive: true });
  return folder;
}

/** Made once for each version of PGlite; several test processes may make it at once, the first to finish wins. */
async function emptyDatabase(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const { version }: { version: string } = JSON.parse(
    await readFile(join(dirname(entry), '../package.json'), 'utf8'),
  );
  const cache = fileURLToPath(new URL('../../node_modules/.cache/tributary/', import.meta.url));
  const folder = join(cache, `pglite-${version}`);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const fresh = await mkdtemp(join(cache, 'new-'));
  const script = new URL('../../subgraphs/kit/database/embedded-initialise.ts', import.meta.url);
  const [code] = await once(fork(script, [join(fresh, 'postgres')], { stdio: 'inherit' }), 'exit');
  if (code !== 0) throw new Error('The embedded database could not be created.');
  await rename(join(fresh, 'postgres'), folder).catch((error: unknown) => {
    if (!existsSync(folder)) throw error;
  });
  await rm(fresh, { recursive: true, force: true });
  return folder;
}
