// Owns what the mobile router is: its view of the graph and its policies, as data.
import { defineBff } from '../supergraph/index.ts';
import type { Graph } from './generated/coordinates.ts';

export const mobile = defineBff<Graph>({
  name: 'bff-mobile',
  port: 4001,
  contract: { include: ['mobile'] },
  subgraphs: { every: { timeout: '3s' } },
  samples: 'samples.graphql',
});
