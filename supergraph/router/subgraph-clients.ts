// Owns how a router asks its subgraphs: one client for each, with the policy that the declaration has for it.
import { signCalls } from '../auth/sign-calls.ts';
import type { BffDeclaration, SubgraphPolicy } from '../declaration/define-bff.ts';
import { milliseconds } from '../foundation/duration.ts';
import type { Environment } from '../foundation/environment.ts';
import { StartupProblem } from '../foundation/startup-problem.ts';
import type { SupergraphFacts } from '../foundation/supergraph-facts.ts';
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
  { bff, supergraph, environment, connections, views }: ClientParts,
  timeoutOf: (policy: SubgraphPolicy) => number,
): Map<string, SubgraphClient> {
  const forward = forwardedHeaders(bff);
  const clients = new Map<string, SubgraphClient>();
  for (const name of supergraph.subgraphs.keys()) {
    const policy = policyFor(bff, name);
    const timeout = timeoutOf(policy);
    if (name === views?.subgraph) {
      clients.set(name, views.client(timeout));
      continue;
    }
    const sign = policy.signed ? callSigner(bff, name, environment) : undefined;
    clients.set(name, createHttpClient({ ...connections.routeTo(name), timeout, forward, sign }));
  }
  return clients;
}

/** Milliseconds for a whole exchange. */
export function policyTimeout({ timeout }: SubgraphPolicy): number {
  return milliseconds(timeout ?? '5s');
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
