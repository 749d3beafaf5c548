// Owns what a router needs so that something can stand in for fields that have failed: words, memory, audiences, and who hears of it.
import { protectedFields } from '../auth/rules/bff-rules.ts';
import { fieldAudiences } from '../cache/field-audience.ts';
import type { BffDeclaration } from '../declaration/define-bff.ts';
import type { Fallback } from '../declaration/fallback-words.ts';
import { besidesRemembered, createFallbacks } from '../fallback/compile-fallbacks.ts';
import { LastKnown } from '../fallback/last-known.ts';
import { StandInCounts, type StandInLog } from '../fallback/stand-in-counts.ts';
import { plainKeys } from '../foundation/plain-keys.ts';
import type { SupergraphFacts } from '../foundation/supergraph-facts.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import type { Store } from '../store/store.ts';
import type { MakeStandIns } from './engine.ts';

export interface StandInOptions {
  bff: BffDeclaration;
  supergraph: SupergraphFacts;
  /** By coordinate; see resolveFallbacks. */
  declared: ReadonlyMap<string, readonly Fallback[]>;
  /** Where replicas find what others remember, where there is such a place. */
  shared: Store | undefined;
  /** Names of the client's headers that subgraphs get, in lower case. */
  forwarded: readonly string[];
  /** Milliseconds since 1970. */
  now: () => number;
  log: StandInLog;
}

export interface StandIns {
  make: MakeStandIns;
  /** In Prometheus' text format. */
  metrics: () => string;
}

/** undefined where nothing stands in for anything. */
export function openStandIns(options: StandInOptions): StandIns | undefined {
  const { bff, supergraph, declared, shared, forwarded, now, log } = options;
  const { document } = supergraph;
  if (declared.size === 0) return undefined;
  const isProtected = protectedFields(bff, supergraph);
  const audiences = fieldAudiences({ bff, supergraph, isProtected, forwarded });
  const lastKnown = new LastKnown({ shared, own: createMemoryStore(), now });
  const counts = new StandInCounts(bff.name, log);
  return {
    make({ schema, run, planAhead }) {
      const keys = plainKeys(document, schema);
      const parts = { declared, schema, keys, audiences, lastKnown, run, planAhead };
      return {
        compile: createFallbacks(parts),
        besides: besidesRemembered({ declared, keys }),
        tell: ({ degraded = [] }, requestId) => counts.tell(degraded, requestId),
      };
    },
    metrics: () => counts.text(),
  };
}
