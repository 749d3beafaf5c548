// Owns the seam between the router and a subgraph: one request in, one answer out, failures as errors of the table.
import type { IncomingHttpHeaders } from 'node:http';
import type { GraphQLError } from 'graphql';
import type { Cancellation } from '../foundation/cancellation.ts';
import type { Client } from '../foundation/client-version.ts';
import type { Degradation } from '../foundation/degradation.ts';
import type { Freshness } from '../foundation/freshness.ts';
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
  /** The same variables taken apart, for those who would ask for less; left out where they cannot be. */
  parts?: RequestParts;
  /** Whoever asks is content with `raw` in the response, which nobody has parsed. Nobody need answer so. */
  raw?: boolean;
}

/** All that a document's variables say. */
export interface RequestParts {
  /** Texts of representations, by the variable of each `_entities` field; empty for root fields. */
  representations: ReadonlyMap<string, readonly string[]>;
  /** JSON texts of variables by name; those that a document does not name are not for it. */
  values: ReadonlyMap<string, string>;
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
  /** When whoever asks stops waiting, on the clock of `performance.now()`: what is not there by then has failed. */
  deadline?: number;
  /** Whether that is the time of the very fields that are asked for: that it is over says nothing of the subgraph. */
  isFieldsTime?: boolean;
  /** What is told of how fresh the answer is, and asked about how fresh it must be; where anything is kept. */
  freshness?: Freshness;
  /** Takes what stood in for something in an operation that was run on the way, for a view. */
  stoodIn?: Degradation[];
  /** Takes headers of subgraphs' answers that the declaration lets through to the client. */
  answerHeader?: (name: string, value: string) => void;
}

export interface SubgraphResponse {
  /** Whether objects in the data are others' too: whoever wants to change one takes a copy. The outermost two layers never are. */
  isShared?: boolean;
  /** Errors of our own, with their paths, in words that clients may see. */
  failures?: readonly GraphQLError[];
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
