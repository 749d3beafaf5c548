// Owns `npm run usage`: which clients use an element of the schema, or which elements are used most.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadBff } from '../declaration/load-bff.ts';
import { StartupProblem } from '../foundation/startup-problem.ts';
import { didYouMean } from '../foundation/suggest.ts';
import { readUsage } from '../usage/read-usage.ts';
import { isPartOf, schemaCoordinates } from './schema-coordinates.ts';
import { mostUsed, type UsedBff, usersOf } from './usage-report.ts';
import { clientSchema, usageFolder, wantedBffs } from './wanted-bffs.ts';

const usage = `Usage: npm run usage -- [<coordinate>] [--folder <folder>] [--bff <folder>]
  <coordinate>  such as Product.price, Query.products(first:), ProductSort.NAME or Product; without it all that is used
  --folder      where routers write what is used (USAGE_FOLDER, or .data/usage)
  --bff         the folder of a BFF (every bff-*)`;

try {
  const { coordinate, folder, bff } = readFlags(process.argv.slice(2));
  const bffs = await Promise.all((await wantedBffs(bff)).map((one) => readBff(one, folder)));
  if (coordinate === undefined) console.log(bffs.map(mostUsed).join('\n\n'));
  else {
    const known = bffs.filter((one) => coordinatesOf(one).has(coordinate));
    if (known.length === 0) throw new StartupProblem(unknown(coordinate, bffs));
    console.log(known.map((one) => usersOf(coordinate, one)).join('\n\n'));
  }
} catch (error) {
  process.exitCode = 1;
  console.error(error instanceof StartupProblem ? error.message : error);
}

async function readBff(bff: string, folder: string): Promise<UsedBff> {
  const { name } = await loadBff(join(bff, 'bff.ts'));
  return { name, schema: await clientSchema(bff), usage: await readUsage(folder, name) };
}

/** Those that clients see, and those of yesterday that are in what is recorded. */
function coordinatesOf({ schema, usage: recorded }: UsedBff): Set<string> {
  const all = new Set(schemaCoordinates(schema).keys());
  for (const { named, possible } of recorded.uses) {
    for (const coordinate of [...named, ...possible]) addWithWholes(all, coordinate);
  }
  for (const { coordinate } of recorded.others) addWithWholes(all, coordinate);
  return all;
}

function addWithWholes(all: Set<string>, coordinate: string): void {
  for (const whole of [coordinate, coordinate.split('(')[0] ?? '', coordinate.split('.')[0] ?? '']) {
    if (whole === coordinate || isPartOf(coordinate, whole)) all.add(whole);
  }
}

function unknown(coordinate: string, bffs: readonly UsedBff[]): string {
  const known = new Set(bffs.flatMap((one) => [...coordinatesOf(one)]));
  const where = bffs.map(({ name }) => name).join(', ');
  return `There is no ${coordinate} in ${where}, and none is recorded.${didYouMean(coordinate, known)}`;
}

function readFlags(args: string[]): { coordinate?: string; folder: string; bff: string | undefined } {
  const { values, positionals } = parse(args);
  const [coordinate, ...more] = positionals;
  if (more.length > 0) throw new StartupProblem(`One coordinate at a time.\n${usage}`);
  return {
    ...(coordinate !== undefined && { coordinate }),
    folder: usageFolder(values.folder),
    bff: values.bff,
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: { folder: { type: 'string' }, bff: { type: 'string' } },
      allowPositionals: true,
    });
  } catch (error) {
    throw new StartupProblem(`${error instanceof Error ? error.message : error}\n${usage}`);
  }
}
