// Owns one built supergraph with Apollo's planner over it; used inside of worker threads only.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { parse, print, printSchema } from 'graphql';
import { askTypesOfBare } from './corrections/bare-interfaces.ts';
import { emitVariants } from './corrections/emit-variants.ts';
import { widenRequiring, withoutInterfaceNames } from './corrections/interface-objects.ts';
import { hideLiterals } from './corrections/literals.ts';
import { loadQueryPlanner } from './corrections/load-query-planner.ts';
import { narrowFragments } from './corrections/narrow-fragments.ts';
import { keyNames, withNeeds } from './corrections/needed-by.ts';
import { orderKeys } from './corrections/order-keys.ts';
import { repairOrder } from './corrections/repair-order.ts';
import { replaceRequiredArguments } from './corrections/requirement-variants.ts';
import { SupergraphTypes } from './corrections/supergraph-types.ts';
import type { QueryPlan } from './plan.ts';
import { translatePlan } from './translate-plan.ts';

export interface PlannerGraph {
  apiSchemaSdl: string;
  /** The same where plans are: other graphs, planners and formats of plans have others. */
  version: string;
  /** Throws when the operation cannot be planned. */
  plan: (operation: string) => QueryPlan;
}

/** What makes a plan of what Apollo's planner says: with every change of these, plans that were kept are another's. */
const planMakers = ['./', './corrections/'].map((folder) => new URL(folder, import.meta.url));

/** Comparing ten times as many takes ten times as long where many fields are shared. */
const mostPlansCompared = 1000;

/** Throws when the text is no supergraph. */
export function openPlannerGraph(sdl: string): PlannerGraph {
  const { QueryPlanner, internals, run, version: plannerVersion } = loadQueryPlanner();
  const { Supergraph, operationFromDocument, ROUTER_SUPPORTED_SUPERGRAPH_FEATURES } = internals;
  const given = parse(sdl, { noLocation: true });
  const build = (text: string, validateSupergraph: boolean) =>
    Supergraph.build(text, { supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, validateSupergraph });

  const types = new SupergraphTypes(given);
  const { document, variants } = replaceRequiredArguments(orderKeys(given), types);
  const keys = keyNames(given, types);
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
  const schema = api.toGraphQLJSSchema();
  return {
    apiSchemaSdl: printSchema(schema),
    version: createHash('sha256')
      .update(JSON.stringify([sourcesOf(planMakers), plannerVersion, mostPlansCompared, corrected]))
      .digest('hex'),
    plan(text) {
      const { document, restore } = hideLiterals(parse(text, { noLocation: true }), schema);
      const narrowed = narrowFragments(askTypesOfBare(document, schema, types), schema, types);
      const operation = operationFromDocument(api, widenRequiring(narrowed, types));
      const plan = translatePlan(run(() => planner.buildQueryPlan(operation)));
      const ordered = repairOrder(withoutInterfaceNames(restore(plan), types));
      return withNeeds(emitVariants(ordered, variants), variants, keys);
    },
  };
}

function sourcesOf(folders: readonly URL[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => /\.[jt]s$/.test(name))
      .sort()
      .map((name) => readFileSync(new URL(name, folder), 'utf8')),
  );
}
