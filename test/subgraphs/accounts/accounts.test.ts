// Holds accounts to its schema over HTTP, on every database engine: profiles, who sees what, batches, pages, keys, seed.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { Kysely } from 'kysely';
import type { AccountsTables } from '../../../subgraphs/accounts/database.ts';
import { prepareDatabase } from '../../../subgraphs/kit/database/prepare-database.ts';
import { demoPassword, demoPeople, personAt, personId } from '../../../subgraphs/kit/demo/people.ts';
import { databaseEngines, type TestDatabase } from '../../support/databases.ts';
import { quickAccounts as accounts } from '../../support/quick-accounts.ts';
import { type AskOptions, startTestSubgraph, type TestSubgraph } from '../../support/subgraph.ts';

const people = demoPeople();
const privateFields =
  'name email locale preferredCurrency roles addresses { totalCount } defaultAddress { id }';
const nothingPrivate = {
  name: null,
  email: null,
  locale: null,
  preferredCurrency: null,
  roles: null,
  addresses: null,
  defaultAddress: null,
};

for (const engine of databaseEngines()) {
  describe(`accounts on ${engine.name}`, () => {
    let database: TestDatabase;
    let subgraph: TestSubgraph;
    /** By first name, from signing in for real. */
    const tokens = { ada: '', mateo: '', noor: '', ines: '' };

    before(async () => {
      database = await engine.start();
      subgraph = await startTestSubgraph(accounts, database);
      for (const name of Object.keys(tokens) as (keyof typeof tokens)[]) {
        tokens[name] = await signIn(subgraph, `${name}@example.com`);
      }
    });
    after(async () => {
      await subgraph.stop();
      await database.stop();
    });

    async function ask(document: string, options?: AskOptions): Promise<Record<string, unknown>> {
      const { body } = await subgraph.query(document, options);
      assert.equal(body.errors, undefined, JSON.stringify(body.errors));
      return body.data ?? {};
    }

    describe('profiles', () => {
      test('me is the person of the token, whole', async () => {
        const { me } = await ask(
          `{ me { id displayName avatarUrl memberSince name email locale preferredCurrency roles
            addresses { totalCount edges { node { recipient street postalCode city country isDefault } } }
            defaultAddress { id isDefault } } }`,
          { token: tokens.ada },
        );
        const ada = personAt(1);
        assert.deepEqual(me, {
          id: 'user-001',
          displayName: 'Ada L.',
          avatarUrl: 'https://images.example.com/people/user-001.jpg',
          memberSince: ada.memberSince.toISOString(),
          name: 'Ada Lindqvist',
          email: 'ada@example.com',
          locale: ada.locale,
          preferredCurrency: 'EUR',
          roles: ['CUSTOMER'],
          addresses: {
            totalCount: ada.addresses.length,
            // Behind the default the newest come first, and the seed added them one after another.
            edges: [ada.addresses[0], ...ada.addresses.slice(1).reverse()].map((address, index) => ({
              node: { ...address, isDefault: index === 0 },
            })),
          },
          defaultAddress: { id: 'address-001-1', isDefault: true },
        });
      });

      test('me without a token is null with UNAUTHENTICATED', async () => {
        const { body } = await subgraph.query('{ me { id } }');
        assert.deepEqual(body.data, { me: null });
        assert.deepEqual(codesOf(body), ['UNAUTHENTICATED']);
      });

      test('a token that nobody signed here refuses the whole request', async () => {
        const token = await subgraph.identity.tokenFor({ userId: 'user-001' });
        const { status, body } = await subgraph.query('{ user(id: "user-002") { id } }', { token });
        assert.equal(status, 401);
        assert.deepEqual(codesOf(body), ['UNAUTHENTICATED']);
      });

      test('anybody sees the public profile', async () => {
        const { user } = await ask('{ user(id: "user-002") { id displayName memberSince } }');
        const { memberSince } = personAt(2);
        assert.deepEqual(user, {
          id: 'user-002',
          displayName: 'Mateo F.',
          memberSince: memberSince.toISOString(),
        });
      });

      test('nobody has an unknown id', async () => {
        assert.deepEqual(await ask('{ user(id: "user-999") { id } }'), { user: null });
      });

      test('the public names are those of the demo world', async () => {
        const { entities } = await subgraph.entities(
          people.map(({ id }) => ({ __typename: 'User', id })),
          '... on User { id displayName }',
        );
        assert.deepEqual(
          entities,
          people.map(({ id, displayName }) => ({ id, displayName })),
        );
      });
    });

    describe('private fields', () => {
      const document = `{ user(id: "user-001") { id ${privateFields} } }`;
      const whole = {
        id: 'user-001',
        name: 'Ada Lindqvist',
        email: 'ada@example.com',
        locale: personAt(1).locale,
        preferredCurrency: 'EUR',
        roles: ['CUSTOMER'],
        addresses: { totalCount: personAt(1).addresses.length },
        defaultAddress: { id: 'address-001-1' },
      };
      const viewers: { viewer: string; name: keyof typeof tokens; sees: object }[] = [
        { viewer: 'the person', name: 'ada', sees: whole },
        { viewer: 'the support team', name: 'noor', sees: whole },
        { viewer: 'an administrator', name: 'ines', sees: whole },
        { viewer: 'a stranger', name: 'mateo', sees: { id: 'user-001', ...nothingPrivate } },
      ];
      for (const { viewer, name, sees } of viewers) {
        test(`${viewer} sees ${sees === whole ? 'all of them' : 'none of them, and no error'}`, async () => {
          assert.deepEqual(await ask(document, { token: tokens[name] }), { user: sees });
        });
      }

      test('somebody anonymous sees none of them, and an error for each', async () => {
        const { body } = await subgraph.query(document);
        assert.deepEqual(body.data, { user: { id: 'user-001', ...nothingPrivate } });
        assert.deepEqual(codesOf(body), Array(7).fill('UNAUTHENTICATED'));
      });

      const addresses: { viewer: string; name?: keyof typeof tokens; sees: object | null }[] = [
        { viewer: 'the person', name: 'ada', sees: { id: 'address-001-1' } },
        { viewer: 'the support team', name: 'noor', sees: { id: 'address-001-1' } },
        { viewer: 'a stranger', name: 'mateo', sees: null },
        { viewer: 'somebody anonymous', sees: null },
      ];
      for (const { viewer, name, sees } of addresses) {
        test(`${viewer} ${sees ? 'finds' : 'does not find'} the address by its id`, async () => {
          const { entities, body } = await subgraph.entities(
            [
              { __typename: 'Address', id: 'address-001-1' },
              { __typename: 'Address', id: 'address-none' },
            ],
            '... on Address { id }',
            { token: name && tokens[name] },
          );
          assert.equal(body.errors, undefined);
          assert.deepEqual(entities, [sees, null]);
        });
      }
    });

    describe('batches', () => {
      const ids = Array.from({ length: 100 }, (_, index) =>
        index % 10 === 3 ? `user-none-${index}` : personId(((index * 37) % 60) + 1),
      );

      test('100 people in any order, repeated and unknown, cost one statement a table', async () => {
        subgraph.statements.length = 0;
        const { entities, body } = await subgraph.entities(
          ids.map((id) => ({ __typename: 'User', id })),
          `... on User { id name defaultAddress { street } addresses(first: 1) { edges { node { street } } } }`,
          { token: tokens.noor },
        );
        assert.equal(body.errors, undefined);
        assert.deepEqual(
          entities,
          ids.map((id) => {
            const person = people.find((one) => one.id === id);
            const street = person?.addresses[0]?.street;
            return person
              ? {
                  id,
                  name: person.name,
                  defaultAddress: { street },
                  addresses: { edges: [{ node: { street } }] },
                }
              : null;
          }),
        );
        assert.deepEqual(tablesOf(subgraph.statements), ['addresses', 'default_addresses', 'users']);
      });

      test('100 addresses cost one statement', async () => {
        const addressIds = ids.map((id) => `${id.replace('user', 'address')}-1`);
        subgraph.statements.length = 0;
        const { entities } = await subgraph.entities(
          addressIds.map((id) => ({ __typename: 'Address', id })),
          '... on Address { id }',
          { token: tokens.noor },
        );
        assert.deepEqual(
          entities,
          addressIds.map((id) => (id.includes('none') ? null : { id })),
        );
        assert.deepEqual(tablesOf(subgraph.statements), ['addresses']);
      });

      test('counting the addresses of many people is one more statement', async () => {
        subgraph.statements.length = 0;
        const { entities } = await subgraph.entities(
          people.slice(0, 50).map(({ id }) => ({ __typename: 'User', id })),
          '... on User { addresses { totalCount } }',
          { token: tokens.noor },
        );
        assert.deepEqual(
          entities,
          people.slice(0, 50).map(({ addresses }) => ({ addresses: { totalCount: addresses.length } })),
        );
        assert.deepEqual(tablesOf(subgraph.statements), ['addresses', 'addresses', 'users']);
      });
    });

    describe('pages of addresses', () => {
      const document = `query ($id: ID!, $first: Int, $after: String) { user(id: $id) { addresses(first: $first, after: $after) {
        edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`;
      const { id = '' } = people.find(({ addresses }) => addresses.length === 3) ?? {};
      const addressId = (place: number) => `${id.replace('user', 'address')}-${place}`;
      type Page = {
        edges: { cursor: string; node: { id: string } }[];
        pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string | null };
      };

      async function page(variables: { first?: number; after?: string | null }): Promise<Page> {
        const { user } = await ask(document, { variables: { id, ...variables }, token: tokens.noor });
        return (user as { addresses: Page }).addresses;
      }

      test('walking them one by one meets each once, the default first, then the newest', async () => {
        const seen: string[] = [];
        let after: string | null = null;
        do {
          const { edges, pageInfo }: Page = await page({ first: 1, after });
          assert.equal(pageInfo.hasPreviousPage, after !== null);
          assert.equal(pageInfo.endCursor, edges[0]?.cursor);
          seen.push(...edges.map(({ node }) => node.id));
          after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
        } while (after !== null);
        assert.deepEqual(seen, [addressId(1), addressId(3), addressId(2)]);
      });

      const refused = [
        { first: 0, argument: 'first' },
        { first: -1, argument: 'first' },
        { first: 101, argument: 'first' },
        { after: 'no cursor', argument: 'after' },
        { after: '', argument: 'after' },
      ];
      for (const { argument, ...variables } of refused) {
        test(`${JSON.stringify(variables)} is refused by name`, async () => {
          const { body } = await subgraph.query(document, {
            variables: { id, ...variables },
            token: tokens.noor,
          });
          assert.deepEqual(codesOf(body), ['BAD_USER_INPUT']);
          assert.match(body.errors?.[0]?.message ?? '', new RegExp(`"${argument}"`));
        });
      }
    });

    describe('tokens and keys', () => {
      const scopes: [keyof typeof tokens, string, string[]][] = [
        ['ada', 'user-001', []],
        ['mateo', 'user-002', ['catalog:cost', 'inventory:write']],
        ['noor', 'user-003', ['customers:read', 'orders:support']],
        [
          'ines',
          'user-004',
          ['catalog:cost', 'customers:read', 'customers:write', 'inventory:write', 'orders:support'],
        ],
      ];
      for (const [name, id, expected] of scopes) {
        test(`${name}'s token carries ${expected.length} scopes for a quarter of an hour`, () => {
          const { sub, scope, roles, iss, aud, iat = 0, exp = 0 } = decodeJwt(tokens[name]);
          assert.deepEqual([sub, iss, aud], [id, 'tributary-accounts', 'tributary']);
          assert.deepEqual(roles, people.find((person) => person.id === id)?.roles);
          assert.deepEqual(String(scope).split(' ').filter(Boolean).sort(), expected);
          assert.equal(exp - iat, 900);
        });
      }

      test('the published keys are the public halves of the signing one and the next', async () => {
        const { keys } = await publishedKeys(subgraph);
        const { alg, kid } = decodeProtectedHeader(tokens.ada);
        assert.equal(alg, 'ES256');
        assert.deepEqual(
          keys.map((key) => Object.keys(key).sort()),
          Array(2).fill(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']),
        );
        assert.equal(keys[0]?.['kid'], kid);
      });

      test('a second process agrees on the key, and tokens survive a restart', async () => {
        const second = await startTestSubgraph(accounts, database);
        try {
          assert.deepEqual(await publishedKeys(second), await publishedKeys(subgraph));
          const { body } = await second.query('{ me { id } }', { token: tokens.ada });
          assert.deepEqual(body, { data: { me: { id: 'user-001' } } });
        } finally {
          await second.stop();
        }
      });

      test('processes that start for the first time at once agree on their keys', async () => {
        const fresh = { ...accounts, name: 'accounts_fresh', seed: async () => {} };
        const both = await Promise.all([1, 2].map(() => startTestSubgraph(fresh, database)));
        try {
          const [one, other] = await Promise.all(both.map(publishedKeys));
          assert.equal(one?.keys.length, 2);
          assert.deepEqual(one, other);
        } finally {
          await Promise.all(both.map(({ stop }) => stop()));
        }
      });
    });

    describe('the seed', () => {
      async function rowsOf(name: string) {
        const opened = await prepareDatabase({ ...accounts, name }, database);
        try {
          const db = opened.db as unknown as Kysely<AccountsTables>;
          const users = await db.selectFrom('users').selectAll().orderBy('id').execute();
          return {
            // The hash is made with a key that each database has for itself.
            users: users.map(({ email_hash: _, ...user }) => user),
            credentials: await db.selectFrom('credentials').selectAll().orderBy('user_id').execute(),
            addresses: await db.selectFrom('addresses').selectAll().orderBy('id').execute(),
          };
        } finally {
          await opened.close();
        }
      }

      test('makes the same 200 people every time', async () => {
        const one = await rowsOf('accounts_once');
        assert.deepEqual(await rowsOf('accounts_again'), one);
        assert.equal(one.users.length, 200);
        assert.equal(one.credentials.length, 200);
        assert.equal(one.addresses.length, people.flatMap(({ addresses }) => addresses).length);
        assert.equal(one.addresses.filter(({ is_default }) => is_default).length, 200);
      });
    });
  });
}

async function signIn(subgraph: TestSubgraph, email: string): Promise<string> {
  const document = 'mutation ($input: SignInInput!) { signIn(input: $input) { token } }';
  const { body } = await subgraph.query(document, {
    variables: { input: { email, password: demoPassword } },
  });
  const payload = body.data?.['signIn'] as { token: string | null } | undefined;
  assert.ok(payload?.token);
  return payload.token;
}

async function publishedKeys({ url }: TestSubgraph): Promise<{ keys: Record<string, string>[] }> {
  const response = await fetch(new URL('/.well-known/jwks.json', url), {
    signal: AbortSignal.timeout(10_000),
  });
  assert.equal(response.headers.get('cache-control'), 'public, max-age=300');
  return (await response.json()) as { keys: Record<string, string>[] };
}

function codesOf({ errors = [] }: { errors?: readonly { extensions?: Record<string, unknown> }[] }) {
  return errors.map(({ extensions }) => extensions?.['code']);
}

/** The tables that the statements read, in the alphabet. */
function tablesOf(statements: readonly string[]): (string | undefined)[] {
  return statements.map((sql) => /from "\w+"\."(\w+)"/.exec(sql)?.[1]).sort();
}
