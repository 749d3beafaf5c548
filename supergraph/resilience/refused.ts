// Owns saying that a subgraph was not asked.
import type { GraphQLError } from 'graphql';
import { clientError } from '../foundation/errors.ts';
import { tellAnswerHeaders } from '../transport/forwarded-headers.ts';
import type { RequestContext } from '../transport/subgraph-client.ts';

export function refused(context: RequestContext, code: 'SUBGRAPH_BUSY' | 'SUBGRAPH_SUSPENDED'): GraphQLError {
  // A part that is not there forbids keeping the whole, as one that failed does.
  tellAnswerHeaders(context, {}, undefined);
  return clientError(code);
}
