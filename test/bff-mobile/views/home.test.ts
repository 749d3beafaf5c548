// Holds the first screen to what stands where, and to leaving out what cannot be had.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { GraphQLError } from 'graphql';
import { arrange, type HomeParts, home } from '../../../bff-mobile/views/home.ts';
import { anonymous } from '../../../supergraph/foundation/viewer.ts';

const parts: HomeParts = {
  me: {
    displayName: 'Ada L.',
    unreadNotificationCount: 2,
    cart: { itemCount: 3 },
    orders: { edges: [{ node: { id: 'order-1' } }] },
    recommendations: [{ id: 'product-1' }],
  },
};
const error = { message: 'away', path: ['me'], extensions: { code: 'SUBGRAPH_UNAVAILABLE' } };

/** A part that failed is told by its code. */
function shown(value: unknown): unknown {
  return value instanceof GraphQLError ? value.extensions['code'] : value;
}

describe('the first screen', () => {
  test('of somebody who is signed in', () => {
    assert.deepEqual(arrange({ data: parts, errors: [] }, true, 'en'), {
      greeting: 'Good to see you, Ada L.',
      unreadCount: 2,
      cartCount: 3,
      latestOrder: { id: 'order-1' },
      shelfTitle: 'Picked for you',
      shelf: [{ id: 'product-1' }],
    });
  });

  test('of somebody who has bought nothing yet has no order, and that is no failure', () => {
    const me = { ...parts.me, orders: { edges: [] } } as HomeParts['me'];
    const { latestOrder } = arrange({ data: { me: me ?? null }, errors: [error] }, true, 'en');
    assert.equal(latestOrder, null);
  });

  test('of somebody who is not signed in has no personal parts, and that is no failure', () => {
    const data = { popularProducts: [{ id: 'product-2' }] };
    assert.deepEqual(arrange({ data, errors: [] }, false, 'de-AT'), {
      greeting: 'Willkommen',
      unreadCount: null,
      cartCount: null,
      latestOrder: null,
      shelfTitle: 'Was alle kaufen',
      shelf: [{ id: 'product-2' }],
    });
  });

  const failures: [name: string, me: HomeParts['me'], failed: string[]][] = [
    ['the cart', { ...(parts.me as object), cart: null } as HomeParts['me'], ['cartCount']],
    ['orders', { ...(parts.me as object), orders: null } as HomeParts['me'], ['latestOrder']],
    ['what is recommended', { ...(parts.me as object), recommendations: null } as HomeParts['me'], ['shelf']],
    ['the person', null, ['unreadCount', 'cartCount', 'latestOrder', 'shelf']],
  ];
  for (const [name, me, failed] of failures) {
    test(`without ${name} shows the rest`, () => {
      const screen = arrange({ data: { me: me ?? null }, errors: [error] }, true, 'en');
      const codes = Object.entries(screen).filter(([, value]) => shown(value) === 'SUBGRAPH_UNAVAILABLE');
      assert.deepEqual(
        codes.map(([part]) => part),
        failed,
      );
    });
  }

  test('greets a name as it is written', () => {
    const me = { ...(parts.me as object), displayName: "$& $' {name}" } as HomeParts['me'];
    const { greeting } = arrange({ data: { me: me ?? null }, errors: [] }, true, 'en');
    assert.equal(greeting, "Good to see you, $& $' {name}");
  });

  test('asks once, and for as many products as it was asked for', async () => {
    const asked: unknown[] = [];
    const ask = async <Data>(...args: unknown[]) => {
      asked.push(args);
      return { data: parts as Data, errors: [] };
    };
    await home({ first: 4 }, { viewer: { ...anonymous, id: 'user-001' }, locale: 'en', ask });
    await home({ first: 24 }, { viewer: anonymous, locale: 'en', ask });
    assert.deepEqual(asked, [
      ['HomeParts', { signedIn: true, first: 4 }],
      ['HomeParts', { signedIn: false, first: 24 }],
    ]);
    for (const first of [0, 25]) {
      await assert.rejects(
        home({ first }, { viewer: anonymous, locale: 'en', ask }),
        /"first" must be 1 to 24/,
      );
    }
    assert.equal(asked.length, 2);
  });
});
