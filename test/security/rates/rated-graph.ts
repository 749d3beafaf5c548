// Starts a small graph behind a router with rates, and asks it as different people from different addresses.
import type { BffDeclaration } from '../../../supergraph/declaration/define-bff.ts';
import { defineBff } from '../../../supergraph/declaration/define-bff.ts';
import type { RateLimit } from '../../../supergraph/declaration/limits-declaration.ts';
import type { Environment } from '../../../supergraph/foundation/environment.ts';
import { type FixtureGraph, startFixtureGraph } from '../../supergraph/fixtures/fixture-graph.ts';
import {
  type Answer,
  type RouterUnderTest,
  startTestRouter,
} from '../../supergraph/fixtures/router-under-test.ts';
import { type Claims, startTestIdentity, type TestIdentity } from '../../support/identity.ts';

export interface Who {
  /** Signed in as them; nobody unless told. */
  as?: Claims | undefined;
  /** A header as it is, in place of that. */
  authorization?: string;
  /** From this address, as the proxy before the router says. */
  from?: string;
  /** By the name it says. */
  client?: string;
  headers?: Record<string, string>;
}

export interface RatedGraph {
  graph: FixtureGraph;
  identity: TestIdentity;
  router: RouterUnderTest;
  ask: (query: string, who?: Who, variables?: object) => Promise<Answer>;
  /** Whatever is sent. */
  send: (path: string, init?: RequestInit, who?: Who) => Promise<Answer>;
  headersOf: (who: Who) => Promise<Record<string, string>>;
  stop: () => Promise<void>;
}

export interface RatedOptions {
  declaration?: Partial<BffDeclaration>;
  environment?: Partial<Environment>;
}

/** Whom the token names is the same person by the same token, as clients have them. */
export async function startRatedGraph(
  rates: { readonly [name: string]: RateLimit },
  { declaration = {}, environment = {} }: RatedOptions = {},
): Promise<RatedGraph> {
  const graph = await startFixtureGraph();
  const identity = await startTestIdentity();
  const { issuer, audience, jwksUrl } = identity;
  const stopOthers = async (): Promise<void> => {
    await identity.stop();
    await graph.stop();
  };
  const router = await startTestRouter(graph.supergraphSdl, {
    bff: defineBff({
      name: 'test',
      port: 0,
      identity: { issuers: [{ issuer, audiences: [audience], jwks: jwksUrl }] },
      limits: { rates },
      ...declaration,
    }),
    environment: { trustedProxies: ['127.0.0.1'], ...environment },
  }).catch(async (error: unknown) => {
    await stopOthers();
    throw error;
  });
  const tokens = new Map<string, Promise<string>>();
  async function headersOf({ as, authorization, from, client, headers }: Who) {
    const key = JSON.stringify(as);
    if (as && !tokens.has(key)) tokens.set(key, identity.tokenFor(as));
    return {
      ...(as && { authorization: `Bearer ${await tokens.get(key)}` }),
      ...(authorization !== undefined && { authorization }),
      ...(from !== undefined && { 'x-forwarded-for': from }),
      ...(client !== undefined && { 'apollographql-client-name': client }),
      ...headers,
    };
  }
  return {
    graph,
    identity,
    router,
    headersOf,
    ask: async (query, who = {}, variables = {}) =>
      router.ask(query, { variables, headers: await headersOf(who) }),
    send: async (path, init = {}, who = {}) =>
      router.fetch(path, { ...init, headers: { ...init.headers, ...(await headersOf(who)) } }),
    async stop() {
      await router.stop();
      await stopOthers();
    },
  };
}

export const codeOf = ({ body }: Pick<Answer, 'body'>): unknown => body.errors?.[0]?.extensions['code'];
