// Starts the domains that hold what belongs to somebody, on one database, and asks them as different people.
import assert from 'node:assert/strict';
import { startEmbedded } from '../../support/databases.ts';
import type { Claims } from '../../support/identity.ts';
import { type GraphQLBody, startTestSubgraph, type TestSubgraph } from '../../support/subgraph.ts';
import { domains, type Key, shipmentOfOrder } from './owned-things.ts';

export type Viewer = 'the owner' | 'another customer' | 'support' | 'an admin' | 'nobody';

const staffScopes = ['customers:read', 'orders:support'];

export function claimsOf(viewer: Viewer, owner: string): Claims | undefined {
  const claims: Record<Viewer, Claims | undefined> = {
    'the owner': { userId: owner, roles: ['CUSTOMER'] },
    'another customer': { userId: 'user-150', roles: ['CUSTOMER'] },
    support: { userId: 'user-003', roles: ['SUPPORT'], scopes: staffScopes },
    'an admin': { userId: 'user-004', roles: ['ADMIN'], scopes: [...staffScopes, 'customers:write'] },
    nobody: undefined,
  };
  return claims[viewer];
}

export interface Asked {
  body: GraphQLBody;
  /** The SQL it took, in order. */
  statements: string[];
}

export interface Shop {
  domain: (name: string) => TestSubgraph;
  ask: (
    domain: string,
    claims: Claims | undefined,
    document: string,
    variables: Record<string, unknown>,
  ) => Promise<Asked>;
  trackingNumber: () => Promise<string>;
  stop: () => Promise<void>;
}

export async function startShop(names: readonly string[] = Object.keys(domains)): Promise<Shop> {
  const database = await startEmbedded();
  const running = new Map<string, TestSubgraph>();
  const stop = async () => {
    await Promise.all([...running.values()].map((one) => one.stop()));
    await database.stop();
  };
  try {
    for (const name of names) {
      const definition = domains[name];
      assert.ok(definition, name);
      running.set(name, await startTestSubgraph(definition, database));
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const domain = (name: string): TestSubgraph => {
    const found = running.get(name);
    assert.ok(found, name);
    return found;
  };
  const ask: Shop['ask'] = async (name, claims, document, variables) => {
    const { identity, query, statements } = domain(name);
    const token = claims && (await identity.tokenFor(claims));
    statements.length = 0;
    const { body } = await query(document, { token, variables });
    return { body, statements: [...statements] };
  };
  return {
    domain,
    ask,
    stop,
    async trackingNumber() {
      const { body } = await ask(
        'shipping',
        claimsOf('support', ''),
        'query ($key: _Any!) { _entities(representations: [$key]) { ... on Shipment { trackingNumber } } }',
        { key: { __typename: 'Shipment', id: shipmentOfOrder } },
      );
      const found = body.data?.['_entities'] as { trackingNumber: string }[] | undefined;
      return found?.[0]?.trackingNumber ?? '';
    },
  };
}

/** The first value called `road`, however deep; undefined where none is shown. */
export function valueAtRoad(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(valueAtRoad).find((value) => value != null);
  if (typeof data !== 'object' || data === null) return undefined;
  const values = Object.entries(data).map(([name, value]) => (name === 'road' ? value : valueAtRoad(value)));
  return values.find((value) => value != null);
}

/** A body as text, with the ids of a key taken out. */
export function withoutIds(body: GraphQLBody, key: Key): string {
  const ids = typeof key === 'string' ? [key] : Object.entries(key).filter(([name]) => name !== '__typename');
  return ids.flat().reduce((text, id) => text.replaceAll(`"${id}"`, '"ID"'), JSON.stringify(body));
}
