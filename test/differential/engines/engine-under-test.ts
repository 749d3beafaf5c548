// Owns what the oracle asks of an engine: one operation in one run of a world, answered in GraphQL's own shape.
import type { GraphQLFormattedError } from 'graphql';
import type { SubgraphExchange } from '../graph/subgraph-clients.ts';
import type { WorldRun } from '../graph/world-run.ts';

export interface EngineRequest {
  source: string;
  variables: Record<string, unknown>;
  run: WorldRun;
}

export interface EngineAnswer {
  data: unknown;
  errors: readonly GraphQLFormattedError[];
  /** What subgraphs were asked and said; empty for the monolith. */
  exchanges: readonly SubgraphExchange[];
  /** As the engine planned it; for coverage and for whoever looks at a difference. */
  plan?: unknown;
}

export interface EngineUnderTest {
  name: string;
  run: (request: EngineRequest) => Promise<EngineAnswer>;
  close: () => Promise<void>;
}
