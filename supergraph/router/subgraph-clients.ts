// Owns how a router asks its subgraphs: one client for each, with the policy that the declaration has for it.
import { signCalls } from '../auth/sign-calls.ts';
import type { BffDeclaration, SubgraphPolicy } from '../declaration/define-bff.ts';
import type { Environment } from '../foundation/environment.ts';
import { StartupProblem } from '../foundation/startup-problem.ts';
import type { SupergraphFacts } from '../foundation/supergraph-facts.ts';
import type { CallCounts } from '../resilience/call-counts.ts';
import { guardSubgraph } from '../resilience/guard-subgraph.ts';
import { requestTimeout, resilienceTerms } from '../resilience/resilience-terms.ts';
import { createHttpClient, type SignCall } from '../transport/http-client.ts';
import type { SubgraphClient } from '../transport/subgraph-client.ts';
import type { BffViews } from '../views/create-views.ts';
import type { SubgraphConnections } from './subgraph-connections.ts';

export interface ClientParts {
  bff: BffDeclaration;
  supergraph: SupergraphFacts;
  environment: Environment;
  connections: SubgraphConnections;
  /** The subgraph that runs in the router. */
  views?: Pick<BffViews, 'subgraph' | 'client'> | undefined;
}

/** By subgraph. Throws a StartupProblem where calls are to be signed and there is nothing to sign them with. */
export function createClients(
  parts: ClientParts,
  counts: CallCounts,
  log: { warn: (message: string) => void },
): Map<string, SubgraphClient> {
  const { bff, supergraph, views } = parts;
  return new Map(
    [...supergraph.subgraphs.keys()].map((subgraph) => {
      const timedOut = clientOf(parts, subgraph);
      const terms = resilienceTerms(policyFor(bff, subgraph), requestTimeout(bff));
      // Views run in here: there is nobody to spare, and what they ask of others is guarded there.
      if (subgraph === views?.subgraph) return [subgraph, timedOut(terms.timeout)];
      return [subgraph, guardSubgraph(timedOut, { subgraph, terms, counts, log })];
    }),
  );
}

/** By subgraph, for whoever asks whether they are there: each question is sent, and is held against nobody. */
export function createProbes(parts: ClientParts, timeout: number): Map<string, SubgraphClient> {
  const names = [...parts.supergraph.subgraphs.keys()];
  return new Map(names.map((name) => [name, clientOf(parts, name)(timeout)]));
}

function clientOf(
  { bff, environment, connections, views }: ClientParts,
  name: string,
): (timeout: number) => SubgraphClient {
  if (name === views?.subgraph) return (timeout) => views.client(timeout);
  const sign = policyFor(bff, name).signed ? callSigner(bff, name, environment) : undefined;
  const forward = forwardedHeaders(bff);
  return (timeout) => createHttpClient({ ...connections.routeTo(name), timeout, forward, sign });
}

function policyFor({ subgraphs }: BffDeclaration, name: string): SubgraphPolicy {
  return { ...subgraphs?.every, ...subgraphs?.[name] };
}

export function trustedSubgraphs(bff: BffDeclaration, { subgraphs }: SupergraphFacts): Set<string> {
  return new Set([...subgraphs.keys()].filter((name) => policyFor(bff, name).trusted === true));
}

/** Names of the client's headers that subgraphs get, in lower case. */
export function forwardedHeaders({ forward }: BffDeclaration): string[] {
  return ['authorization', ...(forward?.headers ?? []).map((header) => header.toLowerCase())];
}

/** undefined while there is no secret, which production does not allow. */
function callSigner(
  { name: router }: BffDeclaration,
  subgraph: string,
  { callerSecret: secret, production }: Environment,
): SignCall | undefined {
  if (secret !== undefined) return signCalls({ secret, router, subgraph });
  if (!production) return undefined;
  throw new StartupProblem(`CALLER_SECRET must be given: calls to "${subgraph}" are to be signed.`);
}
