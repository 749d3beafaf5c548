// Owns the shape of what a bench has found, as it is written to latest.json, and how rounds become rows.
import type { Measurement } from '../measure/measure-load.ts';
import { ratioOf, type Spread, spreadOf } from '../measure/spread.ts';

export interface Result {
  machine: Machine;
  /** Of this repository: its short hash, with "+" when files differ from it. */
  revision: string;
  versions: Record<string, string>;
  options: { rounds: number; seconds: number; warmUpSeconds: number };
  loads: LoadTable[];
  planning: PlanningTable | undefined;
  /** How long all of it took. */
  seconds: number;
}

export interface Machine {
  cores: number;
  cpu: string;
  node: string;
  /** Over one minute before anything was started: what else ran. */
  loadAverage: number;
  at: string;
}

/** One scenario under load. */
export interface LoadTable {
  name: string;
  title: string;
  connections: number;
  /** What is asked and answered, in words: `answer`: `87 KB`. */
  facts: Record<string, string>;
  /** Whom ratios are to: stock, the other revision, or whom the scenario names. */
  baseline: string;
  ratioOf: RatioOf;
  rows: Row[];
  /** Why none of the rows counts; undefined when they do. */
  invalid: string | undefined;
  /** What stand-in and load generator alone sustain for the fastest row's requests, a second. */
  capacity: number | undefined;
}

/** Of processor time: how many requests each could answer with the same, which holds also where the load is the limit. */
export type RatioOf = 'rates' | 'processor time';

export interface Row {
  peer: string;
  /** Why it was not measured, or not to its end: then there are no figures. */
  failed: string | undefined;
  /** What makes its figures doubtful. */
  doubts: string[];
  figures: Figures | undefined;
  /** To the baseline, round by round. */
  ratio: Spread | undefined;
}

/** Milliseconds and bytes; "each" is for one request. */
export interface Figures extends Record<Varying, Spread> {
  peakMemory: number;
  /** Of one request alone, after warming up. */
  fetchesAlone: number;
  /** The part that was there of what was looked up in a cache, 0 to 1; left out where nothing was. */
  hits?: Spread;
  rounds: Measurement[];
}

const varying = [
  'rps',
  'p50',
  'p99',
  'cpuEach',
  'loadCpuEach',
  'standInCpuEach',
  'fetchesEach',
  'loadCoreBusy',
  'stolen',
] as const;
type Varying = (typeof varying)[number];

/** The first answer to a query that was never planned before, and the pauses of the server meanwhile. */
export interface PlanningTable {
  title: string;
  facts: Record<string, string>;
  rows: PlanningRow[];
}

export interface PlanningRow {
  peer: string;
  failed: string | undefined;
  /** A first start; a start with what the first one kept; a second process beside it. Undefined: not reached. */
  cold: FirstAnswer | undefined;
  restart: FirstAnswer | undefined;
  replica: FirstAnswer | undefined;
}

export interface FirstAnswer {
  /** Milliseconds; undefined when it did not come within the time limit. */
  took: number | undefined;
  /** The longest wait of somebody else for a cheap answer meanwhile, and in the second before. */
  gap: number;
  gapBefore: number;
  fetches: number;
}

export interface RoundsOf {
  peer: string;
  failed?: string | undefined;
  rounds: Measurement[];
  peakMemory: number;
  fetchesAlone: number;
  /** Of the answer that was compared, in bytes. */
  answerBytes: number;
}

/** Rows in the order of the peers. A peer without rounds, or with a failure, has no figures. */
export function rowsOf(measured: readonly RoundsOf[], baseline: string, by: RatioOf = 'rates'): Row[] {
  const rates = (peer: string) =>
    measured
      .find((one) => one.peer === peer && one.failed === undefined)
      ?.rounds.map(({ rps, cpuEach }) => (by === 'rates' ? rps : 1 / cpuEach)) ?? [];
  return measured.map(({ peer, failed, rounds, peakMemory, fetchesAlone, answerBytes }) => {
    const figures = failed === undefined ? figuresOf(rounds) : undefined;
    const hits = spreadOf(rounds.flatMap((round) => (round.hits === undefined ? [] : [round.hits])));
    return {
      peer,
      failed: failed ?? (figures === undefined ? 'it was not measured' : undefined),
      doubts: figures === undefined ? [] : doubtsOf(rounds, answerBytes),
      figures: figures && { ...figures, peakMemory, fetchesAlone, ...(hits && { hits }), rounds },
      ratio: figures && ratioOf(rates(peer), rates(baseline)),
    };
  });
}

function figuresOf(rounds: readonly Measurement[]): Record<Varying, Spread> | undefined {
  if (rounds.length === 0) return undefined;
  const zero = { median: 0, min: 0, max: 0 };
  return Object.fromEntries(
    varying.map((key) => [key, spreadOf(rounds.map((round) => round[key])) ?? zero]),
  ) as Record<Varying, Spread>;
}

function doubtsOf(rounds: readonly Measurement[], answerBytes: number): string[] {
  const sum = (of: (round: Measurement) => number) => rounds.reduce((total, round) => total + of(round), 0);
  const failures = sum((round) => round.failures);
  const hasty = rounds.filter(({ steady }) => !steady).length;
  const misses = sum((round) => round.misses);
  const stolen = Math.max(...rounds.map((round) => round.stolen));
  const busy = Math.max(...rounds.map(({ loadCoreBusy }) => loadCoreBusy));
  // What wrk had read of answers that were cut off is in the mean too, so it may well be more.
  const short = rounds.some(({ bytes }) => bytes < answerBytes);
  return [
    ...(failures > 0 ? [`${failures} requests failed`] : []),
    ...(hasty > 0 ? [`in ${hasty} rounds too few answers came for a steady rate`] : []),
    ...(misses > 0 ? [`${misses} fetches went to the origin`] : []),
    ...(short ? ['under load its answers are shorter'] : []),
    // Then it may be the load that is measured, whatever load and stand-in can do alone.
    ...(busy > 0.9 ? [`the load's core was busy up to ${Math.round(busy * 100)} %`] : []),
    ...(stolen > 0.15 ? [`others had up to ${Math.round(stolen * 100)} % of a core`] : []),
  ];
}

/**
 * What core 1 alone would sustain for the fastest row, a second: `loadEach` is the milliseconds of processor time that
 * the load spends there on one answer of this length when nobody but the stand-in answers, to which what the stand-in
 * spends on the fetches of a request is added. Ratios of rates are not valid where that is too little.
 */
export function capacityFor(
  rows: readonly Row[],
  loadEach: number,
  by: RatioOf = 'rates',
): { capacity: number; invalid?: string } {
  const fastest = rows
    .flatMap(({ peer, figures }) => (figures === undefined ? [] : [{ peer, figures }]))
    .reduce<{ peer: string; figures: Figures } | undefined>(
      (best, one) => (best === undefined || one.figures.rps.median > best.figures.rps.median ? one : best),
      undefined,
    );
  const capacity = 1_000 / (loadEach + (fastest?.figures.standInCpuEach.median ?? 0));
  const isEnough = fastest === undefined || capacity >= 1.5 * fastest.figures.rps.median;
  if (isEnough || by === 'processor time') return { capacity };
  return {
    capacity,
    invalid:
      `Load and stand-in alone sustain ${Math.round(capacity)} requests a second, ` +
      `less than 1.5 times the ${Math.round(fastest.figures.rps.median)} of ${fastest.peer}.`,
  };
}
