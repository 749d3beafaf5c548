// Owns the environment variables of the bench: the only file here that reads process.env.

export interface BenchEnvironment {
  /** Where programs are looked for. */
  path: string;
  /** Of npm, which hands no SIGTERM on: its end is watched then. */
  startedByNpm: boolean;
  /** What every process that is started gets, beside what it is told: no secrets and no settings of this shell. */
  base: Record<string, string>;
}

const handedOn = ['PATH', 'HOME', 'TMPDIR', 'LANG'];

export const environment: BenchEnvironment = {
  path: process.env['PATH'] ?? '',
  startedByNpm: process.env['npm_lifecycle_event'] === 'bench',
  base: Object.fromEntries(
    handedOn.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  ),
};
