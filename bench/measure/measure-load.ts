// Owns one measurement: a gateway under load for some seconds, and what it, the load and the subgraphs spent on it.
import { setTimeout } from 'node:timers/promises';
import { type Load, type LoadResult, runWrk } from '../load/wrk.ts';
import type { StandIn, Stats } from '../stand-in/stand-in.ts';
import type { Gateway } from './gateway.ts';
import { hitRatio } from './lookups.ts';
import { coreBusy, endedChildrenCpu, groupCpu, processCpu } from './proc.ts';
import type { OwnedProcess, Processes } from './processes.ts';

/** Times are milliseconds, "each" is for one request. */
export interface Measurement {
  /** Whether enough answers came to count without the beginning and the end. */
  steady: boolean;
  rps: number;
  p50: number;
  p99: number;
  /** Processor time of the gateway, all its processes and threads. */
  cpuEach: number;
  /** Of the load generator and of the stand-in. */
  loadCpuEach: number;
  standInCpuEach: number;
  fetchesEach: number;
  /** The part that was there of what the gateway looked up in its cache, 0 to 1; undefined where it does not tell. */
  hits: number | undefined;
  /** Fetches that the stand-in did not know: then the origin was measured too. */
  misses: number;
  /** Answers that were no 200, connections that broke, answers that did not come. */
  failures: number;
  /** Mean length of an answer with its head. */
  bytes: number;
  /** How busy the load's core was, 0 to 1. */
  loadCoreBusy: number;
  /** How much somebody else had of the gateway's core or of the load's, whichever is more, 0 to 1. */
  stolen: number;
}

export interface LoadSetup {
  processes: Processes;
  standIn: StandIn;
  gatewayCore: number;
  load: Load;
}

/**
 * What a request costs is taken from the time in which everybody who asks had an answer before, because what the end of
 * the load cuts off is much of a slow gateway's work and nothing of a quick one's.
 */
export async function measureLoad(
  { process: gateway, lookups }: Pick<Gateway, 'process' | 'lookups'>,
  setup: LoadSetup,
): Promise<Measurement> {
  const { processes, standIn, gatewayCore, load } = setup;
  await standIn.reset();
  const lookupsBefore = await lookups();
  const cores = () => ({ at: now(), gateway: coreBusy(gatewayCore), load: coreBusy(load.core) });
  const childrenBefore = endedChildrenCpu();
  const before = cores();
  const sampler = startSampler(gateway, standIn);
  const result: LoadResult = await runWrk(processes, load);
  const after = cores();
  await untilQuiet(gateway);
  const { samples, stats } = await sampler.stop();
  const { steady, sent } = result;
  const spent = (of: (sample: Sample) => number) => {
    const [first, last] = [samples[0], samples.at(-1)];
    if (first === undefined || last === undefined) return 0;
    if (steady === undefined) return (of(last) - of(first)) / Math.max(1, sent);
    return (valueAt(samples, steady.to, of) - valueAt(samples, steady.from, of)) / steady.answers;
  };
  const wall = after.at - before.at;
  const during = (of: (sample: Sample) => number) =>
    valueAt(samples, after.at, of) - valueAt(samples, before.at, of);
  const loadCpu = endedChildrenCpu() - childrenBefore;
  const loadBusy = after.load - before.load;
  const stolen = [
    after.gateway - before.gateway - during(({ gateway: cpu }) => cpu),
    loadBusy - loadCpu - during(({ standIn: cpu }) => cpu),
  ];
  return {
    steady: steady !== undefined,
    rps: result.rps,
    p50: result.p50,
    p99: result.p99,
    cpuEach: spent(({ gateway: cpu }) => cpu),
    loadCpuEach: loadCpu / Math.max(1, sent),
    standInCpuEach: spent(({ standIn: cpu }) => cpu),
    fetchesEach: spent(({ fetches }) => fetches),
    hits: hitRatio(lookupsBefore, await lookups()),
    misses: stats.misses,
    failures: result.notOk + result.socketErrors + result.timeouts,
    bytes: result.bytes,
    loadCoreBusy: share(loadBusy, wall),
    stolen: Math.max(...stolen.map((part) => share(part, wall))),
  };
}

export interface Sample {
  at: number;
  gateway: number;
  standIn: number;
  fetches: number;
}

/** Looks five times a second: seldom enough to cost the load's core nothing that counts. */
function startSampler(gateway: OwnedProcess, standIn: StandIn) {
  const samples: Sample[] = [];
  const ended = new AbortController();
  const look = async (): Promise<Stats> => {
    const stats = await standIn.stats();
    const cpu = { gateway: groupCpu(gateway.pid), standIn: processCpu(standIn.pid) };
    samples.push({ at: now(), ...cpu, fetches: stats.requests });
    return stats;
  };
  const looking = (async () => {
    while (!ended.signal.aborted) {
      await look();
      await setTimeout(200, undefined, { signal: ended.signal }).catch(() => {});
    }
  })();
  return {
    async stop() {
      ended.abort();
      await looking;
      const stats = await look();
      return { samples, stats };
    },
  };
}

/** What a count was at a moment, between the looks before and after it. */
export function valueAt(samples: readonly Sample[], at: number, of: (sample: Sample) => number): number {
  const after = samples.findIndex((sample) => sample.at >= at);
  const right = samples[after === -1 ? samples.length - 1 : after];
  const left = samples[after === -1 ? samples.length - 1 : Math.max(0, after - 1)];
  if (left === undefined || right === undefined) return 0;
  if (right.at <= left.at) return of(right);
  return of(left) + ((at - left.at) / (right.at - left.at)) * (of(right) - of(left));
}

/** Milliseconds on the clock that wrk's script reads too. */
function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

function share(part: number, whole: number): number {
  return Math.min(1, Math.max(0, part / whole));
}

/**
 * What is still to do for those who hung up would be done in the next round. At most 5 s; a tenth of a core is quiet,
 * because collectors of garbage and watches of files go on for long.
 */
async function untilQuiet(gateway: OwnedProcess): Promise<void> {
  const step = 100;
  let spent = groupCpu(gateway.pid);
  for (let waited = 0; waited < 5_000; waited += step) {
    await setTimeout(step);
    const found = groupCpu(gateway.pid);
    if (found - spent <= step / 10) return;
    spent = found;
  }
}
