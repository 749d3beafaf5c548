// Holds signing up, signing in and the profile to their promises over HTTP, on every engine: errors, races, nothing half done.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { demoPassword } from '../../../subgraphs/kit/demo/people.ts';
import { databaseEngines } from '../../support/databases.ts';
import { quickAccounts as accounts } from '../../support/quick-accounts.ts';
import { startTestSubgraph, type TestSubgraph } from '../../support/subgraph.ts';
import {
  type AccountsClient,
  accountsClient,
  documents,
  problemsOf,
  type SignInPayload,
  type UserError,
} from './accounts-client.ts';

const long = 'x'.repeat(101);

for (const engine of databaseEngines()) {
  describe(`people of accounts on ${engine.name}`, () => {
    let subgraph: TestSubgraph;
    let client: AccountsClient;

    before(async () => {
      subgraph = await startTestSubgraph(accounts, engine);
      client = accountsClient(subgraph);
    });
    after(() => subgraph.stop());

    describe('signing up', () => {
      test('opens a customer account and signs it in', async () => {
        const input = client.newcomer();
        const { token, expiresAt, user, userErrors } = await client.ask<SignInPayload>('signUp', { input });
        assert.deepEqual(userErrors, []);
        assert.equal(user?.displayName, 'Tove B.');
        assert.match(user.id, /^user-[0-9a-f-]{36}$/);
        const minutes = (Date.parse(expiresAt ?? '') - Date.now()) / 60_000;
        assert.ok(minutes > 13 && minutes <= 15, `the token ends in ${minutes} minutes`);
        const found = await client.me(
          'id name email locale preferredCurrency roles avatarUrl addresses { totalCount } defaultAddress { id }',
          token ?? '',
        );
        assert.deepEqual(found, {
          id: user.id,
          name: 'Tove Berg',
          email: input.email,
          locale: 'en-GB',
          preferredCurrency: 'EUR',
          roles: ['CUSTOMER'],
          avatarUrl: null,
          addresses: { totalCount: 0 },
          defaultAddress: null,
        });
      });

      const names = [
        ['Cher', 'Cher'],
        ['  Ana  Maria de la Cruz ', 'Ana C.'],
        ['Łukasz Źrebiec', 'Łukasz Ź.'],
        ['Zoë 𝒳', 'Zoë 𝒳.'],
      ];
      for (const [name, displayName] of names) {
        test(`shows "${name}" as "${displayName}"`, async () => {
          const { user } = await client.ask<SignInPayload>('signUp', { input: client.newcomer({ name }) });
          assert.equal(user?.displayName, displayName);
        });
      }

      const refused: { why: string; given: object; errors: [string, string][] }[] = [
        {
          why: 'a password of 9 characters',
          given: { password: '123 56 89' },
          errors: [['PASSWORD_TOO_WEAK', 'password']],
        },
        {
          why: 'a password of 201 characters',
          given: { password: 'y'.repeat(201) },
          errors: [['PASSWORD_TOO_WEAK', 'password']],
        },
        {
          why: 'a well-known password',
          given: { password: 'PassWord1234' },
          errors: [['PASSWORD_TOO_WEAK', 'password']],
        },
        { why: 'an empty name', given: { name: ' ' }, errors: [['INVALID_TEXT', 'name']] },
        { why: 'a name of 101 characters', given: { name: long }, errors: [['INVALID_TEXT', 'name']] },
        { why: 'a name of two lines', given: { name: 'Tove\nBerg' }, errors: [['INVALID_TEXT', 'name']] },
        {
          why: 'a name with a zero character',
          given: { name: 'Tove\u0000' },
          errors: [['INVALID_TEXT', 'name']],
        },
        {
          why: 'an endless e-mail address',
          given: { email: `${'e'.repeat(300)}@example.com` },
          errors: [['INVALID_TEXT', 'email']],
        },
        {
          why: 'an endless locale',
          given: { locale: `de-AT-x-${Array(20).fill('abcdefgh').join('-')}` },
          errors: [['INVALID_TEXT', 'locale']],
        },
        {
          why: 'a taken e-mail address in another case',
          given: { email: 'ADA@Example.com' },
          errors: [['EMAIL_TAKEN', 'email']],
        },
        {
          why: 'several things at once',
          given: { name: '', password: 'short' },
          errors: [
            ['INVALID_TEXT', 'name'],
            ['PASSWORD_TOO_WEAK', 'password'],
          ],
        },
      ];
      for (const { why, given, errors } of refused) {
        test(`refuses ${why} and opens nothing`, async () => {
          const input = client.newcomer(given);
          const payload = await client.ask<SignInPayload>('signUp', { input });
          assert.deepEqual(problemsOf(payload), errors);
          assert.deepEqual([payload.token, payload.expiresAt, payload.user], [null, null, null]);
          const { email, password } = input;
          const { token } = await client.ask<SignInPayload>('signIn', { input: { email, password } });
          assert.equal(token, null);
        });
      }

      const impossible = [
        { email: 'nobody' },
        { email: 'a@b@c.com' },
        { locale: 'no locale' },
        { preferredCurrency: 'XQQ' },
      ];
      for (const given of impossible) {
        test(`does not even read ${JSON.stringify(given)}`, async () => {
          const { body } = await subgraph.query(documents.signUp, {
            variables: { input: client.newcomer(given) },
          });
          assert.equal(body.errors?.[0]?.extensions?.['code'], 'BAD_USER_INPUT');
          assert.equal(body.data, undefined);
        });
      }

      test('gives one e-mail address that five ask for at once to one of them', async () => {
        const { email } = client.newcomer();
        const payloads = await Promise.all(
          [email, email.toUpperCase(), email, email, email].map((email) =>
            client.ask<SignInPayload>('signUp', { input: client.newcomer({ email }) }),
          ),
        );
        assert.equal(payloads.filter(({ token }) => token !== null).length, 1);
        assert.deepEqual(payloads.flatMap(problemsOf), Array(4).fill(['EMAIL_TAKEN', 'email']));
      });
    });

    describe('signing in', () => {
      test('does not mind the case of the e-mail address', async () => {
        const input = { email: 'Ada@Example.COM', password: demoPassword };
        const { user, token } = await client.ask<SignInPayload>('signIn', { input });
        assert.deepEqual(user, { id: 'user-001', displayName: 'Ada L.' });
        assert.deepEqual(await client.me('id', token ?? ''), { id: 'user-001' });
      });

      test('minds the case of the password, but not how its accents are composed', async () => {
        const input = client.newcomer({ password: 'Café au lait' });
        await client.ask('signUp', { input });
        const attempt = async (password: string) =>
          (await client.ask<SignInPayload>('signIn', { input: { email: input.email, password } })).token !==
          null;
        assert.equal(await attempt('Café au lait'.normalize('NFD')), true);
        assert.equal(await attempt('café au lait'), false);
      });

      test('answers an unknown e-mail address as it answers a wrong password, after the same statements', async () => {
        const attempt = async (email: string) => {
          subgraph.statements.length = 0;
          const payload = await client.ask<SignInPayload>('signIn', {
            input: { email, password: 'wrong horse' },
          });
          return { payload, statements: [...subgraph.statements] };
        };
        const known = await attempt('ada@example.com');
        const unknown = await attempt('nobody@example.com');
        assert.deepEqual(problemsOf(known.payload), [['WRONG_CREDENTIALS', undefined]]);
        assert.equal(known.payload.token, null);
        assert.deepEqual(unknown.payload, known.payload);
        assert.deepEqual(unknown.statements, known.statements);
      });
    });

    describe('the profile', () => {
      test('changes what is given and keeps the rest', async () => {
        const token = await client.newPerson();
        const selection = 'name displayName locale preferredCurrency';
        const steps: [object, object][] = [
          [{}, { name: 'Tove Berg', displayName: 'Tove B.', locale: 'en-GB', preferredCurrency: 'EUR' }],
          [
            { name: ' Tove Lund ', locale: null },
            { name: 'Tove Lund', displayName: 'Tove L.', locale: 'en-GB', preferredCurrency: 'EUR' },
          ],
          [
            { displayName: 'T', locale: 'da-DK', preferredCurrency: 'DKK' },
            { name: 'Tove Lund', displayName: 'T', locale: 'da-DK', preferredCurrency: 'DKK' },
          ],
        ];
        for (const [input, expected] of steps) {
          assert.deepEqual(await client.ask('updateProfile', { input }, token), {
            user: expected,
            userErrors: [],
          });
          assert.deepEqual(await client.me(selection, token), expected);
        }
      });

      const refused: { given: object; fields: string[] }[] = [
        { given: { name: '' }, fields: ['name'] },
        { given: { displayName: long, locale: 'da-DK' }, fields: ['displayName'] },
        { given: { name: '\t', displayName: '' }, fields: ['name', 'displayName'] },
      ];
      for (const { given, fields } of refused) {
        test(`refuses ${JSON.stringify(given).slice(0, 40)} and changes nothing`, async () => {
          const token = await client.newPerson();
          const payload = await client.ask<{ user: null; userErrors: UserError[] }>(
            'updateProfile',
            { input: given },
            token,
          );
          assert.equal(payload.user, null);
          assert.deepEqual(
            problemsOf(payload),
            fields.map((field) => ['INVALID_TEXT', field]),
          );
          assert.deepEqual(await client.me('name displayName locale', token), {
            name: 'Tove Berg',
            displayName: 'Tove B.',
            locale: 'en-GB',
          });
        });
      }
    });
  });
}
