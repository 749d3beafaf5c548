// Owns reading variables as the schema says, up to the first mistake, and saying in few words what that is.
import { GraphQLError, type GraphQLSchema, getVariableValues, type OperationDefinitionNode } from 'graphql';

/** Throws BAD_USER_INPUT for the first value that does not fit. */
export function coerceVariables(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  // Each message holds the value in which the mistake is: thousands of them would be larger than any memory.
  const { coerced, errors } = getVariableValues(schema, variableDefinitions, given, { maxErrors: 1 });
  const [first] = errors ?? [];
  if (first === undefined) return coerced ?? {};
  throw new GraphQLError(shortened(first.message), {
    nodes: first.nodes ?? null,
    extensions: { code: 'BAD_USER_INPUT' },
  });
}

const longestHalf = 300;

/** The value stands in the middle, what is wrong with it at the end. */
function shortened(message: string): string {
  // A suggestion is whole or not there: by a part of it nobody could tell that it is one.
  const suggestion = message.lastIndexOf(' Did you mean ');
  const said = suggestion === -1 ? message : message.slice(0, suggestion);
  const suggested = message.slice(said.length);
  if (said.length <= 2 * longestHalf) return suggested.length <= longestHalf ? message : said;
  // Half a character is none.
  const start = said.slice(0, longestHalf).replace(/[\uD800-\uDBFF]$/, '');
  const end = said.slice(-longestHalf).replace(/^[\uDC00-\uDFFF]/, '');
  const short = `${start} … ${end}`;
  return suggested.length <= longestHalf ? `${short}${suggested}` : short;
}
