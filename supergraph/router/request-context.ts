// Owns what is known of a request whose viewer is known, as subgraphs and rules are told of it.
import type { Client } from '../foundation/client-version.ts';
import type { Viewer } from '../foundation/viewer.ts';
import type { RatedRequest } from '../limits/rates/rated-request.ts';
import type { RequestContext } from '../transport/subgraph-client.ts';
import type { GraphQLHttpRequest } from './handle-request.ts';

/** Who asks, with what. */
export interface Asking {
  viewer: Viewer;
  client: Client;
  /** See RequestContext. */
  deadline: number;
  /** How often it is asked, where that is counted. */
  rated: RatedRequest | undefined;
}

export function requestContext({ id, headers, clientAddress }: GraphQLHttpRequest, asking: Asking) {
  const { viewer, client, deadline } = asking;
  return {
    requestId: id,
    headers,
    ...(clientAddress !== undefined && { clientAddress }),
    viewer,
    client,
    deadline,
  } satisfies RequestContext;
}
