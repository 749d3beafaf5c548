// Plans operations over small graphs, once with Apollo's planner as it is and once with ours.
import { createRequire } from 'node:module';
import type * as FederationInternals from '@apollo/federation-internals';
import type * as ApolloQueryPlanner from '@apollo/query-planner';
import { parse, printSchema } from 'graphql';
import { compose } from '../../../supergraph/composition/compose.ts';
import type { FetchNode, PlanNode, QueryPlan } from '../../../supergraph/planner/plan.ts';
import { openPlannerGraph } from '../../../supergraph/planner/planner-graph.ts';
import { translatePlan } from '../../../supergraph/planner/translate-plan.ts';
import { schemaOf } from '../fixtures/fixture-graph.ts';

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@requires", "@provides", "@external", "@tag", "@shareable", "@inaccessible", "@override", "@interfaceObject", "@context", "@fromContext", "@authenticated", "@requiresScopes", "@policy", "@cost", "@listSize"])`;

/** Schemas by the names of their subgraphs, without the federation link. */
export type Subgraphs = Readonly<Record<string, string>>;

export function supergraphOf(subgraphs: Subgraphs): string {
  return compose(Object.entries(subgraphs).map(([name, sdl]) => schemaOf(name, `${link}\n${sdl}`)));
}

export interface PlannedGraph {
  apiSchemaSdl: string;
  version: string;
  plan: (operation: string) => QueryPlan;
}

export function planned(subgraphs: Subgraphs): PlannedGraph {
  return openPlannerGraph(supergraphOf(subgraphs));
}

/** What Apollo's planner says of the supergraph as it is, in our types. */
export function plannedByStock(subgraphs: Subgraphs): PlannedGraph {
  const require = createRequire(import.meta.url);
  const { Supergraph, operationFromDocument, ROUTER_SUPPORTED_SUPERGRAPH_FEATURES } =
    require('@apollo/federation-internals') as typeof FederationInternals;
  const { QueryPlanner } = require('@apollo/query-planner') as typeof ApolloQueryPlanner;
  const supergraph = Supergraph.build(supergraphOf(subgraphs), {
    supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES,
  });
  const planner = new QueryPlanner(supergraph);
  const api = supergraph.apiSchema();
  return {
    apiSchemaSdl: printSchema(api.toGraphQLJSSchema()),
    version: 'stock',
    plan: (text) => translatePlan(planner.buildQueryPlan(operationFromDocument(api, parse(text)))),
  };
}

export function fetchesOf(plan: QueryPlan): FetchNode[] {
  const collect = (node: PlanNode): FetchNode[] =>
    node.kind === 'fetch' ? [node] : node.nodes.flatMap(collect);
  return plan.node === undefined ? [] : collect(plan.node);
}

/** The plan in a few lines: `products{…}`, entity fetches with their path and what they require. */
export function outline(plan: QueryPlan): unknown {
  const draw = (node: PlanNode): unknown => {
    if (node.kind !== 'fetch') return { [node.kind]: node.nodes.map(draw) };
    const from = node.requires ? ` <- ${node.requires.map(required).join(' ')}` : '';
    const at = node.path.length > 0 ? ` @ ${node.path.join('.')}` : '';
    return `${node.subgraph}${at}: ${node.document}${from}`;
  };
  return plan.node === undefined ? {} : draw(plan.node);
}

export function required(selection: NonNullable<FetchNode['requires']>[number]): string {
  const inner = selection.selections ? `{${selection.selections.map(required).join(' ')}}` : '';
  if (selection.kind === 'fragment') return `...on ${selection.typeCondition}${inner}`;
  return `${selection.name}${selection.as ? ` as ${selection.as}` : ''}${inner}`;
}
