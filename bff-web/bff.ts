// Owns what the web router is: its view of the graph and its policies, as data.
import { defineBff } from '../supergraph/index.ts';
import type { Graph } from './generated/coordinates.ts';

export const web = defineBff<Graph>({
  name: 'bff-web',
  port: 4000,
  contract: { exclude: ['internal'] },
  subgraphs: { every: { timeout: '5s' } },
  samples: 'samples.graphql',
});
