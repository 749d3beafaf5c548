// Holds shipping to its schema over HTTP, on every database engine: parcels and who may see them, and ways to send one.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type DemoOrder, type DemoOrderStatus, demoOrders } from '../../../subgraphs/kit/demo/orders.ts';
import { seed } from '../../../subgraphs/shipping/seed.ts';
import { shipping } from '../../../subgraphs/shipping/shipping.ts';
import { oneDatabaseEngine } from '../../support/databases.ts';
import { seedStatements } from '../../support/seed-statements.ts';
import { type GraphQLBody, startTestSubgraph, type TestSubgraph } from '../../support/subgraph.ts';

interface TrackingEvent {
  id: string;
  at: string;
  status: string;
  location: string;
  description: string;
}

interface Shipment {
  id: string;
  order: { id: string };
  carrier: { code: string; name: string };
  trackingNumber: string;
  status: string;
  shippedAt: string;
  estimatedDelivery: string;
  deliveredAt: string | null;
  events: {
    edges: { cursor: string; node: TrackingEvent }[];
    pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string };
    totalCount: number;
  };
  carrierCost: { amount: number; currency: string };
}

const orders = demoOrders();
const shipped = orders.filter(({ shippedAt }) => shippedAt !== null);
const shipmentId = (order: DemoOrder): string => order.id.replace('order-', 'shipment-');
const lastWith = (status: DemoOrderStatus): DemoOrder => {
  const order = orders.findLast((one) => one.status === status);
  assert.ok(order);
  return order;
};

const shipmentFields = `id order { id } carrier { code name } trackingNumber status
  shippedAt estimatedDelivery deliveredAt
  events { edges { cursor node { id at status location description } } totalCount }`;

const codeOf = ({ errors }: GraphQLBody): unknown => errors?.[0]?.extensions?.['code'];

test('shipping seeds the same every time', async (context) => {
  const statements = await seedStatements(seed);
  context.mock.timers.enable({ apis: ['Date'], now: 0 });
  context.mock.method(Math, 'random', () => 0);
  assert.deepEqual(await seedStatements(seed), statements);
});

