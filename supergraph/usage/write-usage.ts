// Owns usage files as they are made of a table, put in their place at once, and taken away when they are old.
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { dayOf, type UsageFile } from './usage-file.ts';
import type { Count, OperationUse, UsageTable } from './usage-table.ts';

/** What was counted since the table was emptied. */
export function usageFile(table: UsageTable, bff: string, day: string): UsageFile {
  const coordinates = new Map<string, number>();
  const operations = new Map<OperationUse, number>();
  const file: UsageFile = {
    format: 'tributary-usage',
    version: 1,
    bff,
    day,
    coordinates: [],
    operations: [],
    rows: [],
    others: [],
  };
  const place = (coordinate: string): number => placeOf(coordinate, coordinates, file.coordinates);
  for (const row of table) {
    if (row.count === 0) continue;
    let index = operations.get(row.use);
    if (index === undefined) {
      const { id, name, named, possible } = row.use.operation;
      index = file.operations.length;
      operations.set(row.use, index);
      file.operations.push({
        id,
        ...(name !== undefined && { name }),
        named: named.map(place),
        possible: possible.map(place),
      });
    }
    const { name, version } = row.client;
    file.rows.push({
      ...(name !== undefined && { client: name }),
      ...(version !== undefined && { version }),
      operation: index,
      ...timesOf(row),
    });
  }
  for (const [coordinate, use] of table.othersByCoordinate) {
    if (use.count > 0) file.others.push({ coordinate, named: use.named, ...timesOf(use) });
  }
  return file;
}

function placeOf(coordinate: string, places: Map<string, number>, all: string[]): number {
  let place = places.get(coordinate);
  if (place === undefined) {
    place = all.push(coordinate) - 1;
    places.set(coordinate, place);
  }
  return place;
}

function timesOf({ count, first, last }: Count): { count: number; first: string; last: string } {
  return { count, first: new Date(first).toISOString(), last: new Date(last).toISOString() };
}

/** Readers see the file of before or this one, never half of one. */
export async function putFile(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.tmp`, content);
  await rename(`${path}.tmp`, path);
}

/** Takes away what is of a day before `since`, halves of files included; a folder that is not there is empty. */
export async function pruneUsage(folder: string, since: number): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  for (const name of names) {
    const day = /^(\d{4}-\d{2}-\d{2})-[0-9a-f-]{36}\.json(?:\.tmp)?$/.exec(name)?.[1];
    if (day !== undefined && day < dayOf(since)) await rm(join(folder, name), { force: true });
  }
}
