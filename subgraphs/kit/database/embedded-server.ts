// Owns the embedded database: PGlite over one data folder, initialised, locked and served; embedded-main.ts is its process.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { lockDataFolder } from './data-folder-lock.ts';
import { serveProtocol } from './embedded-protocol.ts';

export interface EmbeddedServer {
  url: string;
  /** Ends open transactions, writes everything out and frees the folder. */
  stop: () => Promise<void>;
}

/**
 * Opens (or first creates) `<dataDir>/postgres` and serves it on 127.0.0.1. Belongs in a process of its own: the
 * database blocks its event loop while a statement runs. Throws DataFolderHeld when another process has the folder.
 */
export async function startEmbeddedServer(options: {
  dataDir: string;
  /** 0 lets the system choose. */
  port: number;
  /** Said in the lock file: whether the process ends by itself when nobody uses it. */
  endsWhenIdle?: boolean;
  onClients?: (count: number) => void;
  /** The database itself broke; the process should end, what was committed is safe. */
  onBroken?: (error: unknown) => void;
}): Promise<EmbeddedServer> {
  const { dataDir, port, endsWhenIdle = false, onClients = () => {}, onBroken = () => {} } = options;
  const lock = await lockDataFolder(dataDir, { endsWhenIdle });
  try {
    const folder = join(dataDir, 'postgres');
    if (!existsSync(folder)) await initialise(dataDir, folder);
    const database = await PGlite.create(folder);
    const server = await serveProtocol(database, { port, idleInTransactionMs: 10_000, onClients, onBroken });
    const url = `postgres://postgres@127.0.0.1:${server.port}/postgres`;
    await lock.publish(url);
    return {
      url,
      async stop() {
        await server.drain();
        await database.close();
        await lock.release();
        // Last, because a lock whose port does not answer counts as left behind.
        server.close();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/**
 * In a child process, because creating a database needs 500 MB more than opening it and that memory never comes back;
 * beside its place, because a killed child would leave a folder that looks finished.
 */
async function initialise(dataDir: string, folder: string): Promise<void> {
  const leftovers = (await readdir(dataDir)).filter((name) => name.startsWith('postgres.new-'));
  for (const name of leftovers) await rm(join(dataDir, name), { recursive: true, force: true });

  const fresh = join(dataDir, `postgres.new-${process.pid}`);
  const child = fork(new URL('embedded-initialise.ts', import.meta.url), [fresh], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    timeout: 60_000,
  });
  const [exitCode] = await once(child, 'exit');
  if (exitCode !== 0) throw new Error(`The embedded database could not be created in ${folder}.`);
  await rename(fresh, folder);
}
