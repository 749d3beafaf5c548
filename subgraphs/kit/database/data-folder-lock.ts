// Owns who may open the embedded database's folder: one process, named in a lock file; it opens nothing itself.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, readFile, rename, rmdir, stat, unlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export interface LockHolder {
  pid: number;
  /** Where its database answers; null while it is still being opened. */
  url: string | null;
  /** Milliseconds since 1970. */
  since: number;
  /** Whether it ends by itself soon after its last client left. */
  endsWhenIdle: boolean;
}

export interface DataFolderLock {
  /** Tells others where the database answers. */
  publish: (url: string) => Promise<void>;
  release: () => Promise<void>;
}

/** The folder's sentence for whoever starts a second instance. */
class DataFolderHeld extends Error {
  constructor(dataDir: string, pid: number) {
    super(
      `Another instance (pid ${pid}) holds the data in ${resolve(dataDir)}. Stop it, or choose another DATA_DIR.`,
    );
  }
}

/** Opening takes 3 s on a fresh folder; a holder without a URL after this long is a pid that something else got. */
const OPENING_MS = 60_000;
const TAKEOVER_MS = 5_000;

const lockFile = (dataDir: string) => join(dataDir, 'postgres.lock');

/** Who holds the folder now; undefined when nobody does or the holder was killed. */
export async function lockHolder(dataDir: string): Promise<LockHolder | undefined> {
  const holder = await readHolder(dataDir);
  return holder && (await isAlive(holder)) ? holder : undefined;
}

/** How long a server that ends when idle outlives its last client: long enough to restart a subgraph by hand. */
export const IDLE_MS = 2_000;

/**
 * Takes the folder, also over from a holder that was killed, and waits for one that is about to end because nobody uses
 * it any more. Throws DataFolderHeld.
 */
export async function lockDataFolder(
  dataDir: string,
  { endsWhenIdle = false }: { endsWhenIdle?: boolean } = {},
): Promise<DataFolderLock> {
  await mkdir(dataDir, { recursive: true });
  if (!endsWhenIdle) await untilIdleHolderEnds(dataDir);
  const mine: LockHolder = { pid: process.pid, url: null, since: Date.now(), endsWhenIdle };
  if (!(await create(dataDir, mine))) {
    await takeOver(dataDir, mine);
  }
  return {
    async publish(url) {
      const next = `${lockFile(dataDir)}.${process.pid}`;
      await writeFile(next, JSON.stringify({ ...mine, url }));
      await rename(next, lockFile(dataDir));
    },
    release: () => unlink(lockFile(dataDir)).catch(() => {}),
  };
}

async function untilIdleHolderEnds(dataDir: string): Promise<void> {
  const deadline = Date.now() + 2 * IDLE_MS;
  while (Date.now() < deadline && (await lockHolder(dataDir))?.endsWhenIdle) await delay(50);
}

async function create(dataDir: string, holder: LockHolder): Promise<boolean> {
  try {
    await writeFile(lockFile(dataDir), JSON.stringify(holder), { flag: 'wx' });
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/**
 * Two processes may find the same dead lock at once: the folder that only one of them can make decides who removes it,
 * so nobody removes the lock that the other has just taken.
 */
async function takeOver(dataDir: string, mine: LockHolder): Promise<void> {
  const guard = `${lockFile(dataDir)}.takeover`;
  const deadline = Date.now() + 2 * TAKEOVER_MS;
  while (Date.now() < deadline) {
    const holder = await lockHolder(dataDir);
    if (holder) throw new DataFolderHeld(dataDir, holder.pid);
    try {
      await mkdir(guard);
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
      const { mtimeMs } = await stat(guard).catch(() => ({ mtimeMs: Date.now() }));
      if (Date.now() - mtimeMs > TAKEOVER_MS) await rmdir(guard).catch(() => {});
      await delay(50);
      continue;
    }
    try {
      const now = await lockHolder(dataDir);
      if (now) throw new DataFolderHeld(dataDir, now.pid);
      await unlink(lockFile(dataDir)).catch(() => {});
      if (await create(dataDir, mine)) return;
    } finally {
      await rmdir(guard).catch(() => {});
    }
  }
  throw new Error(
    `The lock ${resolve(lockFile(dataDir))} cannot be taken over: remove it if nothing is running.`,
  );
}

async function readHolder(dataDir: string): Promise<LockHolder | undefined> {
  const text = await readFile(lockFile(dataDir), 'utf8').catch(() => '');
  try {
    const holder: unknown = JSON.parse(text);
    return isHolder(holder) ? holder : undefined;
  } catch {
    return undefined;
  }
}

function isHolder(value: unknown): value is LockHolder {
  return typeof value === 'object' && value !== null && 'pid' in value && 'url' in value && 'since' in value;
}

async function isAlive({ pid, url, since }: LockHolder): Promise<boolean> {
  if (!processExists(pid)) return false;
  if (url !== null) return answers(url);
  // A clock that was set back must not make a lock last for ever.
  return Math.abs(Date.now() - since) < OPENING_MS || isEmbeddedServer(pid);
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

/** However long it takes to open: a folder taken from a server that is slow or stopped would be open twice. */
function isEmbeddedServer(pid: number): boolean {
  return aboutProcess(pid, 'cmdline').includes('embedded-main');
}

/** A killed process keeps its number until its parent asks for it, and in a container nobody may ever ask. */
function isZombie(pid: number): boolean {
  return /^State:\s+Z/m.test(aboutProcess(pid, 'status'));
}

/** Empty where the system does not tell. */
function aboutProcess(pid: number, what: 'status' | 'cmdline'): string {
  try {
    return readFileSync(`/proc/${pid}/${what}`, 'utf8');
  } catch {
    return '';
  }
}

/** Killed processes' numbers are given out again: a holder must also answer where it said it would. */
async function answers(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  const socket = connect({ port: Number(port), host: hostname, timeout: 1_000 });
  try {
    await Promise.race([once(socket, 'connect'), once(socket, 'timeout').then(() => Promise.reject())]);
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
