// Owns the shop's subgraphs as the bench's origin: those of `npm start`, with a database and ports of their own.
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Child, startChild } from '../../../deploy/child.ts';
import { type Layout, layout } from '../../../deploy/parts.ts';
import { takenPorts } from '../../../deploy/ports.ts';
import type { Origin } from '../origin.ts';

const firstPort = 21_000;

/** Resolves when all nine answer, with a database that was seeded anew. */
export async function startShop(): Promise<Origin> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-shop-'));
  // Whoever breaks the bench off leaves no database behind; what still writes to it ends with this process.
  const removeAtOnce = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  process.once('exit', removeAtOnce);
  const { data, subgraphs } = await freeLayout();
  const children: Child[] = [];
  const stop = async () => {
    for (const child of children.splice(0).reverse()) await child.stop(2_000);
    await rm(folder, { recursive: true, force: true });
    process.off('exit', removeAtOnce);
  };
  // A database server that this shell is meant for is not to be filled by a bench.
  const environment = { DATA_DIR: folder, DATABASE_URL: '' };
  try {
    for (const part of [...(data ? [data] : []), ...subgraphs]) {
      const own = { ...part, environment: { ...part.environment, ...environment } };
      const child = startChild(own, () => {});
      children.push(child);
      await child.ready;
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const serves = subgraphs.flatMap((part) => part.serves);
  return { addresses: Object.fromEntries(serves.map(({ name, url }) => [name, url])), stop };
}

async function freeLayout(): Promise<Layout> {
  for (let port = firstPort + (process.pid % 10_000); ; port += 211) {
    const found = layout({ separate: false, embedded: true, port });
    const addresses = found.subgraphs.flatMap(({ serves }) => serves);
    if ((await takenPorts('127.0.0.1', addresses)).length === 0) return found;
  }
}
