// Names what the resolvers of this domain are given.
import type { SubgraphContext } from '../kit/define-subgraph.ts';
import type { OrdersTables } from './database.ts';
import type { Loaders } from './loaders.ts';

export type Context = SubgraphContext<OrdersTables, Loaders>;
