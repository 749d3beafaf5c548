// Owns that what belongs to somebody is seen by its owner and the staff, by every road, and that others cannot tell it from
// what is not there: neither by the answer nor by what is done for it.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Road, roadsOf } from './owned-things.ts';
import { claimsOf, type Shop, startShop, type Viewer, valueAtRoad, withoutIds } from './shop.ts';

type Verdict = 'shown' | 'hidden' | 'asked to sign in';

function expected(road: Road, viewer: Viewer): Verdict {
  if (viewer === 'nobody') return road.asksToSignIn ? 'asked to sign in' : 'hidden';
  if (viewer === 'another customer') return 'hidden';
  return road.hiddenFromStaff && viewer !== 'the owner' ? 'hidden' : 'shown';
}

const viewers: Viewer[] = ['the owner', 'another customer', 'support', 'an admin', 'nobody'];
// The number is only known once the shop runs; a road is found by its place.
const places = roadsOf({ trackingNumber: '' });

describe('what belongs to somebody', { timeout: 240_000 }, () => {
  let shop: Shop;
  let roads: Road[];
  before(async () => {
    shop = await startShop();
    roads = roadsOf({ trackingNumber: await shop.trackingNumber() });
  });
  after(() => shop?.stop());

  for (const [index, { domain, words }] of places.entries()) {
    for (const viewer of viewers) {
      const verdict = expected(places[index] as Road, viewer);
      it(`in ${domain}, by ${words}, is ${verdict}: ${viewer}`, async () => {
        const { document, owned, owner } = roads[index] as Road;
        const { body } = await shop.ask(domain, claimsOf(viewer, owner), document, { key: owned });
        const codes = body.errors?.map(({ extensions }) => extensions?.['code']) ?? [];
        if (verdict === 'asked to sign in') assert.equal(codes[0], 'UNAUTHENTICATED', JSON.stringify(body));
        else assert.deepEqual(codes, [], JSON.stringify(body));
        assert.equal(valueAtRoad(body.data) !== undefined, verdict === 'shown', JSON.stringify(body));
      });
    }
  }

  for (const [index, { domain, words, absent, hiddenFromStaff }] of places.entries()) {
    if (absent === undefined) continue;
    const outsiders: Viewer[] = [
      'another customer',
      'nobody',
      ...(hiddenFromStaff ? ['support' as const] : []),
    ];
    for (const viewer of outsiders) {
      it(`in ${domain}, by ${words}, is as one that is not there: ${viewer}`, async () => {
        const { document, owned, owner } = roads[index] as Road;
        const claims = claimsOf(viewer, owner);
        const notTheirs = await shop.ask(domain, claims, document, { key: owned });
        const notThere = await shop.ask(domain, claims, document, { key: absent });
        assert.equal(withoutIds(notTheirs.body, owned), withoutIds(notThere.body, absent));
        assert.deepEqual(notTheirs.statements, notThere.statements);
      });
    }
  }

  it('is asked for in one batch with what is not theirs and not there, and each gets what it would alone', async () => {
    const claims = claimsOf('the owner', 'user-001');
    const ids = ['order-9999', 'order-0001', ...roads.map(({ owned }) => owned).filter(isOrder)];
    const document = 'query ($keys: [_Any!]!) { _entities(representations: $keys) { ... on Order { id } } }';
    const keys = ids.map((id) => ({ __typename: 'Order', id }));
    const { body } = await shop.ask('orders', claims, document, { keys });
    assert.deepEqual(body, { data: { _entities: [null, null, ...keys.slice(2).map(({ id }) => ({ id }))] } });
  });
});

function isOrder(key: unknown): key is string {
  return typeof key === 'string' && key.startsWith('order-');
}
