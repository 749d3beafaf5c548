// Holds carts to the schema over HTTP, on every database engine: mutations, limits, ownership, calls at the same time.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { orders } from '../../../subgraphs/orders/orders.ts';
import { databaseEngines } from '../../support/databases.ts';
import { startTestSubgraph, type TestSubgraph } from '../../support/subgraph.ts';

interface Cart {
  id: string;
  itemCount: number;
  updatedAt: string;
  lines: { product: { id: string }; quantity: number; addedAt: string }[];
}

interface Payload {
  cart: Cart | null;
  userErrors: { code: string; message: string; field: string[] }[];
}

type Input = { productId: string; quantity: number };

const cartFields = 'id itemCount updatedAt lines { product { id } quantity addedAt }';
const payloadFields = `{ cart { ${cartFields} } userErrors { code message field } }`;
const productIds = (count: number) => Array.from({ length: count }, (_, index) => `product-${index + 1}`);

for (const engine of databaseEngines()) {
  describe(`carts on ${engine.name}`, () => {
    let subgraph: TestSubgraph;
    before(async () => {
      subgraph = await startTestSubgraph(orders, engine);
    });
    after(() => subgraph.stop());

    const tokenOf = (userId: string, scopes: string[] = []) => subgraph.identity.tokenFor({ userId, scopes });

    /** What one person can do with a cart; each test has a person of its own. */
    async function shopper(userId: string) {
      const token = await tokenOf(userId);
      const mutate = async (field: string, variables: Record<string, unknown>, parameters = '') => {
        const { body } = await subgraph.query(
          `mutation ${parameters} { answer: ${field} ${payloadFields} }`,
          {
            token,
            variables,
          },
        );
        assert.equal(body.errors, undefined);
        return body.data?.['answer'] as Payload;
      };
      return {
        token,
        add: (productId: string, quantity: number) =>
          mutate('addToCart(input: $input)', { input: { productId, quantity } }, '($input: CartLineInput!)'),
        update: (productId: string, quantity: number) =>
          mutate(
            'updateCartLine(input: $input)',
            { input: { productId, quantity } },
            '($input: CartLineInput!)',
          ),
        remove: (productId: string) =>
          mutate('removeFromCart(productId: $id)', { id: productId }, '($id: ID!)'),
        clear: () => mutate('clearCart', {}),
        cart: () => cartSeenBy(token, userId),
      };
    }

    async function cartSeenBy(token: string, userId: string): Promise<Cart | null> {
      const answer = await subgraph.entities(
        [{ __typename: 'User', id: userId }],
        `... on User { cart { ${cartFields} } }`,
        { token },
      );
      assert.equal(answer.body.errors, undefined);
      const [user] = answer.entities as { cart: Cart | null }[];
      return user?.cart ?? null;
    }

    const linesOf = (cart: Cart | null): Input[] | undefined =>
      cart?.lines.map(({ product, quantity }) => ({ productId: product.id, quantity }));

    test("the README's customer has three products in the cart", async () => {
      const cart = await (await shopper('user-001')).cart();
      assert.equal(cart?.id, 'cart-user-001');
      assert.equal(cart.lines.length, 3);
      assert.equal(
        cart.itemCount,
        cart.lines.reduce((sum, { quantity }) => sum + quantity, 0),
      );
      const moments = cart.lines.map(({ addedAt }) => addedAt);
      assert.deepEqual(moments, moments.toSorted());
    });

    test('the first look makes an empty cart, and it stays the same one', async () => {
      const { cart } = await shopper('user-first');
      const made = await cart();
      assert.deepEqual(made, { id: 'cart-user-first', itemCount: 0, lines: [], updatedAt: made?.updatedAt });
      assert.deepEqual(await cart(), made);
    });

    test('what is put in comes out in the order it was put in, with the moment of the change', async () => {
      const { add, update, remove, clear, cart } = await shopper('user-order');
      const before = await cart();
      await add('product-b', 2);
      await add('product-a', 1);
      const added = await add('product-b', 3);
      assert.deepEqual(linesOf(added.cart), [
        { productId: 'product-b', quantity: 5 },
        { productId: 'product-a', quantity: 1 },
      ]);
      assert.equal(added.cart?.itemCount, 6);
      assert.ok((added.cart?.updatedAt ?? '') > (before?.updatedAt ?? ''));

      const updated = await update('product-b', 1);
      assert.deepEqual(linesOf(updated.cart), [
        { productId: 'product-b', quantity: 1 },
        { productId: 'product-a', quantity: 1 },
      ]);
      const removed = await remove('product-b');
      assert.deepEqual(linesOf(removed.cart), [{ productId: 'product-a', quantity: 1 }]);
      const cleared = await clear();
      assert.deepEqual(linesOf(cleared.cart), []);
      assert.deepEqual((await clear()).userErrors, []);
    });

    test('each of several mutations in one request answers with the cart as it left it', async () => {
      const { token } = await shopper('user-several');
      const { body } = await subgraph.query(
        `mutation {
          one: addToCart(input: { productId: "product-a", quantity: 1 }) { cart { itemCount } }
          two: addToCart(input: { productId: "product-a", quantity: 2 }) { cart { itemCount } }
          three: removeFromCart(productId: "product-a") { cart { itemCount lines { quantity } } }
        }`,
        { token },
      );
      assert.deepEqual(body, {
        data: {
          one: { cart: { itemCount: 1 } },
          two: { cart: { itemCount: 3 } },
          three: { cart: { itemCount: 0, lines: [] } },
        },
      });
    });

    const held = { productId: 'product-held', quantity: 98 };
    const unheld = { productId: 'product-other', quantity: 1 };
    const impossible = [
      '',
      'product-',
      'Product-1',
      'sku-1',
      'product-1 ',
      'product-\u0000',
      `product-${'x'.repeat(101)}`,
    ];
    const tooMany = { code: 'TOO_MANY_PIECES', field: ['input', 'quantity'] };
    const invalid = { code: 'INVALID_PRODUCT', field: ['input', 'productId'] };
    const refused: {
      what: 'add' | 'update' | 'remove';
      input: Input;
      errors: { code: string; field: string[] }[];
    }[] = [
      { what: 'add', input: { ...held, quantity: 2 }, errors: [tooMany] },
      { what: 'add', input: { ...unheld, quantity: 100 }, errors: [tooMany] },
      { what: 'add', input: { ...unheld, quantity: 2 ** 52 }, errors: [tooMany] },
      { what: 'add', input: { productId: 'chair', quantity: 100 }, errors: [invalid, tooMany] },
      { what: 'update', input: { ...held, quantity: 100 }, errors: [tooMany] },
      { what: 'update', input: unheld, errors: [{ code: 'NOT_IN_CART', field: ['input', 'productId'] }] },
      { what: 'update', input: { productId: 'chair', quantity: 1 }, errors: [invalid] },
      { what: 'remove', input: unheld, errors: [{ code: 'NOT_IN_CART', field: ['productId'] }] },
      {
        what: 'remove',
        input: { productId: 'chair', quantity: 1 },
        errors: [{ code: 'INVALID_PRODUCT', field: ['productId'] }],
      },
      ...impossible.map((productId) => ({
        what: 'add' as const,
        input: { productId, quantity: 1 },
        errors: [invalid],
      })),
    ];
    for (const [index, { what, input, errors }] of refused.entries()) {
      const codes = errors.map(({ code }) => code).join(' and ');
      const title = `${what} of ${input.quantity} × ${JSON.stringify(input.productId.slice(0, 20))}`;
      test(`${title} is ${codes} and changes nothing`, async () => {
        const { add, cart, ...others } = await shopper(`user-refused-${index}`);
        await add(held.productId, held.quantity);
        const before = await cart();
        const payload = await { add, ...others }[what](input.productId, input.quantity);
        assert.equal(payload.cart, null);
        assert.deepEqual(
          payload.userErrors.map(({ code, field }) => ({ code, field })),
          errors,
        );
        assert.ok(payload.userErrors.every(({ message }) => message.endsWith('.')));
        assert.deepEqual(await cart(), before);
      });
    }

    test('99 pieces fit, and the longest id', async () => {
      const { add } = await shopper('user-full-line');
      const payload = await add(`product-${'x'.repeat(100)}`, 99);
      assert.equal(payload.cart?.itemCount, 99);
    });

    for (const quantity of [0, -1, 'two', null]) {
      test(`a quantity of ${quantity} is refused by its scalar`, async () => {
        const token = await tokenOf('user-scalar');
        const { body } = await subgraph.query(
          'mutation ($input: CartLineInput!) { addToCart(input: $input) { cart { id } } }',
          { token, variables: { input: { productId: 'product-1', quantity } } },
        );
        assert.equal(body.errors?.[0]?.extensions?.['code'], 'BAD_USER_INPUT');
      });
    }

    test('20 calls at once that add the same product add up, also in a cart not yet made', async () => {
      const { add, cart } = await shopper('user-at-once');
      const payloads = await Promise.all(Array.from({ length: 20 }, () => add('product-1', 2)));
      assert.deepEqual(
        payloads.map((payload) => payload.cart !== null),
        payloads.map(() => true),
      );
      assert.deepEqual(linesOf(await cart()), [{ productId: 'product-1', quantity: 40 }]);
    });

    test('calls at once do not get past the limit of 99 pieces', async () => {
      const { add, cart } = await shopper('user-pieces');
      const payloads = await Promise.all(Array.from({ length: 12 }, () => add('product-1', 10)));
      const refusedOnes = payloads.flatMap(({ userErrors }) => userErrors.map(({ code }) => code));
      assert.deepEqual(refusedOnes, ['TOO_MANY_PIECES', 'TOO_MANY_PIECES', 'TOO_MANY_PIECES']);
      assert.equal((await cart())?.itemCount, 90);
    });

    test('the 101st product is one too many, also when many come at once', async () => {
      const { add, update, cart } = await shopper('user-lines');
      for (const id of productIds(95)) await add(id, 1);
      const late = await Promise.all(
        productIds(105)
          .slice(95)
          .map((id) => add(id, 1)),
      );
      const errors = late.flatMap(({ userErrors }) => userErrors);
      assert.deepEqual(
        errors.map(({ code, field }) => ({ code, field })),
        Array.from({ length: 5 }, () => ({ code: 'TOO_MANY_LINES', field: ['input', 'productId'] })),
      );
      assert.equal((await cart())?.lines.length, 100);
      assert.deepEqual((await add('product-1', 1)).userErrors, []);
      assert.deepEqual((await update('product-2', 7)).userErrors, []);
    });

    test('the cart as an entity, which the catalog prices, is for its owner and the support team', async () => {
      const owner = await shopper('user-owner');
      await owner.add('product-1', 2);
      const support = await tokenOf('user-003', ['customers:read', 'orders:support']);
      const cart = { id: 'cart-user-owner', lines: [{ quantity: 2, product: { id: 'product-1' } }] };
      const cases: [string | undefined, object | null][] = [
        [owner.token, cart],
        [await tokenOf('user-stranger'), null],
        [support, cart],
        [undefined, null],
      ];
      for (const [token, expected] of cases) {
        const answer = await subgraph.entities(
          [{ __typename: 'Cart', id: 'cart-user-owner' }],
          '... on Cart { id lines { quantity product { id } } }',
          { token },
        );
        assert.deepEqual(answer.entities, [expected]);
      }
    });

    test('support reads the cart of others, but does not make one', async () => {
      const support = await tokenOf('user-003', ['customers:read']);
      assert.equal((await cartSeenBy(support, 'user-001'))?.lines.length, 3);
      assert.equal(await cartSeenBy(support, 'user-without-cart'), null);
      assert.equal(await cartSeenBy(await tokenOf('user-stranger'), 'user-001'), null);
    });

    test('100 carts, most of them of others, cost one statement a table', async () => {
      const { add, token } = await shopper('user-batch');
      await add('product-1', 4);
      subgraph.statements.length = 0;
      const representations = Array.from({ length: 100 }, (_, index) => ({
        __typename: 'Cart',
        id: index % 7 === 0 ? 'cart-user-batch' : `cart-user-${String(index).padStart(3, '0')}`,
      }));
      const { entities } = await subgraph.entities(
        representations,
        '... on Cart { id itemCount lines { quantity } }',
        {
          token,
        },
      );
      const mine = { id: 'cart-user-batch', itemCount: 4, lines: [{ quantity: 4 }] };
      assert.deepEqual(
        entities,
        representations.map(({ id }) => (id === mine.id ? mine : null)),
      );
      assert.equal(subgraph.statements.length, 2, subgraph.statements.join('\n'));
    });

    test('a third of the demo people left something in the cart', async () => {
      const support = await tokenOf('user-003', ['customers:read']);
      const people = Array.from({ length: 200 }, (_, index) => ({
        __typename: 'User',
        id: `user-${String(index + 1).padStart(3, '0')}`,
      }));
      const { entities } = await subgraph.entities(people, '... on User { cart { itemCount } }', {
        token: support,
      });
      const filled = (entities as { cart: Cart | null }[]).filter(({ cart }) => (cart?.itemCount ?? 0) > 0);
      assert.ok(filled.length > 40 && filled.length < 90, `${filled.length} carts`);
    });
  });
}
