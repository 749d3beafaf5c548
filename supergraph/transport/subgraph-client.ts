// Owns the seam between the router and a subgraph: one request in, one answer out, failures as errors of the table.
import type { IncomingHttpHeaders } from 'node:http';

export interface SubgraphRequest {
  query: string;
  variables?: Readonly<Record<string, unknown>> | undefined;
  operationName?: string | undefined;
}

/** What the client's request brings along; the same for every subgraph request made for it. */
export interface RequestContext {
  /** Given by the client or made here; sent to every subgraph and back to the client. */
  requestId: string;
  headers: IncomingHttpHeaders;
}

export interface SubgraphResponse {
  data?: Record<string, unknown> | null;
  /** As the subgraph wrote them, not fit for clients. */
  errors?: readonly unknown[];
}

/** Rejects with SUBGRAPH_UNAVAILABLE, SUBGRAPH_TIMEOUT or SUBGRAPH_MALFORMED in bounded time. */
export type SubgraphClient = (request: SubgraphRequest, context: RequestContext) => Promise<SubgraphResponse>;
