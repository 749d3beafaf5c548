// Owns one built supergraph with Apollo's planner over it; used inside of worker threads only.
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import type * as FederationInternals from '@apollo/federation-internals';
import type * as ApolloQueryPlanner from '@apollo/query-planner';
import { parse, print, printSchema } from 'graphql';
import { emitVariants } from './emit-variants.ts';
import { widenRequiring, withoutInterfaceNames } from './interface-objects.ts';
import type { QueryPlan } from './plan.ts';
import { replaceRequiredArguments } from './requirement-variants.ts';
import { SupergraphTypes } from './supergraph-types.ts';
import { translatePlan } from './translate-plan.ts';
import { usableKeysFirst } from './usable-keys-first.ts';

export interface PlannerGraph {
  apiSchemaSdl: string;
  /** The same where plans are: other graphs, planners and formats of plans have others. */
  version: string;
  /** Throws when the operation cannot be planned. */
  plan: (operation: string) => QueryPlan;
}

/** Goes up with every change of the plan types or of what translation makes of a plan. */
const planFormat = 1;

/** More makes plans no better that were looked at, and ten times as slow where many fields are shared. */
const mostPlansCompared = 1000;

/** Throws when the text is no supergraph. */
export function openPlannerGraph(sdl: string): PlannerGraph {
  // Both are CommonJS, and some of their names are not found by `import`.
  const require = createRequire(import.meta.url);
  const { Supergraph, operationFromDocument, ROUTER_SUPPORTED_SUPERGRAPH_FEATURES } =
    require('@apollo/federation-internals') as typeof FederationInternals;
  const { QueryPlanner } = require('@apollo/query-planner') as typeof ApolloQueryPlanner;
  const { version: plannerVersion } = require('@apollo/query-planner/package.json') as { version: string };

  const given = parse(sdl, { noLocation: true });
  const build = (text: string, validateSupergraph: boolean) =>
    Supergraph.build(text, { supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, validateSupergraph });

  const types = new SupergraphTypes(given);
  const { document, variants } = replaceRequiredArguments(usableKeysFirst(given), types);
  const hasVariants = variants.byName.size > 0;
  // Real fields that hidden ones took the place of look useless where they are external, which validation forbids: what
  // was given is validated instead.
  if (hasVariants) build(sdl, true).subgraphs();
  const corrected = print(document);
  const supergraph = build(corrected, !hasVariants);
  const planner = new QueryPlanner(supergraph, {
    reuseQueryFragments: false,
    debug: { maxEvaluatedPlans: mostPlansCompared },
  });
  const api = supergraph.apiSchema();
  return {
    apiSchemaSdl: printSchema(api.toGraphQLJSSchema()),
    version: createHash('sha256')
      .update(JSON.stringify([planFormat, plannerVersion, mostPlansCompared, corrected]))
      .digest('hex'),
    plan(text) {
      const document = widenRequiring(parse(text, { noLocation: true }), types);
      const plan = translatePlan(planner.buildQueryPlan(operationFromDocument(api, document)));
      return emitVariants(withoutInterfaceNames(plan, types), variants);
    },
  };
}
