// Owns what the resolvers of accounts share: the type of their context, and the answer to a token without an account.
import { GraphQLError } from 'graphql';
import type { SubgraphContext } from '../kit/define-subgraph.ts';
import type { AccountsTables } from './database.ts';
import type { Loaders } from './loaders.ts';

export type Context = SubgraphContext<AccountsTables, Loaders>;

/** A token outlives its account: whoever is behind it is told to sign in again. */
export function accountIsGone(): GraphQLError {
  return new GraphQLError('There is no account for this token any more: sign in again.', {
    extensions: { code: 'UNAUTHENTICATED' },
  });
}
