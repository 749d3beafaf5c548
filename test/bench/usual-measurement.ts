// What a measurement may look like in which nothing is to be doubted.
import type { Measurement } from '../../bench/measure/measure-load.ts';

export const usualMeasurement: Measurement = {
  steady: true,
  rps: 100,
  p50: 5,
  p99: 9,
  cpuEach: 2,
  loadCpuEach: 0.1,
  standInCpuEach: 0.2,
  fetchesEach: 6,
  hits: undefined,
  misses: 0,
  failures: 0,
  bytes: 1_150,
  loadCoreBusy: 0.3,
  stolen: 0.01,
};
