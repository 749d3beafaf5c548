// Owns the table of what is measured: which operation of which graph, asked how, and by whom it is answered.
import type { GraphName } from '../graphs/graphs.ts';
import type { RatioOf } from '../report/result.ts';

export interface Scenario {
  name: string;
  title: string;
  graph: GraphName;
  /** One of the graph's by name, or the operation itself. */
  operation: { name: string } | { text: string };
  /** GET: the query is in the address, which is the same each time. */
  method: 'POST' | 'GET';
  /** Whether each request is somebody else's, or all are the same and may be answered together. */
  identity: 'unique' | 'same';
  connections: number;
  /** Milliseconds a subgraph takes. */
  delay: number;
  /** How many times as long as others it is measured in each round, because few answers come in a second. */
  times: number;
  /** Who takes part. */
  among: Among;
  /** Whose rate the others' are divided by; stock's unless told. */
  baseline?: string;
  /** Rates unless told. */
  ratioOf?: RatioOf;
  /** Whose answer the null server is given, byte for byte, before anything is compared. */
  recorded?: string;
}

/** By name: everybody but those who cannot answer it, such as the floor, which is written for one query; or nobody else. */
export type Among = { without: readonly string[] } | { only: readonly string[] };

export function isInvited(among: Among, name: string): boolean {
  return 'only' in among ? among.only.includes(name) : !among.without.includes(name);
}

/** They are what `tributary` is wherever nothing is to be kept or to fail, or know no answer of their own. */
const forOneThing = ['guarded', 'caching', 'responses', 'null-server'];
const everybodyBut = (...names: string[]): Among => ({ without: [...forOneThing, ...names] });

const usual = {
  graph: 'shop',
  method: 'POST',
  identity: 'unique',
  connections: 50,
  delay: 0,
  times: 1,
  among: everybodyBut(),
} as const;
const heavy = { ...usual, operation: { name: 'heavy' } } as const;
const oneFetch = { ...usual, operation: { name: 'one-fetch' }, among: everybodyBut('floor') } as const;
const cached = { ...heavy, among: { only: ['tributary', 'caching'] }, baseline: 'tributary' } as const;
const wholeResponse = {
  ...usual,
  method: 'GET',
  among: { only: ['tributary', 'responses', 'null-server'] },
  baseline: 'null-server',
  recorded: 'responses',
} as const;

export const scenarios: readonly Scenario[] = [
  { ...heavy, name: 'heavy', title: 'Heavy nested query, 4 subgraphs' },
  { ...heavy, name: 'heavy-slow', title: 'The same, subgraphs take 50 ms', delay: 50 },
  { ...heavy, name: 'heavy-identical', title: 'The same, identical requests', identity: 'same' },
  { ...oneFetch, name: 'one-fetch', title: 'One fetch' },
  { ...oneFetch, name: 'one-fetch-identical', title: 'One fetch, identical requests', identity: 'same' },
  {
    ...usual,
    name: 'typename',
    title: '{ __typename }',
    operation: { text: '{ __typename }' },
    among: everybodyBut('floor'),
  },
  {
    ...heavy,
    name: 'guarded',
    title: 'Heavy nested query, with all that helps when subgraphs fail',
    among: { only: ['tributary', 'guarded', 'apollo'] },
  },
  { ...cached, name: 'cached', title: 'Heavy nested query, what is public is kept' },
  {
    ...cached,
    name: 'cached-slow',
    title: 'Heavy nested query, what is public is kept, subgraphs take 50 ms',
    delay: 50,
  },
  {
    ...wholeResponse,
    name: 'response-cache',
    title: 'Heavy nested query by GET, the whole answer is kept',
    operation: { name: 'heavy' },
    // Who sends so much at once has the load at its end before its own.
    ratioOf: 'processor time',
  },
  {
    ...wholeResponse,
    name: 'response-cache-small',
    title: 'One fetch by GET, the whole answer is kept',
    operation: { name: 'one-fetch' },
  },
  {
    ...usual,
    name: 'large',
    title: 'An answer of 8 MB',
    graph: 'large',
    operation: { name: 'large' },
    // Fifty answers of 8 MB in flight would measure the memory of the machine, and stock would not answer each of those
    // who ask within a round.
    connections: 4,
    times: 2,
    among: everybodyBut('floor', 'bff-web'),
  },
];

export interface PlanningScenario {
  name: string;
  title: string;
  graph: GraphName;
  operation: { name: string };
  among: Among;
  /** Milliseconds that a first answer may take. */
  limit: number;
}

export const planningScenario: PlanningScenario = {
  name: 'many-plans',
  title: 'First answer to a query with many possible plans',
  graph: 'many-plans',
  operation: { name: 'many-plans' },
  among: everybodyBut('floor', 'bff-web'),
  limit: 60_000,
};
