// Owns whole numbers in input: graphql-scalars cuts 1.5 down to 1 and reads "3", and a wrong quantity would be bought.
import { GraphQLError, GraphQLScalarType, Kind, type ValueNode, valueFromASTUntyped } from 'graphql';

const MOST = Number.MAX_SAFE_INTEGER;

/** A scalar of whole numbers from `least` to 2^53 - 1, as strict about variables as GraphQL is about literals. */
export function wholeNumber(name: string, least: number): GraphQLScalarType<number, number> {
  const accept = (value: unknown, node?: ValueNode): number => {
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= MOST) return value;
    const sentence = `${name} must be a whole number from ${least} to ${MOST}, not ${JSON.stringify(value)}.`;
    throw new GraphQLError(sentence, node ? { nodes: node } : {});
  };
  return new GraphQLScalarType({
    name,
    serialize: (value) => accept(value),
    parseValue: (value) => accept(value),
    parseLiteral: (node) =>
      accept(node.kind === Kind.INT ? Number(node.value) : valueFromASTUntyped(node), node),
  });
}
