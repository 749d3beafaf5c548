// Lists the graphs that gateways are measured on: a supergraph, operations, and an origin that knows the answers.
import { readFileSync } from 'node:fs';
import type { Origin } from './origin.ts';
import { shopSupergraph } from './shop/shop-supergraph.ts';
import { startShop } from './shop/start-shop.ts';
import { composeSmallGraph, startSmallGraph } from './start-small-graph.ts';

export type GraphName = 'shop' | 'large' | 'many-plans';

export interface Graph {
  name: GraphName;
  /** Texts by name. */
  operations: Readonly<Record<string, string>>;
  /** SDL, the same each time and for every gateway; the subgraphs' addresses in it lead nowhere (see pointAt). */
  supergraph: () => Promise<string>;
  /** Resolves when every subgraph answers. What is started ends with this process, however that ends. */
  startOrigin: () => Promise<Origin>;
}

export const graphs: Readonly<Record<GraphName, Graph>> = {
  shop: {
    name: 'shop',
    operations: {
      heavy: textOf('shop/heavy.graphql'),
      'one-fetch': textOf('shop/one-fetch.graphql'),
    },
    supergraph: shopSupergraph,
    startOrigin: startShop,
  },
  large: smallGraph('large', 'large/large.graphql'),
  'many-plans': smallGraph('many-plans', 'many-plans/many-plans.graphql'),
};

/** A graph of the bench's own, with one operation that is called as the graph. */
function smallGraph(name: 'large' | 'many-plans', operation: string): Graph {
  return {
    name,
    operations: { [name]: textOf(operation) },
    supergraph: async () => composeSmallGraph(name),
    startOrigin: () => startSmallGraph(name),
  };
}

function textOf(file: string): string {
  return readFileSync(new URL(file, import.meta.url), 'utf8');
}