for (const engine of oneDatabaseEngine()) {
  describe(`shipping on ${engine.name}`, () => {
    let subgraph: TestSubgraph;
    let support: string;

    before(async () => {
      subgraph = await startTestSubgraph(shipping, engine);
      support = await subgraph.identity.tokenFor({
        userId: 'user-003',
        scopes: ['customers:read', 'orders:support'],
      });
    });
    after(() => subgraph.stop());

    const tokenOf = (userId: string): Promise<string> => subgraph.identity.tokenFor({ userId });

    async function shipmentsById(ids: readonly string[], selection: string, token?: string) {
      const representations = ids.map((id) => ({ __typename: 'Shipment', id }));
      const answer = await subgraph.entities(representations, `... on Shipment { ${selection} }`, { token });
      return { body: answer.body, found: answer.entities as (Shipment | null)[] };
    }

    function tablesRead(): string[] {
      return subgraph.statements.map((sql) => /from "shipping"\."(\w+)"/.exec(sql)?.[1] ?? sql).sort();
    }

    describe('the seed', () => {
      test('has a parcel for every demo order that left the shop, and for no other', async () => {
        const representations = orders.map(({ id }) => ({ __typename: 'Order', id }));
        const { body, entities } = await subgraph.entities(
          representations,
          '... on Order { id shipments { id order { id } } }',
          {
            token: support,
          },
        );
        assert.equal(body.errors, undefined);
        assert.deepEqual(
          entities,
          orders.map((order) => ({
            id: order.id,
            shipments: order.shippedAt ? [{ id: shipmentId(order), order: { id: order.id } }] : [],
          })),
        );
      });

      test('tells of every parcel what its order tells, in events of a sensible order', async () => {
        const ids = shipped.map(shipmentId);
        const shipments: Exclude<Awaited<ReturnType<typeof shipmentsById>>['found'][number], null>[] = [];
        // All of them with their events are more than one operation may ask for.
        for (let start = 0; start < ids.length; start += 1000) {
          const { body, found } = await shipmentsById(
            ids.slice(start, start + 1000),
            shipmentFields,
            support,
          );
          assert.equal(body.errors, undefined);
          shipments.push(...found.filter((one) => one !== null));
        }
        assert.equal(shipments.length, shipped.length);
        assert.equal(new Set(shipments.map(({ trackingNumber }) => trackingNumber)).size, shipped.length);
        const becomes: Partial<Record<DemoOrderStatus, string[]>> = {
          SHIPPED: ['IN_TRANSIT', 'OUT_FOR_DELIVERY'],
          DELIVERED: ['DELIVERED'],
          RETURNED: ['RETURNED'],
        };
        for (const [index, shipment] of shipments.entries()) {
          const order = shipped[index];
          assert.ok(order);
          assert.match(shipment.trackingNumber, /^TRB\d{9}$/);
          assert.equal(shipment.shippedAt, order.shippedAt?.toISOString());
          assert.equal(shipment.deliveredAt, order.deliveredAt?.toISOString() ?? null);
          assert.ok(becomes[order.status]?.includes(shipment.status), `${order.status}: ${shipment.status}`);
          const events = shipment.events.edges.map(({ node }) => node);
          assert.ok(events.length >= 3 && events.length <= 6);
          assert.equal(shipment.events.totalCount, events.length);
          assert.equal(events[0]?.status, shipment.status);
          const times = events.map(({ at }) => at);
          assert.deepEqual(times, [...times].sort().reverse(), 'the newest first');
          assert.ok(
            times.every((at) => at <= '2026-11-15T12:00:00.000Z'),
            'nothing was seen in the future',
          );
        }
        const statuses = new Set(shipments.map(({ status }) => status));
        assert.deepEqual([...statuses].sort(), ['DELIVERED', 'IN_TRANSIT', 'OUT_FOR_DELIVERY', 'RETURNED']);
      });
    });

    describe('who may see a parcel', () => {
      const order = lastWith('DELIVERED');
      const stranger = order.userId === 'user-100' ? 'user-101' : 'user-100';
      let trackingNumber: string;

      before(async () => {
        const { found } = await shipmentsById([shipmentId(order)], 'trackingNumber', support);
        trackingNumber = found[0]?.trackingNumber ?? '';
      });

      const ask = (number: string, token?: string) =>
        subgraph.query('query ($number: String!) { shipment(trackingNumber: $number) { id } }', {
          variables: { number },
          ...(token ? { token } : {}),
        });

      for (const { who, token } of [
        { who: 'its buyer', token: () => tokenOf(order.userId) },
        { who: 'support', token: async () => support },
      ]) {
        test(`${who} sees it by its number, by each key, and at the order`, async () => {
          const shown = { id: shipmentId(order) };
          const found = await ask(trackingNumber, await token());
          assert.deepEqual(found.body, { data: { shipment: shown } });
          const { body } = await subgraph.entities(
            [
              { __typename: 'Shipment', id: shipmentId(order) },
              { __typename: 'Shipment', trackingNumber },
              { __typename: 'Order', id: order.id },
            ],
            '... on Shipment { id } ... on Order { shipments { id } }',
            { token: await token() },
          );
          assert.deepEqual(body, { data: { _entities: [shown, shown, { shipments: [shown] }] } });
        });
      }

      test('a stranger gets the same for it as for one that does not exist', async () => {
        const token = await tokenOf(stranger);
        for (const number of [trackingNumber, 'TRB999999999']) {
          assert.deepEqual((await ask(number, token)).body, { data: { shipment: null } });
        }
        const { body } = await subgraph.entities(
          [
            { __typename: 'Shipment', id: shipmentId(order) },
            { __typename: 'Shipment', trackingNumber },
            { __typename: 'Shipment', id: 'shipment-9999' },
            { __typename: 'Order', id: order.id },
          ],
          '... on Shipment { id } ... on Order { shipments { id } }',
          { token },
        );
        // As an order that nobody has.
        assert.deepEqual(body, { data: { _entities: [null, null, null, { shipments: [] }] } });
      });

      test('somebody anonymous is asked to sign in and sees nothing', async () => {
        const asked = await ask(trackingNumber);
        assert.equal(codeOf(asked.body), 'UNAUTHENTICATED');
        const { body, entities } = await subgraph.entities(
          [
            { __typename: 'Shipment', id: shipmentId(order) },
            { __typename: 'Order', id: order.id },
          ],
          '... on Shipment { id } ... on Order { shipments { id } }',
        );
        assert.deepEqual(entities, [null, { shipments: null }]);
        assert.equal(codeOf(body), 'UNAUTHENTICATED');
      });

      test('an order that has not left the shop has no parcels, an unknown one neither', async () => {
        const paid = lastWith('PAID');
        const { body } = await subgraph.entities(
          [paid.id, 'order-9999'].map((id) => ({ __typename: 'Order', id })),
          '... on Order { shipments { id } }',
          { token: await tokenOf(paid.userId) },
        );
        assert.deepEqual(body, { data: { _entities: [{ shipments: [] }, { shipments: [] }] } });
      });

      test('what the carrier charged is for the shop alone', async () => {
        const selection = 'id carrierCost { amount currency }';
        const buyer = await shipmentsById([shipmentId(order)], selection, await tokenOf(order.userId));
        assert.deepEqual(buyer.found, [{ id: shipmentId(order), carrierCost: null }]);
        assert.equal(codeOf(buyer.body), 'FORBIDDEN');
        const { found } = await shipmentsById([shipmentId(order)], selection, support);
        const cost = found[0]?.carrierCost;
        assert.ok(cost && cost.amount > 0);
        assert.equal(cost.currency, 'EUR');
      });
    });

    describe('tracking events', () => {
      const order = lastWith('RETURNED');
      const eventsOf = async (args: string) => {
        const selection = `events(${args}) {
          edges { cursor node { id status } } totalCount
          pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        }`;
        const { body, found } = await shipmentsById([shipmentId(order)], selection, support);
        return { body, events: found[0]?.events };
      };

      test('are paged from the newest to the oldest, each once', async () => {
        const seen: string[] = [];
        let after: string | null = null;
        do {
          const { events } = await eventsOf(after === null ? 'first: 4' : `first: 4, after: "${after}"`);
          assert.ok(events);
          const { edges, pageInfo, totalCount }: Shipment['events'] = events;
          assert.equal(totalCount, 6);
          assert.equal(pageInfo.hasPreviousPage, after !== null);
          assert.equal(pageInfo.endCursor, edges.at(-1)?.cursor);
          for (const { node } of edges) seen.push(node.status);
          after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
        } while (after !== null);
        assert.deepEqual(seen, [
          'RETURNED',
          'DELIVERED',
          'OUT_FOR_DELIVERY',
          'IN_TRANSIT',
          'IN_TRANSIT',
          'PREPARING',
        ]);
      });

      for (const { args, argument } of [
        { args: 'first: 0', argument: 'first' },
        { args: 'first: 101', argument: 'first' },
        { args: 'first: -1', argument: 'first' },
        { args: 'after: "garbage"', argument: 'after' },
      ]) {
        test(`events(${args}) is refused`, async () => {
          const { body } = await eventsOf(args);
          assert.equal(codeOf(body), 'BAD_USER_INPUT');
          assert.match(body.errors?.[0]?.message ?? '', new RegExp(`"${argument}"`));
        });
      }
    });

    describe('batches', () => {
      const asked = Array.from({ length: 100 }, (_, index) =>
        index % 9 === 0 ? `shipment-x${index}` : shipmentId(shipped[(index * 37) % 50] as DemoOrder),
      );

      test('100 parcels by two keys, shuffled, repeated and unknown, cost one statement a table', async () => {
        const { found: known } = await shipmentsById(asked, 'trackingNumber', support);
        const representations = asked.map((id, index) => {
          const trackingNumber = known[index]?.trackingNumber;
          return index % 2 === 0 && trackingNumber
            ? { __typename: 'Shipment', trackingNumber }
            : { __typename: 'Shipment', id };
        });
        subgraph.statements.length = 0;
        const { body, entities } = await subgraph.entities(
          representations,
          '... on Shipment { id carrier { name } events(first: 2) { edges { node { id } } } }',
          { token: support },
        );
        assert.equal(body.errors, undefined);
        assert.deepEqual(
          (entities as (Shipment | null)[]).map((one) => one?.id ?? null),
          asked.map((id) => (id.includes('x') ? null : id)),
        );
        assert.deepEqual(tablesRead(), ['carriers', 'shipments', 'tracking_events']);
      });

      test('100 orders cost one statement a table, and one more for the counts of their events', async () => {
        const ids = asked.map((id) => id.replace('shipment-', 'order-'));
        subgraph.statements.length = 0;
        const { body, entities } = await subgraph.entities(
          ids.map((id) => ({ __typename: 'Order', id })),
          '... on Order { id shipments { order { id } carrier { code } events(first: 1) { totalCount edges { node { at } } } } }',
          { token: support },
        );
        assert.equal(body.errors, undefined);
        assert.deepEqual(
          (entities as { shipments: Shipment[] }[]).map(({ shipments }) =>
            shipments.map((one) => one.order.id),
          ),
          ids.map((id) => (id.includes('x') ? [] : [id])),
        );
        assert.deepEqual(tablesRead(), ['carriers', 'shipments', 'tracking_events', 'tracking_events']);
      });
    });
  });
}
