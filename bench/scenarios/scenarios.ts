// Owns the table of what is measured: which operation of which graph, asked how, and by whom it is answered.
import type { GraphName } from '../graphs/graphs.ts';

export interface Scenario {
  name: string;
  title: string;
  graph: GraphName;
  /** One of the graph's by name, or the operation itself. */
  operation: { name: string } | { text: string };
  /** Whether each request is somebody else's, or all are the same and may be answered together. */
  identity: 'unique' | 'same';
  connections: number;
  /** Milliseconds a subgraph takes. */
  delay: number;
  /** How many times as long as others it is measured in each round, because few answers come in a second. */
  times: number;
  /** Whoever cannot answer it, by name: the floor is written for one query. */
  without: readonly string[];
}

const usual = {
  graph: 'shop',
  identity: 'unique',
  connections: 50,
  delay: 0,
  times: 1,
  without: [],
} as const;
const heavy = { ...usual, operation: { name: 'heavy' } } as const;
const oneFetch = { ...usual, operation: { name: 'one-fetch' }, without: ['floor'] } as const;

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
    without: ['floor'],
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
    without: ['floor', 'bff-web'],
  },
];

export interface PlanningScenario {
  name: string;
  title: string;
  graph: GraphName;
  operation: { name: string };
  without: readonly string[];
  /** Milliseconds that a first answer may take. */
  limit: number;
}

export const planningScenario: PlanningScenario = {
  name: 'many-plans',
  title: 'First answer to a query with many possible plans',
  graph: 'many-plans',
  operation: { name: 'many-plans' },
  without: ['floor', 'bff-web'],
  limit: 60_000,
};
