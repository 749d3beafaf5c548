// Owns plans on disk: one file each, written whole or not at all, readable for other processes, bounded all together.
import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PlannerLog } from './create-planner.ts';
import { decodePlan, encodePlan, sha256 } from './encode-plan.ts';
import type { QueryPlan } from './plan.ts';

export interface PlanFolder {
  /** Undefined when there is no plan, or none that can be trusted. Never rejects. */
  read: (operation: string) => Promise<QueryPlan | undefined>;
  /** In the background; what cannot be written is told in the log. */
  write: (operation: string, plan: QueryPlan) => void;
  /** Resolves when everything is written. */
  close: () => Promise<void>;
}

export interface PlanFolderOptions {
  path: string;
  /** Plans of another version are another graph's, and are never read. */
  version: string;
  files: number;
  bytes: number;
  log?: PlannerLog;
}

interface StoredFile {
  path: string;
  size: number;
  /** Milliseconds since 1970 when it was last written or read by a process that had not had it. */
  usedAt: number;
}

const largestFile = 16_000_000;
const longestBacklog = 1_000;
/** Other processes write too: what is there is counted anew after so many files of our own. */
const writesBetweenCounts = 100;
/** A process that was killed leaves half a file behind; nobody writes one for so many milliseconds. */
const oldestHalfFile = 3_600_000;

const versionFolder = /^[0-9a-f]{32}$/;
const planFile = /^[0-9a-f]{64}\.plan$/;
const halfFile = /^[0-9a-f]{64}\.[0-9a-f-]{36}\.half$/;

export function createPlanFolder(options: PlanFolderOptions): PlanFolder {
  const { path, version, log } = options;
  const folder = join(path, sha256(version).slice(0, 32));
  // As JSON, because halves of characters, which a text may hold, are all the same to a hash.
  const nameOf = (operation: string): string => sha256(JSON.stringify(operation));
  const fileOf = (operation: string): string => join(folder, `${nameOf(operation)}.plan`);
  let writing = Promise.resolve();
  let backlog = 0;
  let isWritable = true;
  let left = { files: 0, bytes: 0, writes: 0 };

  async function store(operation: string, plan: QueryPlan): Promise<void> {
    const text = encodePlan({ version, operation }, plan);
    const size = Buffer.byteLength(text);
    if (size > Math.min(largestFile, options.bytes)) return;
    if (left.files < 1 || left.bytes < size || left.writes < 1) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      left = await makeRoom(options, size);
    }
    const half = join(folder, `${nameOf(operation)}.${randomUUID()}.half`);
    try {
      await writeFile(half, text, { mode: 0o600 });
      await rename(half, fileOf(operation));
    } catch (error) {
      await rm(half, { force: true });
      throw error;
    }
    left = { files: left.files - 1, bytes: left.bytes - size, writes: left.writes - 1 };
  }

  return {
    async read(operation) {
      const file = fileOf(operation);
      try {
        const plan = decodePlan(await readBounded(file), { version, operation });
        if (plan === undefined) log?.warn({ file }, 'a plan on disk cannot be used and will be made anew');
        // What is used stays when room is made; that it cannot be said is no harm.
        else if (isWritable) void utimes(file, new Date(), new Date()).catch(() => {});
        return plan;
      } catch (error) {
        if (!['ENOENT', 'ENOTDIR'].includes(String(codeOf(error))))
          log?.warn({ err: error, file }, 'a plan on disk cannot be read');
        return undefined;
      }
    },
    write(operation, plan) {
      if (!isWritable || backlog >= longestBacklog) return;
      backlog += 1;
      writing = writing
        .then(async () => {
          if (!isWritable) return;
          await store(operation, plan).catch(async (error: unknown) => {
            if (codeOf(error) !== 'ENOENT') throw error;
            // Somebody emptied the folder.
            left = { files: 0, bytes: 0, writes: 0 };
            await store(operation, plan);
          });
        })
        .catch((error: unknown) => {
          isWritable = false;
          log?.warn({ err: error, folder: path }, 'plans are not kept on disk any more');
        })
        .finally(() => {
          backlog -= 1;
        });
    },
    close: () => writing,
  };
}

/** Deletes the least recently used until a tenth of the room is free, and at least `wanted` bytes. */
async function makeRoom(
  { path, files, bytes }: PlanFolderOptions,
  wanted: number,
): Promise<{ files: number; bytes: number; writes: number }> {
  const stored = (await storedFiles(path)).sort((a, b) => a.usedAt - b.usedAt);
  let used = stored.reduce((sum, { size }) => sum + size, 0);
  let count = stored.length;
  const isFull = count + 1 > files || used + wanted > bytes;
  const goal = isFull
    ? { files: Math.min(files - 1, Math.floor(files * 0.9)), bytes: Math.min(bytes - wanted, bytes * 0.9) }
    : { files, bytes };
  for (const { path: file, size } of stored) {
    if (count <= goal.files && used <= goal.bytes) break;
    await rm(file, { force: true });
    count -= 1;
    used -= size;
  }
  return { files: files - count, bytes: bytes - used, writes: writesBetweenCounts };
}

/** Plans of all versions; nothing that is not ours is looked at, and half files that nobody will finish are deleted. */
async function storedFiles(path: string): Promise<StoredFile[]> {
  const stored: StoredFile[] = [];
  for (const version of await readdir(path)) {
    if (!versionFolder.test(version)) continue;
    for (const name of await readdir(join(path, version)).catch(() => [])) {
      const file = join(path, version, name);
      // Another process may have deleted it meanwhile.
      const facts = await stat(file).catch(() => undefined);
      if (!facts?.isFile()) continue;
      if (planFile.test(name)) stored.push({ path: file, size: facts.size, usedAt: facts.mtimeMs });
      else if (halfFile.test(name) && Date.now() - facts.mtimeMs > oldestHalfFile)
        await rm(file, { force: true });
    }
  }
  return stored;
}

async function readBounded(file: string): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    return size > largestFile ? '' : await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
