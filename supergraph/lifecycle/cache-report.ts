// Owns what `npm run cache` says: a table of what is held by each BFF, with times that count from now; and what was dropped.
import type { HeldEntry, Told } from '../cache/cache-desk.ts';
import { everything } from '../cache/changes.ts';
import { textTable } from './text-table.ts';

/** What was looked for. */
export interface Wanted {
  mark: string;
  /** At the beginning of a sentence, and after "nothing is held". */
  title: string;
  of: string;
}

export type HeldByBff = Readonly<Record<string, readonly HeldEntry[]>>;

/** Of each BFF; where it is as many there may be more. */
export const mostShown = 100;

const longestCell = 60;

/**
 * A table for each BFF that holds something, another one for what may hold it and would be dropped with it, and a sentence about
 * BFFs without either.
 */
export function heldReport(wanted: Wanted, bffs: HeldByBff): string {
  const all = Object.entries(bffs);
  const empty = all.filter(([, held]) => held.length === 0).map(([bff]) => bff);
  const title = plain(wanted.title);
  const tables = all.flatMap(([bff, held]) => {
    const more = held.length < mostShown ? '' : ', the most recently used; there may be more';
    const named = held.filter(({ by }) => by === wanted.mark);
    const others = held.filter(({ by }) => by !== wanted.mark);
    const may = `May hold ${title} in ${bff}, and is dropped with it: ${counted(others.length)}${more}.`;
    return [
      ...(named.length > 0
        ? [
            `${title} in ${bff}: ${counted(named.length)}${others.length > 0 ? '' : more}.\n\n${table(wanted, named)}`,
          ]
        : []),
      ...(others.length > 0 ? [`${may}\n\n${table(wanted, others)}`] : []),
    ];
  });
  const nothing = `Nothing is held${plain(wanted.of)} in ${empty.join(', ')}.`;
  return [...tables, ...(empty.length > 0 ? [nothing] : [])].join('\n\n');
}

const head = ['level', 'subgraph', 'what', 'for', 'age', 'fresh for', 'stale for', 'on failure for'];

function table(wanted: Wanted, held: readonly HeldEntry[]): string {
  const rows = held.map((entry) => [
    ...[entry.level, entry.subgraph, entry.of, entry.scope],
    inWords(entry.age),
    left(entry.freshFor),
    entry.staleWhileRevalidate > 0 ? left(entry.freshFor + entry.staleWhileRevalidate) : '-',
    entry.staleIfError > 0 ? left(entry.freshFor + entry.staleIfError) : '-',
    entry.why,
    `${entry.bytes}`,
    entry.marks.filter((mark) => mark !== wanted.mark && mark !== everything).join(' '),
    entry.selection,
  ]);
  return textTable([[...head, 'why', 'bytes', 'marks', 'selection'], ...rows.map((row) => row.map(short))]);
}

const left = (milliseconds: number): string => (milliseconds > 0 ? inWords(milliseconds) : 'over');

function inWords(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.max(0, Math.round(milliseconds))} ms`;
  const seconds = Math.round(milliseconds / 1000);
  const [minutes, hours] = [Math.floor(seconds / 60), Math.floor(seconds / 3600)];
  if (minutes === 0) return `${seconds} s`;
  if (hours === 0) return `${minutes} min ${seconds % 60} s`;
  return hours < 24 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

const counted = (entries: number): string => `${entries} ${entries === 1 ? 'entry' : 'entries'}`;

const whoWasTold: Readonly<Record<Told, string>> = {
  all: '; all replicas were told.',
  none: '; without REDIS_URL no other process was told.',
  unsure: '.',
};

export function isTold(told: unknown): told is Told {
  return typeof told === 'string' && Object.hasOwn(whoWasTold, told);
}

export function purgeReport(dropped: number, told: Told): string {
  return `${dropped === 0 ? 'Nothing was held here' : `Dropped ${counted(dropped)} here`}${whoWasTold[told]}`;
}

function short(cell: string): string {
  const text = plain(cell);
  return text.length > longestCell ? `${text.slice(0, longestCell - 1)}…` : text;
}

/** On one line; ids and tags come from elsewhere, and a terminal obeys some characters. */
export function plain(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\p{Cc}\p{Cf}]/gu, '\uFFFD');
}
