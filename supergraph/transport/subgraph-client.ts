// Owns the seam between the router and a subgraph: one request in, one answer out, failures as errors of the table.
import type { IncomingHttpHeaders } from 'node:http';
import type { Cancellation } from '../foundation/cancellation.ts';
import type { Client } from '../foundation/client-version.ts';
import type { Viewer } from '../foundation/viewer.ts';
import type { RawAnswer } from './raw-answer.ts';

/** What a subgraph can be asked; one object for each place in a plan, so that decorators may remember things about it. */
export interface SubgraphOperation {
  kind: 'query' | 'mutation' | 'subscription';
  /** GraphQL text. */
  document: string;
  /** JSON text of a request's start, up to its variables: `{"query":"…","variables":`. */
  head: string;
}

export interface SubgraphRequest {
  operation: SubgraphOperation;
  /** JSON text of an object. */
  variables: string;
  /** Whoever asks is content with `raw` in the response, which nobody has parsed. Nobody need answer so. */
  raw?: boolean;
}

/** What the client's request brings along; the same for every subgraph request made for it. */
export interface RequestContext {
  /** Given by the client or made here; sent to every subgraph and back to the client. */
  requestId: string;
  headers: IncomingHttpHeaders;
  /** The client's network address, where subgraphs are to hear it with mutations. */
  clientAddress?: string;
  /** Whoever asks; left out for somebody who did not sign in. */
  viewer?: Viewer;
  /** With what; nobody need believe it. */
  client?: Client;
  /** Aborts when nobody waits for the answer any more. */
  signal?: Cancellation;
  /** Takes headers of subgraphs' answers that the declaration lets through to the client. */
  answerHeader?: (name: string, value: string) => void;
}

export interface SubgraphResponse {
  data?: Record<string, unknown> | null;
  /** As the subgraph wrote them, not fit for clients. */
  errors?: readonly unknown[];
  /** Instead of both, and only when the request says so. */
  raw?: RawAnswer;
}

/** Rejects with SUBGRAPH_UNAVAILABLE, SUBGRAPH_TIMEOUT or SUBGRAPH_MALFORMED in bounded time. */
export type SubgraphClient = (request: SubgraphRequest, context: RequestContext) => Promise<SubgraphResponse>;

/** The operation of a document, with what every request for it begins with. */
export function subgraphOperation(kind: SubgraphOperation['kind'], document: string): SubgraphOperation {
  return { kind, document, head: `{"query":${JSON.stringify(document)},"variables":` };
}
