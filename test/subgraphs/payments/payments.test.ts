// Holds payments to their schema over HTTP, on every database engine: reading, batches, ownership, the seed.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type DemoOrder, demoOrders, subtotalOf } from '../../../subgraphs/kit/demo/orders.ts';
import { payments } from '../../../subgraphs/payments/payments.ts';
import { oneDatabaseEngine } from '../../support/databases.ts';
import { startTestSubgraph, type TestSubgraph } from '../../support/subgraph.ts';

interface Payment {
  id: string;
  status: string;
  amount: { amount: number; currency: string };
  methodLabel: string;
  method: { id: string; label: string } | null;
  createdAt: string;
  capturedAt: string | null;
  refunds: { amount: { amount: number }; reason: string; at: string }[];
  providerReference: string | null;
}

const demo = demoOrders();
const paymentId = (order: DemoOrder) => order.id.replace('order', 'payment');
const total = (order: DemoOrder) => subtotalOf(order) + order.shippingCost;
const adas = demo.filter(({ userId }) => userId === 'user-001');
const one = (found: DemoOrder | undefined): DemoOrder => {
  assert.ok(found);
  return found;
};
const adasOrder = one(adas[0]);
const othersOrder = one(demo.find(({ userId }) => userId !== 'user-001'));
const statuses = {
  PLACED: 'PENDING',
  PAID: 'AUTHORIZED',
  SHIPPED: 'CAPTURED',
  DELIVERED: 'CAPTURED',
  CANCELLED: 'CANCELLED',
  RETURNED: 'REFUNDED',
};

