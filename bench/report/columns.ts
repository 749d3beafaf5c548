// Owns what a row says and how figures are written: the same columns on a terminal and in Markdown.
import type { Spread } from '../measure/spread.ts';
import type { FirstAnswer, LoadTable, PlanningTable, Result } from './result.ts';

/** A table of texts, with what must be read before and after it. */
export interface Sheet {
  title: string;
  /** Facts of the scenario in one line. */
  facts: string;
  head: readonly string[];
  rows: readonly (readonly string[])[];
  /** Doubts, failures, and why a table is invalid. */
  notes: readonly string[];
}

export function sheetsOf(result: Result): Sheet[] {
  return [
    ...result.loads.map(loadSheet),
    ...(result.planning === undefined ? [] : [planningSheet(result.planning)]),
  ];
}

function loadSheet(table: LoadTable): Sheet {
  const { title, connections, facts, baseline, ratioOf, rows, invalid, capacity } = table;
  const hasHits = rows.some(({ figures }) => figures?.hits !== undefined);
  const head = [
    '',
    'rps',
    `to ${baseline}`,
    'p50 ms',
    'p99 ms',
    'CPU ms',
    'peak RSS MB',
    'fetches',
    ...(hasHits ? ['hits'] : []),
    'load core',
  ];
  return {
    title,
    facts: factsLine({
      ...facts,
      connections: String(connections),
      ...(ratioOf !== 'rates' && { 'ratios of': ratioOf }),
      ...(capacity !== undefined && { 'load and stand-in alone': `${figure(capacity)} rps` }),
    }),
    head,
    rows: rows.map(({ peer, figures, ratio }) => {
      const name = invalid === undefined ? peer : `${peer} (invalid)`;
      if (figures === undefined) return [name, ...head.slice(1).map(() => '–')];
      return [
        name,
        spread(figures.rps),
        ratio === undefined ? '–' : `${spread(ratio)}×`,
        spread(figures.p50),
        spread(figures.p99),
        spread(figures.cpuEach),
        figure(figures.peakMemory / 2 ** 20),
        figure(figures.fetchesEach.median),
        ...(hasHits ? [percent(figures.hits)] : []),
        `${Math.round(figures.loadCoreBusy.median * 100)} %`,
      ];
    }),
    notes: [
      ...(invalid === undefined ? [] : [`INVALID: ${invalid}`]),
      ...rows.flatMap(({ peer, failed, doubts }) =>
        [...(failed === undefined ? [] : [failed]), ...doubts].map((note) => `${peer}: ${note}`),
      ),
    ],
  };
}

function planningSheet({ title, facts, rows }: PlanningTable): Sheet {
  const first = (one: FirstAnswer | undefined) => [
    one === undefined ? '–' : one.took === undefined ? 'none in time' : `${figure(one.took)}`,
    one === undefined ? '–' : figure(one.gap),
  ];
  return {
    title,
    facts: factsLine(facts),
    head: [
      '',
      'first answer ms',
      'gap ms',
      'gap before ms',
      'fetches',
      'restarted ms',
      'gap ms',
      'replica ms',
      'gap ms',
    ],
    rows: rows.map(({ peer, cold, restart, replica }) => [
      peer,
      ...first(cold),
      cold === undefined ? '–' : figure(cold.gapBefore),
      cold === undefined ? '–' : String(cold.fetches),
      ...first(restart),
      ...first(replica),
    ]),
    notes: rows.flatMap(({ peer, failed }) => (failed === undefined ? [] : [`${peer}: ${failed}`])),
  };
}

function factsLine(facts: Record<string, string>): string {
  return Object.entries(facts)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');
}

/** With the digit that tells a few misses from none. */
function percent(part: Spread | undefined): string {
  return part === undefined ? '–' : `${(part.median * 100).toFixed(1)} %`;
}

/** The median, with the least and the most behind it. */
export function spread({ median, min, max }: Spread): string {
  return min === max ? figure(median) : `${figure(median)} (${figure(min)}–${figure(max)})`;
}

/** Three digits that count; whole numbers from a hundred on. */
export function figure(value: number): string {
  const size = Math.abs(value);
  if (size >= 100) return Math.round(value).toLocaleString('en-US');
  return size >= 10 ? value.toFixed(1) : size >= 1 ? value.toFixed(2) : value.toFixed(3);
}

/** What a reader must know to repeat it. */
export function circumstances({ machine, revision, versions, options, seconds }: Result): string[] {
  const peers = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `${machine.at}, revision ${revision}, ${(seconds / 60).toFixed(1)} minutes`,
    `${machine.cores} cores of ${machine.cpu}, Node ${machine.node}, load average at the start ${machine.loadAverage.toFixed(2)}`,
    `${options.rounds} interleaved rounds of ${options.seconds} s after ${options.warmUpSeconds} s to warm up; medians, least and most in brackets`,
    ...(peers.length > 0 ? [peers.join(', ')] : []),
  ];
}
