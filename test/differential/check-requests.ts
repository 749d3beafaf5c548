// Owns what must hold for an engine whatever the answer: nothing is asked for twice, no name of ours reaches a client.
import { type GraphQLFormattedError, Kind, parse, visit } from 'graphql';
import type { SubgraphExchange } from './graph/subgraph-clients.ts';

/** Why a request should not have been sent like that; undefined when all are well. */
export function checkRequests(exchanges: readonly SubgraphExchange[]): string | undefined {
  for (const { subgraph, variables } of exchanges) {
    for (const value of Object.values(JSON.parse(variables) as Record<string, unknown>)) {
      const asked = Array.isArray(value)
        ? value.filter(isRepresentation).map((each) => JSON.stringify(each))
        : [];
      const twice = asked.find((each, index) => asked.indexOf(each) !== index);
      if (twice !== undefined) return `${subgraph} was asked twice in one list for ${twice}`;
    }
  }
  return undefined;
}

/** Which error speaks of a name that the operation does not have; undefined when none does. */
export function checkErrorPaths(
  errors: readonly GraphQLFormattedError[],
  source: string,
): string | undefined {
  if (errors.length === 0) return undefined;
  const names = new Set<string | number>();
  visit(parse(source), {
    [Kind.FIELD]: ({ alias, name }: { alias?: { value: string }; name: { value: string } }) => {
      names.add((alias ?? name).value);
    },
  });
  const foreign = errors.find(({ path = [] }) =>
    path.some((step) => typeof step === 'string' && !names.has(step)),
  );
  return foreign && `the client does not know the way to ${foreign.path?.join('.')}`;
}

function isRepresentation(value: unknown): boolean {
  return typeof value === 'object' && value !== null && '__typename' in value;
}
