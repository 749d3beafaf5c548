// Owns that the rules hold for people who come by the web router: real tokens, signed calls, accounts and orders.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { web } from '../../../bff-web/bff.ts';
import { type RunningSubgraph, serveSubgraph } from '../../../subgraphs/kit/serve-subgraph.ts';
import { orders } from '../../../subgraphs/orders/orders.ts';
import { root } from '../../architecture/source-files.ts';
import { type RouterUnderTest, startTestRouter } from '../../supergraph/fixtures/router-under-test.ts';
import { startEmbedded, type TestEmbedded } from '../../support/databases.ts';
import { quickAccounts as accounts } from '../../support/quick-accounts.ts';
import { addressOf, resident, roadsOf } from './owned-things.ts';

const callerSecret = 'thirty-two characters, at least it is';
const orderRoad = roadsOf({ trackingNumber: '' }).find(({ words }) => words === 'order');
const people = ['ada', 'mateo', 'noor', 'ines'] as const;
type Person = (typeof people)[number];

describe('by the web router', { timeout: 120_000 }, () => {
  let database: TestEmbedded;
  let router: RouterUnderTest;
  const running: RunningSubgraph[] = [];
  const tokens = new Map<Person, string>();
  let statements: string[] = [];
  before(async () => {
    database = await startEmbedded();
    let jwksUrl = '';
    const urls = new Map<string, string>();
    for (const definition of [accounts, orders]) {
      const subgraph = await serveSubgraph(definition, {
        host: '127.0.0.1',
        port: 0,
        database,
        jwksUrl,
        issuer: 'tributary-accounts',
        audience: 'tributary',
        callerSecret,
        production: true,
        logLevel: 'silent',
        onStatement: (sql) => statements.push(sql),
      });
      running.push(subgraph);
      urls.set(definition.name, subgraph.url);
      if (definition === accounts) jwksUrl = new URL('/.well-known/jwks.json', subgraph.url).href;
    }
    const sdl = readFileSync(join(root, 'bff-web/generated/supergraph.graphql'), 'utf8');
    router = await startTestRouter(sdl, {
      bff: web,
      environment: {
        callerSecret,
        identity: { issuers: [], audiences: [], keys: [jwksUrl], prefixes: [], hostsWithoutTls: [] },
        subgraphUrl: (name) => urls.get(name),
      },
    });
    for (const person of people) {
      const input = { email: `${person}@example.com`, password: 'tributary-demo' };
      const { body } = await router.ask(
        'mutation ($input: SignInInput!) { signIn(input: $input) { token } }',
        {
          variables: { input },
        },
      );
      const payload = body.data?.['signIn'] as { token: string } | undefined;
      assert.ok(payload?.token, JSON.stringify(body));
      tokens.set(person, payload.token);
    }
  });
  after(async () => {
    await router?.stop();
    for (const { stop } of running) await stop();
    await database?.stop();
  });

  async function ask(person: Person | undefined, query: string, variables: object = {}) {
    const headers = person ? { authorization: `Bearer ${tokens.get(person)}` } : {};
    statements = [];
    const { body } = await router.ask(query, { variables, headers });
    return { body, statements: statements.filter((sql) => !isNobodys(sql)) };
  }

  const order = 'query ($id: ID!) { order(id: $id) { id total { amount } customer { id email } } }';
  const orderId = String(orderRoad?.owned);
  const readers: [person: Person, sees: boolean][] = [
    ['ada', true],
    ['noor', true],
    ['ines', true],
    ['mateo', false],
  ];
  for (const [person, sees] of readers) {
    it(`${person} is ${sees ? 'shown' : 'not shown'} an order of Ada's`, async () => {
      const { body } = await ask(person, order, { id: orderId });
      assert.equal(body.errors, undefined);
      const found = body.data?.['order'] as { customer: { email: string } } | null;
      assert.equal(found?.customer.email, sees ? 'ada@example.com' : undefined);
    });
  }

  it('an order that is not theirs is asked for and answered as one that nobody has', async () => {
    const notTheirs = await ask('mateo', order, { id: orderId });
    const notThere = await ask('mateo', order, { id: 'order-9999' });
    assert.deepEqual(notTheirs.body, notThere.body);
    assert.deepEqual(notTheirs.statements, notThere.statements);
    assert.equal(notThere.statements.length, 1);
  });

  it("a person's orders and addresses are null for others, and their public profile is there", async () => {
    const profile =
      'query ($id: ID!) { user(id: $id) { id name addresses { totalCount } orders { totalCount } } }';
    const { body } = await ask('mateo', profile, { id: resident });
    assert.deepEqual(body, { data: { user: { id: resident, name: null, addresses: null, orders: null } } });
    const { body: whole } = await ask('noor', profile, { id: resident });
    const user = whole.data?.['user'] as { addresses: { totalCount: number } } | undefined;
    assert.equal(user?.addresses.totalCount, 3);
  });

  it('an address is removed by an admin, and by support as little as if it were not there', async () => {
    const remove =
      'mutation ($id: ID!) { removeAddress(id: $id) { removedId user { id } userErrors { message field } } }';
    const id = addressOf(3);
    for (const person of ['noor', 'mateo'] as const) {
      const notTheirs = await ask(person, remove, { id });
      const notThere = await ask(person, remove, { id: 'address-999-1' });
      assert.deepEqual(notTheirs.body, notThere.body);
      assert.deepEqual(notTheirs.statements, notThere.statements);
      const payload = notThere.body.data?.['removeAddress'] as { userErrors: object[] } | undefined;
      assert.equal(payload?.userErrors.length, 1);
    }
    const { body } = await ask('ines', remove, { id });
    assert.deepEqual(body.data, { removeAddress: { removedId: id, user: { id: resident }, userErrors: [] } });
  });
});

/** Looks after health, and accounts' look for erasures that are due. */
function isNobodys(sql: string): boolean {
  return sql.startsWith('select 1') || sql.startsWith('with "due"');
}
