// Owns answering operations by our own engine, over the world's subgraphs; its planner runs as it does in a router.
import { type DocumentNode, GraphQLError, Kind, parse } from 'graphql';
import { LRUCache } from 'lru-cache';
import {
  readSupergraphFacts,
  type SupergraphFacts,
} from '../../../supergraph/foundation/supergraph-facts.ts';
import type { Planner } from '../../../supergraph/planner/create-planner.ts';
import type { Fields } from '../../../supergraph/resilience/fields/create-fields.ts';
import type { PreparedWorld } from '../graph/prepare-world.ts';
import { type SubgraphExchange, subgraphClients } from '../graph/subgraph-clients.ts';
import type { EngineUnderTest } from './engine-under-test.ts';

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

const ownSources = new URL('../../../supergraph/', import.meta.url);

interface OwnEngineOptions {
  /** Another copy of the folder `supergraph/`, when it is not the one at hand. */
  sources?: URL;
  /** Somebody else's, for this world; one of its own unless it is given. */
  planner?: Planner;
  /** Makes what is done about single fields, when anything is. */
  fieldsOf?: (supergraph: SupergraphFacts) => Fields | undefined;
}

export async function ownEngine(
  prepared: PreparedWorld,
  { sources = ownSources, planner: shared, fieldsOf }: OwnEngineOptions = {},
): Promise<EngineUnderTest> {
  const { createEngine }: typeof import('../../../supergraph/router/engine.ts') = await import(
    new URL('router/engine.ts', sources).href
  );
  const { clients: given, runs } = subgraphClients(prepared);
  const supergraph = readSupergraphFacts(prepared.supergraphSdl, prepared.world.name);
  const planner = shared ?? (await ownPlanner(prepared, sources));
  const { apiSchemaSdl } = planner;
  const fields = fieldsOf?.(supergraph);
  const clients = new Map(
    [...given].map(([name, client]) => [name, fields ? fields.decorate(name, client) : client]),
  );
  const plan: typeof planner.plan = async (text) => {
    const made = await planner.plan(text);
    return fields ? fields.planApart(made) : made;
  };
  const engine = createEngine({ supergraph, clients, apiSchemaSdl, plans: { plan, warm: async () => [] } });
  // As the router's document store: a text asked again is the same document.
  const documents = new LRUCache<string, DocumentNode, unknown>({
    max: 100,
    memoMethod: (source) => parse(source),
  });
  let count = 0;
  return {
    name: 'own',
    async run({ source, variables, run }) {
      count += 1;
      const requestId = `own-${count}`;
      const exchanges: SubgraphExchange[] = [];
      runs.set(requestId, { run, exchanges });
      try {
        const document = documents.memo(source);
        const operation = document.definitions.find((each) => each.kind === Kind.OPERATION_DEFINITION);
        if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('There is no operation.');
        const context = { requestId, headers: {} };
        const { data, errors, plan } = await engine.run({ document, operation, variables, context });
        return {
          data: JSON.parse(data.toString()),
          errors: JSON.parse(JSON.stringify(errors)),
          exchanges,
          plan,
        };
      } catch (error) {
        if (error instanceof GraphQLError) return { data: null, errors: [error.toJSON()], exchanges };
        throw error;
      } finally {
        runs.delete(requestId);
      }
    },
    close: async () => {
      if (shared === undefined) await planner.close();
    },
  };
}

/** Of the sources at hand unless others are given. */
export async function ownPlanner(prepared: PreparedWorld, sources = ownSources): Promise<Planner> {
  const { createPlanner }: typeof import('../../../supergraph/planner/create-planner.ts') = await import(
    new URL('planner/create-planner.ts', sources).href
  );
  const { document } = readSupergraphFacts(prepared.supergraphSdl, prepared.world.name);
  // What is compared are answers, however busy the machine is.
  return createPlanner({ supergraph: document, log: silent, timeout: 60_000 });
}
