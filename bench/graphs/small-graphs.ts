// Lists the graphs whose subgraphs are the bench's own, by name.
import { weather } from './large/readings.ts';
import { herbaria } from './many-plans/herbaria.ts';
import type { SubgraphSource } from './subgraph-source.ts';

export const smallGraphs: Readonly<Record<string, () => SubgraphSource[]>> = {
  large: weather,
  'many-plans': herbaria,
};
