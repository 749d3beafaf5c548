// Starts a router that believes a provider under test, over subgraphs with a journal.
import type { ApolloServerPlugin } from '@apollo/server';
import type { JWTPayload } from 'jose';
import { type BffDeclaration, defineBff } from '../../../supergraph/declaration/define-bff.ts';
import type { IdentityDeclaration } from '../../../supergraph/declaration/identity-declaration.ts';
import type { Environment } from '../../../supergraph/foundation/environment.ts';
import type { Viewer } from '../../../supergraph/foundation/viewer.ts';
import type { ServerContext } from '../../../supergraph/router/handle-request.ts';
import { type FixtureGraph, startFixtureGraph } from '../../supergraph/fixtures/fixture-graph.ts';
import {
  type Answer,
  type RouterUnderTest,
  startTestRouter,
} from '../../supergraph/fixtures/router-under-test.ts';
import { ManualClock } from './provider.ts';

export const audience = 'shop-api';

export interface RouterWithIdentity extends RouterUnderTest {
  graph: FixtureGraph;
  clock: ManualClock;
  /** What a good token says, from a time in seconds since 1970; it ends an hour later. */
  claims: (changes?: JWTPayload) => JWTPayload;
  askWith: (authorization: string, query?: string) => Promise<Answer>;
}

export async function startRouterWithIdentity(
  identity: IdentityDeclaration,
  options: { bff?: Partial<BffDeclaration>; environment?: Partial<Environment> } = {},
): Promise<RouterWithIdentity> {
  const graph = await startFixtureGraph();
  const clock = new ManualClock();
  const router = await startTestRouter(graph.supergraphSdl, {
    bff: defineBff({ name: 'test', port: 0, identity, ...options.bff }),
    clock,
    ...(options.environment && { environment: options.environment }),
  });
  return {
    ...router,
    graph,
    clock,
    claims: (changes) => ({
      iss: identity.issuers[0]?.issuer ?? '',
      aud: audience,
      sub: 'user-1',
      exp: Math.floor(clock.now() / 1000) + 3600,
      ...changes,
    }),
    askWith: (authorization, query = '{ books { title } }') =>
      router.ask(query, { headers: { authorization } }),
    async stop() {
      await router.stop();
      await graph.stop();
    },
  };
}

/** Hears of the viewer of each request. */
export function viewerWatcher(): { plugin: ApolloServerPlugin; viewers: (Viewer | undefined)[] } {
  const viewers: (Viewer | undefined)[] = [];
  return {
    viewers,
    plugin: {
      async requestDidStart({ contextValue }) {
        viewers.push((contextValue as ServerContext).viewer);
      },
    },
  };
}

/** Code, challenge and status of a refusal. */
export function refusalIn({ status, body, headers }: Answer): unknown[] {
  return [status, body.errors?.[0]?.extensions['code'], headers.get('www-authenticate')];
}

export const unauthenticated = [401, 'UNAUTHENTICATED', 'Bearer error="invalid_token"'];
export const unavailable = [503, 'IDENTITY_UNAVAILABLE', null];
