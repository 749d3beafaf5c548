// Holds orders to their schema over HTTP, on every database engine: reading, batches, ownership, pages, the seed.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type DemoOrder, demoOrders, orderAt, subtotalOf } from '../../../subgraphs/kit/demo/orders.ts';
import { orders } from '../../../subgraphs/orders/orders.ts';
import { oneDatabaseEngine } from '../../support/databases.ts';
import { startTestSubgraph, type TestSubgraph } from '../../support/subgraph.ts';

interface OrderNode {
  id: string;
  number: string;
  status: string;
}

interface OrderPage {
  edges: { cursor: string; node: OrderNode }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string };
  totalCount: number;
}

const demo = demoOrders();
const isAdas = ({ userId }: DemoOrder) => userId === 'user-001';
const adas = demo.filter(isAdas).reverse();
const others = demo.filter((order) => !isAdas(order));
const first = <Item>(items: readonly Item[]): Item => {
  const [item] = items;
  assert.ok(item !== undefined);
  return item;
};
const adasOrder = first(adas);
const othersOrder = first(others);
const euros = (amount: number) => ({ amount, currency: 'EUR' });

for (const engine of oneDatabaseEngine()) {
  describe(`orders on ${engine.name}`, () => {
    let subgraph: TestSubgraph;
    const tokens = { ada: '', support: '', stranger: '', nobody: '' };

    before(async () => {
      subgraph = await startTestSubgraph(orders, engine);
      const { tokenFor } = subgraph.identity;
      tokens.ada = await tokenFor({ userId: 'user-001' });
      tokens.stranger = await tokenFor({ userId: 'user-stranger' });
      tokens.support = await tokenFor({
        userId: 'user-003',
        scopes: ['customers:read', 'orders:support'],
      });
    });
    after(() => subgraph.stop());

    type Who = keyof typeof tokens;

    async function ask(document: string, as: Who, variables: Record<string, unknown> = {}) {
      const { body } = await subgraph.query(document, { token: tokens[as], variables });
      return body;
    }

    async function entities(as: Who, representations: object[], selection: string): Promise<unknown[]> {
      subgraph.statements.length = 0;
      const answer = await subgraph.entities(representations, selection, { token: tokens[as] });
      assert.equal(answer.body.errors, undefined);
      return answer.entities;
    }

    async function pageOf(userId: string, as: Who, variables: object): Promise<OrderPage | null> {
      const selection = `... on User { orders(status: $status, first: $first, after: $after) {
        edges { cursor node { id number status } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        totalCount
      } }`;
      const { body } = await subgraph.query(
        `query ($users: [_Any!]!, $status: OrderStatus, $first: Int, $after: String) {
          _entities(representations: $users) { ${selection} }
        }`,
        { token: tokens[as], variables: { users: [{ __typename: 'User', id: userId }], ...variables } },
      );
      assert.equal(body.errors, undefined);
      assert.ok(body.data);
      const [user] = body.data['_entities'] as { orders: OrderPage | null }[];
      return user?.orders ?? null;
    }

    test('an order tells what was bought, where it went and what happened, as it was that day', async () => {
      const { data, errors } = await ask(
        `query ($id: ID!) { order(id: $id) {
          id number status placedAt customer { id } supportNote
          lines { id product { id } productName quantity unitPrice { amount currency } total { amount currency } }
          subtotal { amount currency } shippingCost { amount currency } total { amount currency }
          deliveryAddress { recipient street postalCode city country }
          history { status at note }
        } }`,
        'support',
        { id: adasOrder.id },
      );
      assert.equal(errors, undefined);
      assert.ok(data);
      const { history, supportNote, ...rest } = data['order'] as {
        history: { status: string; at: string }[];
        supportNote: string | null;
      };
      assert.deepEqual(rest, {
        id: adasOrder.id,
        number: adasOrder.number,
        status: adasOrder.status,
        placedAt: adasOrder.placedAt.toISOString(),
        customer: { id: 'user-001' },
        lines: adasOrder.lines.map((line, index) => ({
          id: `${adasOrder.id}-line-${index + 1}`,
          product: { id: line.productId },
          productName: line.productName,
          quantity: line.quantity,
          unitPrice: euros(line.unitPrice),
          total: euros(line.unitPrice * line.quantity),
        })),
        subtotal: euros(subtotalOf(adasOrder)),
        shippingCost: euros(adasOrder.shippingCost),
        total: euros(subtotalOf(adasOrder) + adasOrder.shippingCost),
        deliveryAddress: adasOrder.deliveryAddress,
      });
      assert.equal(history.at(-1)?.status, adasOrder.status);
      assert.ok(supportNote === null || supportNote.length > 0);
    });

    test('orderByNumber finds the order of the invoice', async () => {
      const document = 'query ($number: String!) { orderByNumber(number: $number) { id } }';
      const { data } = await ask(document, 'ada', { number: adasOrder.number });
      assert.deepEqual(data, { orderByNumber: { id: adasOrder.id } });
      assert.deepEqual((await ask(document, 'ada', { number: 'T-0' })).data, { orderByNumber: null });
    });

    const readers: [Who, string, 'seen' | 'null'][] = [
      ['ada', adasOrder.id, 'seen'],
      ['ada', othersOrder.id, 'null'],
      ['ada', 'order-that-is-not-there', 'null'],
      ['stranger', adasOrder.id, 'null'],
      ['support', adasOrder.id, 'seen'],
      ['support', 'order-that-is-not-there', 'null'],
    ];
    for (const [who, id, expected] of readers) {
      test(`${who} asking for ${id} gets ${expected === 'seen' ? 'it' : 'null without an error'}`, async () => {
        const answer = expected === 'seen' ? { id } : null;
        const { data, errors } = await ask('query ($id: ID!) { order(id: $id) { id } }', who, { id });
        assert.deepEqual({ data, errors }, { data: { order: answer }, errors: undefined });
        const found = await entities(who, [{ __typename: 'Order', id }], '... on Order { id }');
        assert.deepEqual(found, [answer]);
      });
    }

    const signedInOnly = [
      '{ order(id: "order-0001") { id } }',
      '{ orderByNumber(number: "T-100001") { id } }',
      '{ _entities(representations: [{ __typename: "User", id: "user-001" }]) { ... on User { orders { totalCount } } } }',
      '{ _entities(representations: [{ __typename: "User", id: "user-001" }]) { ... on User { cart { id } } } }',
      'mutation { clearCart { cart { id } } }',
    ];
    for (const document of signedInOnly) {
      test(`nobody in particular may not ask ${document}`, async () => {
        const { errors } = await ask(document, 'nobody');
        assert.deepEqual(
          errors?.map(({ extensions }) => extensions?.['code']),
          ['UNAUTHENTICATED'],
        );
      });
    }

    test('the support note is for those with the scope alone', async () => {
      const document = 'query ($id: ID!) { order(id: $id) { id supportNote } }';
      const { data, errors } = await ask(document, 'ada', { id: adasOrder.id });
      assert.deepEqual(data, { order: { id: adasOrder.id, supportNote: null } });
      assert.equal(errors?.[0]?.extensions?.['code'], 'FORBIDDEN');
    });

    test('100 orders by id and number, shuffled, repeated and unknown, cost one statement a table', async () => {
      const asked = Array.from({ length: 100 }, (_, index) => {
        const order = orderAt(((index * 37) % 60) + 1);
        if (index % 10 === 9) return { key: { id: `unknown-${index}` }, order: null };
        return { key: index % 3 === 0 ? { number: order.number } : { id: order.id }, order };
      });
      const found = await entities(
        'support',
        asked.map(({ key }) => ({ __typename: 'Order', ...key })),
        '... on Order { id number lines { productName } total { amount } subtotal { amount } history { status } }',
      );
      const told = (found as ({ id: string; number: string; lines: unknown[] } | null)[]).map(
        (order) => order && { id: order.id, number: order.number, lines: order.lines.length },
      );
      assert.deepEqual(
        told,
        asked.map(({ order }) => order && { id: order.id, number: order.number, lines: order.lines.length }),
      );
      assert.equal(subgraph.statements.length, 3, subgraph.statements.join('\n'));
    });

    test('a stranger who asks for a batch gets nothing but nulls', async () => {
      const representations = adas.slice(0, 20).map(({ id }) => ({ __typename: 'Order', id }));
      const found = await entities('stranger', representations, '... on Order { id total { amount } }');
      assert.deepEqual(new Set(found), new Set([null]));
    });

    test('the orders of a person come newest first, page by page, each once', async () => {
      const seen: string[] = [];
      for (let after: string | null = null, more = true; more; ) {
        const page = await pageOf('user-001', 'ada', { first: 7, after });
        assert.ok(page);
        assert.equal(page.totalCount, adas.length);
        assert.equal(page.pageInfo.hasPreviousPage, after !== null);
        seen.push(...page.edges.map(({ node }) => node.id));
        after = page.pageInfo.endCursor;
        more = page.pageInfo.hasNextPage;
      }
      assert.deepEqual(
        seen,
        adas.map(({ id }) => id),
      );
    });

    for (const status of ['PLACED', 'DELIVERED', 'RETURNED'] as const) {
      test(`orders(status: ${status}) keeps only those`, async () => {
        const page = await pageOf('user-001', 'ada', { status, first: 100 });
        const expected = adas.filter((order) => order.status === status);
        assert.deepEqual(
          page?.edges.map(({ node }) => node.id),
          expected.slice(0, 100).map(({ id }) => id),
        );
        assert.equal(page?.totalCount, expected.length);
      });
    }

    test('a person nobody has heard of has bought nothing', async () => {
      const page = await pageOf('user-unknown', 'support', {});
      assert.deepEqual(page?.edges, []);
      assert.equal(page?.totalCount, 0);
    });

    test("another person's orders and cart are null", async () => {
      assert.equal(await pageOf('user-001', 'stranger', {}), null);
      const representations = [{ __typename: 'User', id: 'user-001' }];
      assert.deepEqual(await entities('stranger', representations, '... on User { cart { id } }'), [
        { cart: null },
      ]);
    });

    test('the orders of 100 people cost one statement, and one more for the counts', async () => {
      const people = Array.from({ length: 100 }, (_, index) => ({
        __typename: 'User',
        id: `user-${String(index + 1).padStart(3, '0')}`,
      }));
      const pages = (await entities(
        'support',
        people,
        '... on User { orders(first: 2) { totalCount edges { node { id } } } }',
      )) as { orders: OrderPage }[];
      assert.equal(subgraph.statements.length, 2, subgraph.statements.join('\n'));
      assert.deepEqual(
        pages.map(({ orders: { totalCount } }) => totalCount),
        people.map(({ id }) => demo.filter(({ userId }) => userId === id).length),
      );
    });

    const badPages: [string, string][] = [
      ['first: 0', 'first'],
      ['first: -1', 'first'],
      ['first: 101', 'first'],
      ['after: "garbage"', 'after'],
    ];
    for (const [argument, name] of badPages) {
      test(`orders(${argument}) is refused by name`, async () => {
        const { data, errors } = await ask(
          `{ _entities(representations: [{ __typename: "User", id: "user-001" }]) {
            ... on User { orders(${argument}) { totalCount } }
          } }`,
          'ada',
        );
        assert.deepEqual(data, { _entities: [{ orders: null }] });
        assert.equal(errors?.[0]?.extensions?.['code'], 'BAD_USER_INPUT');
        assert.match(errors?.[0]?.message ?? '', new RegExp(`"${name}"`));
      });
    }

    test('all 3,000 demo orders are there, with a history that fits them', async () => {
      const found = (await entities(
        'support',
        demo.map(({ id }) => ({ __typename: 'Order', id })),
        '... on Order { number status lines { id } total { amount } supportNote history { status at note } }',
      )) as {
        number: string;
        status: string;
        lines: object[];
        total: { amount: number };
        supportNote: string | null;
        history: { status: string; at: string; note: string }[];
      }[];
      assert.equal(found.length, 3000);
      for (const [index, order] of demo.entries()) {
        const told = found[index];
        assert.equal(told?.number, order.number);
        assert.equal(told.lines.length, order.lines.length);
        assert.equal(told.total.amount, subtotalOf(order) + order.shippingCost);
        const steps = told.history.map(({ at }) => at);
        assert.deepEqual(steps, steps.toSorted());
        assert.equal(told.history[0]?.status, 'PLACED');
        assert.equal(told.history.at(-1)?.status, order.status);
      }
      const notes = found.filter(({ supportNote }) => supportNote !== null).length;
      assert.ok(notes > 30 && notes < 200, `${notes} support notes`);
    });
  });
}
