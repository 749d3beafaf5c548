// Owns what `npm run usage` says: who uses an element of a schema, or how much each of them is used.
import type { GraphQLSchema } from 'graphql';
import { readDeprecation } from '../foundation/deprecation.ts';
import type { RecordedUsage, RecordedUse } from '../usage/read-usage.ts';
import { isPartOf, schemaCoordinates } from './schema-coordinates.ts';
import { textTable } from './text-table.ts';

export interface UsedBff {
  name: string;
  schema: GraphQLSchema;
  usage: RecordedUsage;
}

interface Uses {
  count: number;
  last: string;
}

/** How a client is called that says nothing, and those who are not told apart. */
export const unnamed = '(not said)';
export const others = '(others)';

/** Who used a coordinate, or a type or any part of it. */
export function usersOf(coordinate: string, { name, schema, usage }: UsedBff): string {
  const isMeant = (used: string): boolean => used === coordinate || isPartOf(used, coordinate);
  const rows: { cells: string[]; count: number }[] = [];
  for (const use of usage.uses) {
    const isNamed = [...use.named].some(isMeant);
    if (!isNamed && ![...use.possible].some(isMeant)) continue;
    const cells = [use.client ?? unnamed, use.version ?? unnamed, use.operation ?? unnamed];
    rows.push({ cells: [...cells, ...timesOf(use, isNamed)], count: use.count });
  }
  for (const use of usage.others.filter((other) => isMeant(other.coordinate))) {
    rows.push({ cells: [others, others, others, ...timesOf(use, use.named)], count: use.count });
  }
  rows.sort((a, b) => b.count - a.count);
  const reason = schemaCoordinates(schema).get(coordinate);
  const total = rows.reduce((sum, { count }) => sum + count, 0);
  const title = `${coordinate} in ${name}: ${total === 0 ? 'nobody used it' : counted(total)}${period(usage)}.`;
  return [
    title,
    ...(reason === undefined ? [] : [`Deprecated: ${reason}`]),
    ...(rows.length === 0
      ? []
      : [
          '',
          textTable([
            ['client', 'version', 'operation', 'uses', 'first', 'last'],
            ...rows.map(({ cells }) => cells),
          ]),
        ]),
    ...(rows.some(({ cells }) => cells[3]?.startsWith('≤'))
      ? ['', '≤: a variable of theirs may have held it.']
      : []),
  ].join('\n');
}

/** All coordinates by use, those that will go before the others. */
export function mostUsed({ name, schema, usage }: UsedBff): string {
  const uses = new Map<string, Uses>();
  const add = (coordinate: string, { count, last }: Uses) => {
    const known = uses.get(coordinate);
    const latest = known && known.last > last ? known.last : last;
    uses.set(coordinate, { count: (known?.count ?? 0) + count, last: latest });
  };
  for (const use of usage.uses) for (const coordinate of use.named) add(coordinate, use);
  for (const use of usage.others) if (use.named) add(use.coordinate, use);

  const known = schemaCoordinates(schema);
  const deprecated = [...known].flatMap(([coordinate, reason]) => {
    if (reason === undefined) return [];
    const { successor = '', ends = '' } = readDeprecation(reason);
    const { count = 0, last = '' } = uses.get(coordinate) ?? {};
    return [{ cells: [String(count), coordinate, day(last), ends, successor], count }];
  });
  const rest = [...uses]
    .filter(([coordinate]) => known.get(coordinate) === undefined)
    .map(([coordinate, { count, last }]) => {
      // Recorded, and not to be had any more.
      const gone = known.has(coordinate) ? [] : ['gone'];
      return { cells: [String(count), coordinate, day(last), ...gone], count };
    });
  const table = (head: string[], rows: { cells: string[]; count: number }[]) =>
    textTable([head, ...rows.sort((a, b) => b.count - a.count).map(({ cells }) => cells)]);
  return [
    `${name}: ${usage.files === 0 ? 'no usage is recorded' : `${usage.files === 1 ? 'one file' : `${usage.files} files`} of usage`}${period(usage)}.`,
    ...(deprecated.length > 0
      ? ['', table(['uses', 'deprecated', 'last', 'ends', 'successor'], deprecated)]
      : []),
    ...(rest.length > 0 ? ['', table(['uses', 'coordinate', 'last'], rest)] : []),
  ].join('\n');
}

/** Such as `ios 3.1.0`. */
export function clientOf({ client, version }: Pick<RecordedUse, 'client' | 'version'>): string {
  return client === undefined ? unnamed : version === undefined ? client : `${client} ${version}`;
}

export function counted(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

function timesOf({ count, first, last }: Uses & { first: string }, isNamed: boolean): string[] {
  return [`${isNamed ? '' : '≤ '}${count}`, minute(first), minute(last)];
}

function period({ uses, others: more }: RecordedUsage): string {
  const all = [...uses, ...more];
  if (all.length === 0) return '';
  const from = all.reduce((least, { first }) => (first < least ? first : least), all[0]?.first ?? '');
  const until = all.reduce((most, { last }) => (last > most ? last : most), '');
  return ` (recorded from ${day(from)} to ${day(until)})`;
}

function minute(time: string): string {
  return time.slice(0, 16).replace('T', ' ');
}

function day(time: string): string {
  return time.slice(0, 10);
}
