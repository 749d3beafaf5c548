// Holds reading payment methods to the schema over HTTP, on every database engine: kinds, batches, ownership, pages.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { payments } from '../../../subgraphs/payments/payments.ts';
import { oneDatabaseEngine } from '../../support/databases.ts';
import { startTestSubgraph, type TestSubgraph } from '../../support/subgraph.ts';
import { defaultsOf, idOf, payerAt } from './payments-client.ts';

for (const engine of oneDatabaseEngine()) {
  describe(`payment methods on ${engine.name}`, () => {
    let subgraph: TestSubgraph;
    before(async () => {
      subgraph = await startTestSubgraph(payments, engine);
    });
    after(() => subgraph.stop());
    const payer = (userId: string, scopes: string[] = []) => payerAt(subgraph, userId, scopes);

    test("the README's customer has one method of each kind, the default first, then the newest", async () => {
      const { edges, totalCount } = await (await payer('user-001')).methods();
      assert.equal(totalCount, 3);
      const [card, ...others] = edges.map(({ node }) => node);
      assert.deepEqual(card, {
        __typename: 'Card',
        id: 'method-001-1',
        label: 'Visa •••• 4242',
        isDefault: true,
        addedAt: card?.addedAt,
        brand: 'VISA',
        last4: '4242',
        expiryMonth: 9,
        expiryYear: 2031,
        expired: false,
      });
      assert.deepEqual(
        others.map(({ __typename }) => __typename),
        ['Wallet', 'BankAccount'],
      );
      assert.ok((others[0]?.addedAt ?? '') > (others[1]?.addedAt ?? ''));
    });

    test('each of the 200 people has one to three methods, exactly one of them the default', async () => {
      const kinds = new Set<string>();
      let expired = 0;
      for (let number = 1; number <= 200; number++) {
        const page = await (await payer(`user-${String(number).padStart(3, '0')}`)).methods();
        assert.ok(page.totalCount >= 1 && page.totalCount <= 3);
        assert.equal(defaultsOf(page)?.length, 1);
        assert.equal(page.edges[0]?.node.isDefault, true);
        for (const { node } of page.edges) {
          kinds.add(node.__typename);
          if (node.expired) expired++;
        }
      }
      assert.deepEqual([...kinds].toSorted(), ['BankAccount', 'Card', 'Wallet']);
      assert.ok(expired > 5, `${expired} expired cards`);
    });

    test('methods are for their owner and the support team', async () => {
      for (const { other, sees } of [
        { other: await payer('user-stranger'), sees: false },
        { other: await payer('user-003', ['customers:read', 'orders:support']), sees: true },
      ]) {
        assert.equal((await other.methodsOf('user-001'))?.totalCount, sees ? 3 : undefined);
        const { entities } = await subgraph.entities(
          [
            { __typename: 'Card', id: 'method-001-1' },
            { __typename: 'PaymentMethod', id: 'method-001-1' },
          ],
          '... on Card { label } ... on PaymentMethod { label }',
          { token: other.token },
        );
        const shown = sees ? { label: 'Visa •••• 4242' } : null;
        assert.deepEqual(entities, [shown, shown]);
      }
    });

    test('100 references of all kinds, repeated, wrong and unknown, cost one statement', async () => {
      const { token } = await payer('user-001');
      const labels = { 'method-001-1': 'Visa •••• 4242' };
      const asked = Array.from({ length: 100 }, (_, index) => {
        const cases = [
          { reference: { __typename: 'Card', id: 'method-001-1' }, found: 'Card' },
          { reference: { __typename: 'PaymentMethod', id: 'method-001-1' }, found: 'Card' },
          { reference: { __typename: 'PaymentMethod', id: 'method-001-2' }, found: 'BankAccount' },
          { reference: { __typename: 'BankAccount', id: 'method-001-2' }, found: 'BankAccount' },
          { reference: { __typename: 'Wallet', id: 'method-001-3' }, found: 'Wallet' },
          { reference: { __typename: 'Wallet', id: 'method-001-1' }, found: null },
          { reference: { __typename: 'Card', id: `method-unknown-${index}` }, found: null },
          { reference: { __typename: 'Card', id: 'method-002-1' }, found: null },
        ];
        const one = cases[(index * 5) % cases.length];
        assert.ok(one);
        return one;
      });
      subgraph.statements.length = 0;
      const { body, entities } = await subgraph.entities(
        asked.map(({ reference }) => reference),
        '__typename ... on Card { id label } ... on BankAccount { id } ... on Wallet { id }',
        { token },
      );
      assert.equal(body.errors, undefined);
      assert.deepEqual(
        entities,
        asked.map(({ reference: { id }, found }) => {
          if (found === null) return null;
          return { __typename: found, id, ...(found === 'Card' ? { label: labels['method-001-1'] } : {}) };
        }),
      );
      assert.equal(subgraph.statements.length, 1, subgraph.statements.join('\n'));
    });

    test('the methods of a person come page by page, the default first, each once', async () => {
      const { addCard, setDefault, methods } = await payer('user-pages');
      const ids: string[] = [];
      for (let number = 0; number < 7; number++) ids.push(idOf(await addCard(String(3000 + number))));
      const middle = ids[3] ?? '';
      await setDefault(middle);
      const seen: string[] = [];
      for (let page = await methods('first: 2'); ; ) {
        seen.push(...page.edges.map(({ node }) => node.id));
        if (!page.pageInfo.hasNextPage) break;
        page = await methods(`first: 2, after: "${page.pageInfo.endCursor}"`);
      }
      assert.deepEqual(seen, [middle, ...ids.filter((id) => id !== middle).reverse()]);
    });

    for (const [argument, name] of [
      ['first: 0', 'first'],
      ['first: 101', 'first'],
      ['after: "garbage"', 'after'],
    ]) {
      test(`paymentMethods(${argument}) is refused by name`, async () => {
        const { token } = await payer('user-001');
        const { body } = await subgraph.entities(
          [{ __typename: 'User', id: 'user-001' }],
          `... on User { paymentMethods(${argument}) { totalCount } }`,
          { token },
        );
        assert.equal(body.errors?.[0]?.extensions?.['code'], 'BAD_USER_INPUT');
        assert.match(body.errors?.[0]?.message ?? '', new RegExp(`"${name}"`));
      });
    }
  });
}
