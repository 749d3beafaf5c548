// Owns recorded usage as it is read again: the files of all processes and days of one BFF, put together.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartupProblem } from '../foundation/startup-problem.ts';
import { isUsageFile, type UsageFile, usageFilePattern } from './usage-file.ts';

/** Of one client, version and operation; times are RFC 3339. */
export interface RecordedUse {
  /** As it called itself; undefined where it said nothing. */
  client: string | undefined;
  version: string | undefined;
  operation: string | undefined;
  /** SHA-256 of the operation's text. */
  id: string;
  /** Coordinates that the text names, and those that its variables may have named. */
  named: ReadonlySet<string>;
  possible: ReadonlySet<string>;
  count: number;
  first: string;
  last: string;
}

/** Of all whom a router did not tell apart any more. */
export interface RecordedOthers {
  coordinate: string;
  /** Whether a text named it; else only variables may have. */
  named: boolean;
  count: number;
  first: string;
  last: string;
}

export interface RecordedUsage {
  uses: RecordedUse[];
  others: RecordedOthers[];
  /** How many files it was read from. */
  files: number;
}

/** No folder is no usage. Throws a StartupProblem that names a file which cannot be used. */
export async function readUsage(folder: string, bff: string): Promise<RecordedUsage> {
  const own = join(folder, bff);
  const uses = new Map<string, RecordedUse>();
  const others = new Map<string, RecordedOthers>();
  let files = 0;
  for (const name of (await namesIn(own)).filter((one) => usageFilePattern.test(one)).sort()) {
    const file = await readUsageFile(join(own, name));
    if (file === undefined) continue;
    files += 1;
    for (const use of usesIn(file)) {
      const key = JSON.stringify([use.client ?? null, use.version ?? null, use.operation ?? null, use.id]);
      put(uses, key, use);
    }
    for (const use of file.others) put(others, use.coordinate, use);
  }
  return { uses: [...uses.values()], others: [...others.values()], files };
}

/** What a later file says of an operation holds: the schema may have changed. */
function put<Use extends RecordedUse | RecordedOthers>(all: Map<string, Use>, key: string, use: Use): void {
  const known = all.get(key);
  if (known === undefined) {
    all.set(key, use);
    return;
  }
  all.set(key, {
    ...use,
    count: known.count + use.count,
    first: known.first < use.first ? known.first : use.first,
    last: known.last > use.last ? known.last : use.last,
  });
}

function usesIn({ coordinates, operations, rows }: UsageFile): RecordedUse[] {
  const name = (place: number): string => coordinates[place] ?? '';
  const known = operations.map((operation) => ({
    operation: operation.name,
    id: operation.id,
    named: new Set(operation.named.map(name)),
    possible: new Set(operation.possible.map(name)),
  }));
  return rows.flatMap(({ client, version, operation, count, first, last }) => {
    const used = known[operation];
    return used === undefined ? [] : { client, version, ...used, count, first, last };
  });
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if ('code' in error && error.code === 'ENOENT') return [];
    throw new StartupProblem(`The usage in ${folder} cannot be read: ${error.message}.`);
  }
}

/** Undefined when it was taken away meanwhile. */
async function readUsageFile(path: string): Promise<UsageFile | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if ('code' in error && error.code === 'ENOENT') return undefined;
    throw new StartupProblem(`The usage in ${path} cannot be read: ${error.message}.`);
  }
  const value = parsed(text);
  if (!isUsageFile(value))
    throw new StartupProblem(`${path} holds no usage that can be read here: move it away.`);
  return value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
