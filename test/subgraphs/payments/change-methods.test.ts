// Holds changes of payment methods to the schema over HTTP, on every database engine: defaults, errors, calls at once.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { payments } from '../../../subgraphs/payments/payments.ts';
import { databaseEngines } from '../../support/databases.ts';
import { startTestSubgraph, type TestSubgraph } from '../../support/subgraph.ts';
import { defaultsOf, idOf, labelsOf, type Method, payerAt } from './payments-client.ts';

const year = new Date().getUTCFullYear();

for (const engine of databaseEngines()) {
  describe(`changing payment methods on ${engine.name}`, () => {
    let subgraph: TestSubgraph;
    before(async () => {
      subgraph = await startTestSubgraph(payments, engine);
    });
    after(() => subgraph.stop());
    const payer = (userId: string, scopes: string[] = []) => payerAt(subgraph, userId, scopes);

    test('the first card becomes the default unasked, the next only when asked', async () => {
      const { addCard, methods } = await payer('user-adds');
      const first = await addCard('1111');
      assert.equal(first.paymentMethod?.isDefault, true);
      assert.equal(first.paymentMethod?.label, 'Visa •••• 1111');
      assert.equal(first.paymentMethod?.expired, false);
      const second = await addCard('2222', { brand: 'MASTERCARD', makeDefault: null });
      assert.equal(second.paymentMethod?.isDefault, false);
      assert.deepEqual(labelsOf(second.user?.paymentMethods), ['Visa •••• 1111', 'Mastercard •••• 2222']);
      const third = await addCard('3333', { brand: 'AMEX', makeDefault: true });
      assert.deepEqual(labelsOf(third.user?.paymentMethods), [
        'American Express •••• 3333',
        'Mastercard •••• 2222',
        'Visa •••• 1111',
      ]);
      assert.deepEqual(defaultsOf(await methods()), ['American Express •••• 3333']);
    });

    test('setting the default takes it from the other, and setting it again changes nothing', async () => {
      const { addCard, setDefault } = await payer('user-default');
      const first = idOf(await addCard('1111'));
      const second = idOf(await addCard('2222'));
      for (const id of [second, second, first]) {
        const { paymentMethod, user, userErrors } = await setDefault(id);
        assert.deepEqual(userErrors, []);
        assert.equal(paymentMethod?.isDefault, true);
        assert.deepEqual(defaultsOf(user?.paymentMethods), [paymentMethod.label]);
        assert.equal(user?.paymentMethods.edges[0]?.node.id, id);
      }
    });

    test('each of several mutations in one request answers with the methods as it left them', async () => {
      const { token, addCard } = await payer('user-several');
      const id = idOf(await addCard('1111'));
      const { body } = await subgraph.query(
        `mutation ($id: ID!, $input: CardInput!) {
          one: addCard(input: $input) { user { paymentMethods { totalCount edges { node { label } } } } }
          two: removePaymentMethod(id: $id) { user { paymentMethods { totalCount edges { node { label } } } } }
        }`,
        {
          token,
          variables: {
            id,
            input: {
              token: 'tok_several',
              brand: 'VISA',
              last4: '2222',
              expiryMonth: 1,
              expiryYear: year + 1,
            },
          },
        },
      );
      const methods = (...labels: string[]) => ({
        user: {
          paymentMethods: {
            totalCount: labels.length,
            edges: labels.map((label) => ({ node: { label } })),
          },
        },
      });
      assert.deepEqual(body, {
        data: { one: methods('Visa •••• 1111', 'Visa •••• 2222'), two: methods('Visa •••• 2222') },
      });
    });

    test('when the default goes the newest follows, until none is left', async () => {
      const { addCard, remove } = await payer('user-removes');
      const ids = [idOf(await addCard('1111')), idOf(await addCard('2222')), idOf(await addCard('3333'))];
      const [first = '', second = '', third = ''] = ids;
      const one = await remove(first);
      assert.equal(one.removedId, first);
      assert.deepEqual(defaultsOf(one.user?.paymentMethods), ['Visa •••• 3333']);
      const two = await remove(second);
      assert.deepEqual(defaultsOf(two.user?.paymentMethods), ['Visa •••• 3333']);
      const three = await remove(third);
      assert.deepEqual(labelsOf(three.user?.paymentMethods), []);
      const again = await addCard('4444');
      assert.equal(again.paymentMethod?.isDefault, true);
    });

    test('a removed method leaves its label in the payments made with it', async () => {
      const { token, methods, remove } = await payer('user-002');
      const ordersOf = await subgraph.entities(
        Array.from({ length: 3000 }, (_, index) => ({
          __typename: 'Payment',
          id: `payment-${String(index + 1).padStart(4, '0')}`,
        })),
        '... on Payment { id methodLabel method { id } }',
        { token },
      );
      const mine = (
        ordersOf.entities as ({ id: string; methodLabel: string; method: Method | null } | null)[]
      ).filter((payment) => payment?.method != null);
      const [payment] = mine;
      assert.ok(payment?.method);
      const before = (await methods()).totalCount;
      const { user } = await remove(payment.method.id);
      assert.equal(user?.paymentMethods.totalCount, before - 1);
      const { entities } = await subgraph.entities(
        [{ __typename: 'Payment', id: payment.id }],
        '... on Payment { methodLabel method { id } }',
        { token },
      );
      assert.deepEqual(entities, [{ methodLabel: payment.methodLabel, method: null }]);
    });

    const refusedCards: [string, object, { code: string; field: string }[]][] = [
      [
        'a card number for a token',
        { token: '4242424242424242' },
        [{ code: 'INVALID_TOKEN', field: 'token' }],
      ],
      ['a token used before', { token: 'tok_user-001_1' }, [{ code: 'INVALID_TOKEN', field: 'token' }]],
      ['three digits', { last4: '424' }, [{ code: 'INVALID_DIGITS', field: 'last4' }]],
      ['month 13', { expiryMonth: 13 }, [{ code: 'INVALID_EXPIRY', field: 'expiryMonth' }]],
      ['an expired card', { expiryYear: year - 1 }, [{ code: 'INVALID_EXPIRY', field: 'expiryYear' }]],
      ['a year too far ahead', { expiryYear: year + 21 }, [{ code: 'INVALID_EXPIRY', field: 'expiryYear' }]],
      [
        'everything wrong at once',
        { token: 'x', last4: 'x', expiryMonth: 0 },
        [
          { code: 'INVALID_TOKEN', field: 'token' },
          { code: 'INVALID_DIGITS', field: 'last4' },
          { code: 'INVALID_EXPIRY', field: 'expiryMonth' },
        ],
      ],
    ];
    for (const [index, [what, change, expected]] of refusedCards.entries()) {
      test(`${what} is refused and changes nothing`, async () => {
        const { addCard, methods } = await payer(`user-refused-${index}`);
        await addCard('1111');
        const before = await methods();
        const payload = await addCard('2222', { makeDefault: true, ...change });
        assert.equal(payload.paymentMethod, null);
        assert.equal(payload.user, null);
        assert.deepEqual(
          payload.userErrors.map(({ code, field }) => ({ code, field })),
          expected.map(({ code, field }) => ({ code, field: ['input', field] })),
        );
        assert.deepEqual(await methods(), before);
      });
    }

    test("nobody changes another person's method, nor one that is not there", async () => {
      const owner = await payer('user-owner');
      const id = idOf(await owner.addCard('1111'));
      const before = await owner.methods();
      const others = [await payer('user-other'), await payer('user-003', ['customers:read'])];
      const attempts = others.flatMap(({ setDefault, remove }) => [() => setDefault(id), () => remove(id)]);
      for (const attempt of [
        ...attempts,
        () => owner.setDefault('method-x'),
        () => owner.remove('method-x'),
      ]) {
        const payload = await attempt();
        assert.equal(payload.user, null);
        assert.equal(payload.paymentMethod ?? payload.removedId ?? null, null);
        assert.deepEqual(
          payload.userErrors.map(({ code, field }) => ({ code, field })),
          [{ code: 'NOT_FOUND', field: ['id'] }],
        );
      }
      assert.deepEqual(await owner.methods(), before);
    });

    test('25 cards added at once by somebody new: 20 stay, exactly one is the default', async () => {
      const { addCard, methods } = await payer('user-at-once');
      const payloads = await Promise.all(
        Array.from({ length: 25 }, (_, index) =>
          addCard(String(1000 + index), { makeDefault: index % 2 === 0 }),
        ),
      );
      const codes = payloads.flatMap(({ userErrors }) => userErrors.map(({ code }) => code));
      assert.deepEqual(
        codes,
        Array.from({ length: 5 }, () => 'TOO_MANY_METHODS'),
      );
      const page = await methods();
      assert.equal(page.totalCount, 20);
      assert.equal(defaultsOf(page)?.length, 1);
    });

    test('defaults set and removed at once leave exactly one', async () => {
      const { addCard, setDefault, remove, methods } = await payer('user-race');
      const ids: string[] = [];
      for (let number = 0; number < 10; number++) ids.push(idOf(await addCard(String(2000 + number))));
      await Promise.all(ids.flatMap((id, index) => [setDefault(id), ...(index < 5 ? [remove(id)] : [])]));
      const page = await methods();
      assert.equal(page.totalCount, 5);
      assert.equal(defaultsOf(page)?.length, 1);
    });

    test('defaults set and removed at once by the person and an admin leave exactly one', async () => {
      const own = await payer('user-race-admin');
      const admin = await payer('user-004', ['customers:read', 'customers:write']);
      const ids: string[] = [];
      for (let number = 0; number < 10; number++) ids.push(idOf(await own.addCard(String(2000 + number))));
      const payloads = await Promise.all(
        ids.flatMap((id, index) => [
          (index % 2 === 0 ? own : admin).setDefault(id),
          (index % 2 === 0 ? admin : own).setDefault(id),
          ...(index < 5 ? [(index % 2 === 0 ? admin : own).remove(id)] : []),
        ]),
      );
      for (const { user } of payloads) assert.equal(user?.id ?? 'user-race-admin', 'user-race-admin');
      const page = await own.methods();
      assert.equal(page.totalCount, 5);
      assert.equal(defaultsOf(page)?.length, 1);
      assert.equal(
        (await admin.methods()).edges.every(({ node }) => !ids.includes(node.id)),
        true,
      );
    });

    test('one token at once by two people makes one card', async () => {
      const people = [await payer('user-token-a'), await payer('user-token-b')];
      const payloads = await Promise.all(
        people.map(({ addCard }) => addCard('1111', { token: 'tok_shared' })),
      );
      const codes = payloads.flatMap(({ userErrors }) => userErrors.map(({ code }) => code));
      assert.deepEqual(codes, ['INVALID_TOKEN']);
    });
  });
}
