// Holds the address book to its promises over HTTP, on every engine: errors, races, one default, nothing half done.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Kysely } from 'kysely';
import type { AccountsTables } from '../../../subgraphs/accounts/database.ts';
import { prepareDatabase } from '../../../subgraphs/kit/database/prepare-database.ts';
import { demoPassword } from '../../../subgraphs/kit/demo/people.ts';
import { databaseEngines, type TestDatabase } from '../../support/databases.ts';
import { quickAccounts as accounts } from '../../support/quick-accounts.ts';
import { startTestSubgraph, type TestSubgraph } from '../../support/subgraph.ts';
import {
  type AccountsClient,
  accountsClient,
  type Mutation,
  problemsOf,
  type SignInPayload,
  type UserError,
} from './accounts-client.ts';

interface Address {
  id: string;
  street: string;
  isDefault: boolean;
}

interface AddressPayload {
  address: Address | null;
  user: { defaultAddress: { id: string } | null } | null;
  userErrors: UserError[];
}

const mill = {
  recipient: 'Tove Berg',
  street: 'Mill Lane 7',
  postalCode: '1010',
  city: 'Vienna',
  country: 'AT',
};
const long = 'x'.repeat(101);

for (const engine of databaseEngines()) {
  describe(`addresses of accounts on ${engine.name}`, () => {
    let database: TestDatabase;
    let subgraph: TestSubgraph;
    let client: AccountsClient;

    before(async () => {
      database = await engine.start();
      subgraph = await startTestSubgraph(accounts, database);
      client = accountsClient(subgraph);
    });
    after(async () => {
      await subgraph.stop();
      await database.stop();
    });

    describe('the address book', () => {
      const add = (token: string, given: object = {}) =>
        client.ask<AddressPayload>('addAddress', { input: { ...mill, ...given } }, token);

      /** The streets in the order of the address book, the default marked. */
      async function bookOf(token: string): Promise<string[]> {
        const found = (await client.me(
          'addresses(first: 100) { edges { node { street isDefault } } }',
          token,
        )) as {
          addresses: { edges: { node: Address }[] };
        };
        return found.addresses.edges.map(({ node }) => `${node.street}${node.isDefault ? ' *' : ''}`);
      }

      test('the first becomes the default, and another one when it is asked to', async () => {
        const token = await client.newPerson();
        const { address: first } = await add(token, { street: 'First' });
        assert.equal(first?.isDefault, true);
        const { address: second, user } = await add(token, { street: 'Second' });
        assert.equal(second?.isDefault, false);
        assert.equal(user?.defaultAddress?.id, first.id);
        const { user: moved } = await add(token, { street: 'Third', makeDefault: true });
        assert.notEqual(moved?.defaultAddress?.id, first.id);
        assert.deepEqual(await bookOf(token), ['Third *', 'Second', 'First']);
      });

      test('are kept without blanks around them', async () => {
        const token = await client.newPerson();
        await add(token, { recipient: ' Tove ', postalCode: ' sw1a 1aa ', country: 'GB' });
        assert.deepEqual(await client.me('defaultAddress { recipient postalCode country }', token), {
          defaultAddress: { recipient: 'Tove', postalCode: 'SW1A 1AA', country: 'GB' },
        });
      });

      test('are replaced whole, and the default ends only where another begins', async () => {
        const token = await client.newPerson();
        const { address: first } = await add(token, { street: 'First' });
        const { address: second } = await add(token, { street: 'Second' });
        const update = (id: string | undefined, given: object) =>
          client.ask<AddressPayload>('updateAddress', { id, input: { ...mill, ...given } }, token);
        await update(first?.id, { street: 'First again', makeDefault: false });
        assert.deepEqual(await bookOf(token), ['First again *', 'Second']);
        const { address, user } = await update(second?.id, { street: 'Second again', makeDefault: true });
        assert.deepEqual(address, { id: second?.id, street: 'Second again', isDefault: true });
        assert.equal(user?.defaultAddress?.id, second?.id);
        assert.deepEqual(await bookOf(token), ['Second again *', 'First again']);
      });

      test('leave the default to the oldest of the others when it is removed', async () => {
        const token = await client.newPerson();
        const ids: string[] = [];
        for (const street of ['First', 'Second', 'Third']) {
          const { address } = await add(token, { street, makeDefault: true });
          ids.push(address?.id ?? '');
        }
        const remove = (id: string | undefined) => client.ask('removeAddress', { id }, token);
        const [first, second, third] = ids;
        assert.deepEqual(await remove(third), {
          removedId: third,
          user: { defaultAddress: { id: first } },
          userErrors: [],
        });
        assert.deepEqual(await bookOf(token), ['First *', 'Second']);
        await remove(second);
        assert.deepEqual(await bookOf(token), ['First *']);
        assert.deepEqual(await remove(first), {
          removedId: first,
          user: { defaultAddress: null },
          userErrors: [],
        });
      });

      const invalid: { given: object; errors: [string, string][] }[] = [
        { given: { recipient: '' }, errors: [['INVALID_TEXT', 'recipient']] },
        { given: { street: long }, errors: [['INVALID_TEXT', 'street']] },
        { given: { city: 'Vien\u0000na' }, errors: [['INVALID_TEXT', 'city']] },
        { given: { postalCode: '10100' }, errors: [['INVALID_POSTAL_CODE', 'postalCode']] },
        { given: { postalCode: '1010', country: 'DE' }, errors: [['INVALID_POSTAL_CODE', 'postalCode']] },
        {
          given: { recipient: ' ', street: '', city: '\n', postalCode: '?', makeDefault: true },
          errors: [
            ['INVALID_TEXT', 'recipient'],
            ['INVALID_TEXT', 'street'],
            ['INVALID_TEXT', 'city'],
            ['INVALID_POSTAL_CODE', 'postalCode'],
          ],
        },
      ];
      for (const { given, errors } of invalid) {
        test(`with ${JSON.stringify(given).slice(0, 60)} are neither added nor changed`, async () => {
          const token = await client.newPerson();
          const { address } = await add(token);
          const input = { ...mill, ...given };
          for (const [mutation, variables] of [
            ['addAddress', { input }],
            ['updateAddress', { id: address?.id, input }],
          ] as const) {
            const payload = await client.ask<AddressPayload>(mutation, variables, token);
            assert.deepEqual([payload.address, payload.user], [null, null]);
            assert.deepEqual(problemsOf(payload), errors);
          }
          assert.deepEqual(await bookOf(token), ['Mill Lane 7 *']);
        });
      }

      test('of somebody else are as absent as those that do not exist', async () => {
        const owner = await client.newPerson();
        const { address } = await add(owner);
        const support = await client.ask<SignInPayload>('signIn', {
          input: { email: 'noor@example.com', password: demoPassword },
        });
        for (const token of [await client.newPerson(), support.token ?? '']) {
          for (const id of [address?.id, 'address-none', '\u0000']) {
            const updated = await client.ask<AddressPayload>('updateAddress', { id, input: mill }, token);
            const removed = await client.ask<{ userErrors: UserError[] }>('removeAddress', { id }, token);
            for (const { userErrors } of [updated, removed]) {
              assert.deepEqual(userErrors, [
                { code: 'NOT_FOUND', message: 'You have no such address.', field: ['id'] },
              ]);
            }
          }
        }
        assert.deepEqual(await bookOf(owner), ['Mill Lane 7 *']);
      });

      test('are 50 at most, also when five ask for the last place at once', async () => {
        const token = await client.newPerson();
        const many = Array.from(
          { length: 49 },
          (_, index) => `a${index}: addAddress(input: $input) { userErrors { code } }`,
        );
        await subgraph.query(`mutation ($input: AddressInput!) { ${many.join(' ')} }`, {
          variables: { input: mill },
          token,
        });
        const payloads = await Promise.all(Array.from({ length: 5 }, () => add(token)));
        assert.equal(payloads.filter(({ address }) => address !== null).length, 1);
        assert.deepEqual(payloads.flatMap(problemsOf), Array(4).fill(['TOO_MANY_ADDRESSES', undefined]));
        assert.equal((await bookOf(token)).length, 50);
      });

      test('have one default after ten became it at once', async () => {
        const token = await client.newPerson();
        await Promise.all(Array.from({ length: 10 }, () => add(token, { makeDefault: true })));
        const book = await bookOf(token);
        assert.equal(book.length, 10);
        assert.equal(book.filter((street) => street.endsWith('*')).length, 1);
      });

      test('two changes in one request each answer with what is true after them', async () => {
        const token = await client.newPerson();
        const fields = '{ address { id } user { addresses { totalCount } defaultAddress { id } } }';
        const { body } = await subgraph.query(
          `mutation ($one: AddressInput!, $other: AddressInput!) {
            one: addAddress(input: $one) ${fields} other: addAddress(input: $other) ${fields} }`,
          { variables: { one: mill, other: { ...mill, makeDefault: true } }, token },
        );
        assert.equal(body.errors, undefined);
        const payloads = body.data as Record<'one' | 'other', { address: { id: string }; user: object }>;
        for (const [payload, totalCount] of [
          [payloads.one, 1],
          [payloads.other, 2],
        ] as const) {
          const { address, user } = payload;
          assert.deepEqual(user, { addresses: { totalCount }, defaultAddress: { id: address.id } });
        }
      });
    });

    const closed: [Mutation, object][] = [
      ['updateProfile', { input: {} }],
      ['addAddress', { input: mill }],
      ['updateAddress', { id: 'address-001-1', input: mill }],
      ['removeAddress', { id: 'address-001-1' }],
    ];
    for (const [mutation, variables] of closed) {
      test(`${mutation} is closed to somebody anonymous`, async () => {
        assert.deepEqual(await client.failuresOf(mutation, variables), ['UNAUTHENTICATED']);
      });
    }

    test('the token of an account that is gone opens nothing', async () => {
      const { token, user } = await client.ask<SignInPayload>('signUp', { input: client.newcomer() });
      const opened = await prepareDatabase(accounts, database);
      const db = opened.db as unknown as Kysely<AccountsTables>;
      await db
        .deleteFrom('users')
        .where('id', '=', user?.id ?? '')
        .execute();
      await opened.close();

      assert.equal(await client.me('id', token ?? ''), null);
      for (const [mutation, variables] of closed) {
        assert.deepEqual(await client.failuresOf(mutation, variables, token ?? ''), ['UNAUTHENTICATED']);
      }
    });
  });
}