for (const engine of oneDatabaseEngine()) {
  describe(`payments on ${engine.name}`, () => {
    let subgraph: TestSubgraph;
    const tokens = { ada: '', support: '', stranger: '', nobody: '' };
    type Who = keyof typeof tokens;

    before(async () => {
      subgraph = await startTestSubgraph(payments, engine);
      const { tokenFor } = subgraph.identity;
      tokens.ada = await tokenFor({ userId: 'user-001' });
      tokens.stranger = await tokenFor({ userId: 'user-stranger' });
      tokens.support = await tokenFor({
        userId: 'user-003',
        scopes: ['customers:read', 'orders:support'],
      });
    });
    after(() => subgraph.stop());

    async function entities(as: Who, representations: object[], selection: string): Promise<unknown[]> {
      subgraph.statements.length = 0;
      const answer = await subgraph.entities(representations, selection, { token: tokens[as] });
      assert.equal(answer.body.errors, undefined);
      return answer.entities;
    }

    test('a payment tells what was paid for, how much and how', async () => {
      const { body } = await subgraph.query(
        `query ($id: ID!) { payment(id: $id) {
          id order { id } status amount { amount currency } methodLabel method { __typename label } createdAt capturedAt
          refunds { id }
        } }`,
        { token: tokens.ada, variables: { id: paymentId(adasOrder) } },
      );
      assert.equal(body.errors, undefined);
      assert.ok(body.data);
      const { methodLabel, method, ...rest } = body.data['payment'] as {
        methodLabel: string;
        method: { label: string } | null;
      };
      assert.deepEqual(rest, {
        id: paymentId(adasOrder),
        order: { id: adasOrder.id },
        status: statuses[adasOrder.status],
        amount: { amount: total(adasOrder), currency: 'EUR' },
        createdAt: adasOrder.placedAt.toISOString(),
        capturedAt: adasOrder.shippedAt?.toISOString() ?? null,
        refunds: [],
      });
      assert.ok(methodLabel.length > 3);
      if (method) assert.equal(method.label, methodLabel);
    });

    const readers: [Who, DemoOrder | null, 'seen' | 'null'][] = [
      ['ada', adasOrder, 'seen'],
      ['ada', othersOrder, 'null'],
      ['ada', null, 'null'],
      ['stranger', adasOrder, 'null'],
      ['support', adasOrder, 'seen'],
      ['support', null, 'null'],
    ];
    for (const [who, order, expected] of readers) {
      const id = order ? paymentId(order) : 'payment-unknown';
      test(`${who} asking for ${id} gets ${expected === 'seen' ? 'it' : 'null without an error'}`, async () => {
        const payment = expected === 'seen' ? { id } : null;
        const { body } = await subgraph.query('query ($id: ID!) { payment(id: $id) { id } }', {
          token: tokens[who],
          variables: { id },
        });
        assert.deepEqual(body, { data: { payment } });
        assert.deepEqual(await entities(who, [{ __typename: 'Payment', id }], '... on Payment { id }'), [
          payment,
        ]);
        const orderId = order?.id ?? 'order-unknown';
        const orders = await entities(
          who,
          [{ __typename: 'Order', id: orderId }],
          '... on Order { payment { id } }',
        );
        assert.deepEqual(orders, [{ payment }]);
      });
    }

    const signedInOnly = [
      '{ payment(id: "payment-0001") { id } }',
      '{ _entities(representations: [{ __typename: "Order", id: "order-0001" }]) { ... on Order { payment { id } } } }',
      '{ _entities(representations: [{ __typename: "User", id: "user-001" }]) { ... on User { paymentMethods { totalCount } } } }',
      'mutation { setDefaultPaymentMethod(id: "method-001-1") { user { id } } }',
      'mutation { removePaymentMethod(id: "method-001-1") { removedId } }',
      'mutation { addCard(input: { token: "tok_1", brand: VISA, last4: "4242", expiryMonth: 1, expiryYear: 2031 }) { user { id } } }',
    ];
    for (const document of signedInOnly) {
      test(`nobody in particular may not ask ${document.slice(0, 70)}`, async () => {
        const { body } = await subgraph.query(document);
        assert.deepEqual(
          body.errors?.map(({ extensions }) => extensions?.['code']),
          ['UNAUTHENTICATED'],
        );
      });
    }

    test("the provider's reference is for those with the scope alone", async () => {
      const document = 'query ($id: ID!) { payment(id: $id) { providerReference } }';
      const variables = { id: paymentId(adasOrder) };
      const refused = await subgraph.query(document, { token: tokens.ada, variables });
      assert.deepEqual(refused.body.data, { payment: { providerReference: null } });
      assert.equal(refused.body.errors?.[0]?.extensions?.['code'], 'FORBIDDEN');
      const told = await subgraph.query(document, { token: tokens.support, variables });
      assert.match(JSON.stringify(told.body.data), /PSP-T-1/);
    });

    test('the payments of 100 orders, shuffled, repeated and unknown, cost one statement a table', async () => {
      const asked = Array.from({ length: 100 }, (_, index) => {
        const order = index % 10 === 9 ? null : one(demo[(index * 37) % 60]);
        return { order, id: order?.id ?? `order-unknown-${index}` };
      });
      const found = await entities(
        'support',
        asked.map(({ id }) => ({ __typename: 'Order', id })),
        '... on Order { id payment { id refunds { id } method { id } } }',
      );
      const told = (found as { id: string; payment: { id: string } | null }[]).map(({ id, payment }) => ({
        id,
        payment: payment?.id ?? null,
      }));
      assert.deepEqual(
        told,
        asked.map(({ id, order }) => ({ id, payment: order && paymentId(order) })),
      );
      assert.equal(subgraph.statements.length, 3, subgraph.statements.join('\n'));
    });

    test('100 payments as entities cost one statement', async () => {
      const ids = Array.from({ length: 100 }, (_, index) =>
        index % 10 === 0 ? `payment-unknown-${index}` : paymentId(one(demo[(index * 13) % 70])),
      );
      const found = await entities(
        'support',
        ids.map((id) => ({ __typename: 'Payment', id })),
        '... on Payment { id status amount { amount } }',
      );
      assert.deepEqual(
        (found as ({ id: string } | null)[]).map((payment) => payment?.id ?? null),
        ids.map((id) => (id.includes('unknown') ? null : id)),
      );
      assert.equal(subgraph.statements.length, 1, subgraph.statements.join('\n'));
    });

    test('every demo order has the payment that fits how far it has come', async () => {
      const found = (await entities(
        'support',
        demo.map(({ id }) => ({ __typename: 'Order', id })),
        `... on Order { payment {
          id status amount { amount currency } methodLabel method { id label } createdAt capturedAt
          refunds { amount { amount } reason at } providerReference
        } }`,
      )) as { payment: Payment }[];
      assert.equal(found.length, 3000);
      for (const [index, order] of demo.entries()) {
        const { payment } = found[index] as { payment: Payment };
        assert.equal(payment.id, paymentId(order));
        assert.equal(payment.status, statuses[order.status]);
        assert.deepEqual(payment.amount, { amount: total(order), currency: 'EUR' });
        assert.equal(payment.capturedAt, order.shippedAt?.toISOString() ?? null);
        assert.equal(payment.providerReference === null, payment.status === 'PENDING');
        assert.deepEqual(
          payment.refunds.map(({ amount, at }) => ({ amount: amount.amount, at })),
          order.status === 'RETURNED' ? [{ amount: total(order), at: order.endedAt?.toISOString() }] : [],
        );
      }
    });

    test('some of what a person paid with was removed since, and only its label is left', async () => {
      const found = (await entities(
        'ada',
        adas.map((order) => ({ __typename: 'Payment', id: paymentId(order) })),
        '... on Payment { methodLabel method { id label } }',
      )) as Pick<Payment, 'methodLabel' | 'method'>[];
      const removed = found.filter(({ method }) => method === null);
      assert.ok(
        removed.length > 0 && removed.length < found.length / 2,
        `${removed.length} of ${found.length}`,
      );
      for (const { methodLabel, method } of found) assert.equal(methodLabel, method?.label ?? methodLabel);
    });
  });
}
