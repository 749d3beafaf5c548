// Owns the flags of `npm run bench`.
import { parseArgs } from 'node:util';

export interface Flags {
  /** Only these scenarios and peers, by name; all when left out. */
  only: readonly string[] | undefined;
  /** A file with further peers. */
  peers: string | undefined;
  rounds: number;
  seconds: number;
  /** Before the first round, for everybody alike: what compiles while it runs is steady then. */
  warmUpSeconds: number;
  /** A revision to hold against the files as they are. */
  compare: string | undefined;
  smoke: boolean;
  json: boolean;
}

export const usage = `npm run bench -- [flags]
  --only heavy,one-fetch,tributary,apollo   these scenarios and these peers (all of a kind that is not named)
  --peers <file.json>                  further peers: [{"name", "command": "… {supergraph} … {port}", "env"?}]
  --rounds 5 --seconds 3               how often and how long each is measured
  --compare <revision>                 this working tree against a revision of it, nobody else
  --smoke                              some minutes: exit code 1 below half of what is promised
  --json                               the result as one document on stdout`;

const options = {
  only: { type: 'string' },
  peers: { type: 'string' },
  rounds: { type: 'string' },
  seconds: { type: 'string' },
  compare: { type: 'string' },
  smoke: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

/** Throws an error whose message is for the person at the terminal. */
export function readFlags(args: readonly string[]): Flags {
  const { values } = parseArgs({ args: [...args], options });
  const { only, peers, compare, smoke, json } = values;
  return {
    only: only?.split(',').map((name) => name.trim()),
    peers,
    compare,
    smoke,
    json,
    rounds: wholeNumber('rounds', values.rounds, smoke ? 3 : 5),
    seconds: wholeNumber('seconds', values.seconds, smoke ? 2 : 3),
    warmUpSeconds: smoke ? 3 : 5,
  };
}

function wholeNumber(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1)
    throw new Error(`--${name} must be a whole number from 1, not "${text}".`);
  return number;
}

/** Which of the known names were meant. Throws for a name that nobody has. */
export function chosen(
  only: readonly string[] | undefined,
  known: { scenarios: readonly string[]; peers: readonly string[] },
): { scenarios: readonly string[]; peers: readonly string[] } {
  const pick = (names: readonly string[]) => {
    const named = names.filter((name) => only?.includes(name));
    return named.length > 0 ? named : names;
  };
  const all = [...known.scenarios, ...known.peers];
  const stranger = only?.find((name) => !all.includes(name));
  if (stranger !== undefined) throw new Error(`There is no "${stranger}" to measure: ${all.join(', ')}.`);
  return { scenarios: pick(known.scenarios), peers: pick(known.peers) };
}
