// Owns how the views say that an argument is not what it should be.
import { GraphQLError } from 'graphql';

/** For whoever sent it. */
export function badArgument(name: string, must: string): GraphQLError {
  return new GraphQLError(`The argument "${name}" must ${must}.`, { extensions: { code: 'BAD_USER_INPUT' } });
}
