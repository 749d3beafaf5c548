// Owns composing subgraph schemas into a supergraph with Apollo's composition, and naming what it complains about.
import { composeServices } from '@apollo/composition';
import { type GraphQLError, Kind, visit } from 'graphql';
import { CompositionFailure, type CompositionProblem } from './composition-problem.ts';
import type { SubgraphSchema } from './read-subgraphs.ts';

/** SDL; the same for the same schemas in whatever order. Throws a CompositionFailure with all problems. */
export function compose(subgraphs: readonly SubgraphSchema[]): string {
  const sorted = [...subgraphs].sort((a, b) => (a.name < b.name ? -1 : 1));
  const result = composeServices(
    sorted.map(({ name, url, document }) => ({ name, url, typeDefs: document })),
  );
  if (result.errors !== undefined) {
    throw new CompositionFailure(result.errors.map((error) => describe(error, sorted)));
  }
  return `${result.supergraphSdl.trimEnd()}\n`;
}

function describe(error: GraphQLError, subgraphs: readonly SubgraphSchema[]): CompositionProblem {
  const places = (error.nodes ?? []).flatMap(({ loc }) => loc ?? []);
  const located = [...new Set(places.map(({ source }) => source.name))];
  const mentioned = subgraphs.map(({ name }) => name).filter((name) => namesSubgraph(error.message, name));
  const [first] = places;
  const schema = subgraphs.find(({ name }) => name === first?.source.name);
  const coordinate = schema && first ? coordinateAt(schema, first.start) : undefined;
  return {
    where: located.length > 0 ? located : mentioned,
    // Where composition speaks of several places at once, the coordinate is in the sentence only.
    coordinate:
      coordinate ??
      /"(?:\[\w+\] )?(\w+\.\w+)/.exec(error.message)?.[1] ??
      /\b[A-Z]\w*\.\w+/.exec(error.message)?.[0],
    rule: typeof error.extensions['code'] === 'string' ? error.extensions['code'] : 'INVALID_SUPERGRAPH',
    message: error.message,
  };
}

function namesSubgraph(message: string, name: string): boolean {
  return message.includes(`"${name}"`) || message.includes(`[${name}]`);
}

/** `Type.field` or `Type` of the innermost definition around a position. */
function coordinateAt({ document }: SubgraphSchema, position: number): string | undefined {
  let coordinate: string | undefined;
  let type: string | undefined;
  visit(document, {
    enter(node) {
      const inside = node.loc !== undefined && node.loc.start <= position && position < node.loc.end;
      if (!inside) return false;
      if (node.kind === Kind.FIELD_DEFINITION || node.kind === Kind.ENUM_VALUE_DEFINITION) {
        coordinate = `${type}.${node.name.value}`;
      } else if (node.kind === Kind.INPUT_VALUE_DEFINITION) {
        // Within a field it is an argument, else a field of an input type.
        coordinate =
          coordinate === type ? `${type}.${node.name.value}` : `${coordinate}(${node.name.value}:)`;
      } else if (
        /Type(?:Definition|Extension)$/.test(node.kind) &&
        'name' in node &&
        node.name?.kind === Kind.NAME
      ) {
        type = node.name.value;
        coordinate = type;
      }
      return undefined;
    },
  });
  return coordinate;
}
