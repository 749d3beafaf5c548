// Owns what one BFF does about single fields that fail or take long, put together: around its clients, and in its plans.
import type { BffDeclaration } from '../../declaration/define-bff.ts';
import type { SupergraphFacts } from '../../foundation/supergraph-facts.ts';
import type { QueryPlan } from '../../planner/plan.ts';
import type { SubgraphClient } from '../../transport/subgraph-client.ts';
import { AskedOperations } from './asked-operations.ts';
import { FieldBreakers } from './field-breakers.ts';
import { FieldPolicies } from './field-policies.ts';
import { fieldsClient } from './fields-client.ts';
import { GraphTypes } from './graph-types.ts';
import { planApart } from './plan-apart.ts';

export interface FieldsOptions {
  bff: BffDeclaration;
  supergraph: SupergraphFacts;
  /** The subgraph that runs in the router, if there is one. */
  views: string | undefined;
  log: { warn: (message: string) => void };
}

export interface Fields {
  /** The same client, by which fields that keep failing are left out, and those with a time of their own have that. */
  decorate: (subgraph: string, client: SubgraphClient) => SubgraphClient;
  /** The same plan, in which fields with a policy of their own are asked for by themselves. */
  planApart: (plan: QueryPlan) => QueryPlan;
  /** Which fields are left out now, in Prometheus' text format. */
  metrics: () => string;
}

/** undefined where nothing is declared that could concern a field. */
export function createFields({ bff, supergraph, views, log }: FieldsOptions): Fields | undefined {
  const types = new GraphTypes(supergraph.document);
  const policies = new FieldPolicies(bff, types, views);
  const breaking = new Map<string, FieldBreakers>();
  const mayBreak = [...supergraph.subgraphs.keys()].some((subgraph) => policies.mayBreak(subgraph));
  if (!policies.areThere && !mayBreak) return undefined;

  function breakersOf(subgraph: string): FieldBreakers {
    const breakers = new FieldBreakers({
      termsOf(coordinate) {
        const [type = '', field = ''] = coordinate.split('.');
        return policies.breakerOf(subgraph, type, field);
      },
      changed(coordinate, state) {
        log.warn(`${coordinate} of the subgraph ${subgraph} ${sayings[state]}`);
      },
    });
    breaking.set(subgraph, breakers);
    return breakers;
  }

  return {
    decorate(subgraph, client) {
      if (!policies.areThere && !policies.mayBreak(subgraph)) return client;
      const operations = new AskedOperations(subgraph, types, policies);
      const breakers = breakersOf(subgraph);
      return fieldsClient({ client, operations, breakers, hasTimeouts: policies.haveTimeouts });
    },
    planApart: policies.areThere ? (plan) => planApart(plan, policies, types) : (plan) => plan,
    metrics: () => metrics(bff.name, breaking),
  };
}

const sayings = {
  open: 'has failed too often, and is not asked for until it answers again',
  closed: 'answers again',
};

function metrics(bff: string, breaking: ReadonlyMap<string, FieldBreakers>): string {
  return [
    '# HELP tributary_open_coordinates Fields that are not asked for at the moment, because they have failed too often.',
    '# TYPE tributary_open_coordinates gauge',
    ...[...breaking].flatMap(([subgraph, breakers]) =>
      breakers
        .open()
        .map(
          (name) => `tributary_open_coordinates{bff="${bff}",subgraph="${subgraph}",coordinate="${name}"} 1`,
        ),
    ),
    '',
  ].join('\n');
}
