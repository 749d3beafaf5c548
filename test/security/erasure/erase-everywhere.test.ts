// Holds leaving the shop to its promise across processes: whoever is away, or killed in the middle, everybody forgets in the end.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { type SubgraphCall, signCall } from '../../../subgraphs/kit/calls/sign-call.ts';
import { demoPassword, demoPeople } from '../../../subgraphs/kit/demo/people.ts';
import { erasureScope } from '../../../subgraphs/kit/personal-data/erasures-route.ts';
import { personalData as notificationsData } from '../../../subgraphs/notifications/personal-data.ts';
import { personalData as ordersData } from '../../../subgraphs/orders/personal-data.ts';
import { subgraphs } from '../../subgraphs/declared-subgraphs.ts';
import {
  callerSecret,
  type DomainProcesses,
  type SignedErasure,
  startDomainProcesses,
} from './domain-processes.ts';
import { type EraseMePayload, leave, signIn } from './leave.ts';
import { rowsWith } from './rows-with.ts';

const real = ['accounts', 'orders', 'notifications'];
const all = subgraphs().map(({ name }) => name);
const [ada, ...others] = demoPeople();
/** Customers, one for each test that erases somebody. */
const people = others.filter(({ roles }) => roles.join() === 'CUSTOMER');

/** As docs/configuration.md has it. */
const page = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8');
const [, waitedFor = ''] = /^```sql\n([^`]*erasure_parts[^`]*)^```$/m.exec(page) ?? [];
type Person = (typeof people)[number];

describe('erasing a person across domains', { timeout: 240_000 }, () => {
  let shop: DomainProcesses;
  let db: pg.Client;
  before(async () => {
    shop = await startDomainProcesses(real);
    for (const domain of real) await shop.start(domain);
    db = new pg.Client({ connectionString: shop.databaseUrl, query_timeout: 30_000 });
    await db.connect();
  });
  after(async () => {
    await db?.end();
    await shop?.stop();
  });

  const tokenOf = ({ email }: Person) => signIn(shop, email);
  const eraseMe = (token: string, password?: string) => leave(shop, token, password);
  const openIn = ({ domains }: EraseMePayload) =>
    domains?.filter(({ erasedAt }) => erasedAt === null).map(({ domain }) => domain);
  async function addToCart(token: string): Promise<void> {
    const { errors } = await shop.ask(
      'orders',
      'mutation { addToCart(input: { productId: "product-0009", quantity: 1 }) { userErrors { message } } }',
      { token },
    );
    assert.equal(errors, undefined, JSON.stringify(errors));
  }
  /** In which tables of which domain a text can be read, and in how many rows. */
  const found = (text: string, domain?: string) => rowsWith(db, text, domain);
  const tablesWith = async (person: Person, domain: string) =>
    Object.keys(await found(person.id, domain)).filter((table) => !table.startsWith('accounts.'));
  /** Asks the database until it says so; seldom enough that others have it too. */
  async function until(statement: string, values: string[]): Promise<void> {
    for (;;) {
      const { rows } = await db.query(statement, values);
      if (rows.length > 0) return;
      await pause(25);
    }
  }
  const untilErased = ({ id }: Person, domain: string) =>
    until(
      `select 1 from accounts.erasure_parts join accounts.erasures on erasures.id = erasure_id
      where user_id = $1 and domain = $2 and erased_at is not null`,
      [id, domain],
    );
  async function problemsOf({ id }: Person): Promise<string[]> {
    const { rows } = await db.query<{ problem: string }>(
      `select distinct problem from accounts.erasure_parts join accounts.erasures on erasures.id = erasure_id
      where user_id = $1 and problem is not null order by 1`,
      [id],
    );
    return rows.map(({ problem }) => problem);
  }
  /** As if so long had gone by, and each domain's turn had come. */
  async function letPass(person: Person, time: string): Promise<void> {
    await db.query(
      `with erasure as (update accounts.erasures set requested_at = requested_at - $2::interval
        where user_id = $1 returning id)
      update accounts.erasure_parts set next_try_at = now()
      where erasure_id in (select id from erasure) and confirmed_at is null`,
      [person.id, time],
    );
  }
  function personAt(index: number): Person {
    const person = people[index];
    assert.ok(person);
    return person;
  }

  const refused: [what: string, call: Partial<SubgraphCall> | undefined][] = [
    ['is not signed', undefined],
    ['has no scope', { scopes: [] }],
    ['has a scope of people', { scopes: ['customers:write'] }],
    ['is meant for another domain', { to: 'catalog' }],
    ['is signed with another secret', { secret: 'another secret of at least 32 characters' }],
  ];
  for (const domain of real) {
    for (const [what, call] of refused) {
      it(`is nothing that ${domain} does for a call that ${what}`, async () => {
        const person = personAt(0);
        const body = JSON.stringify({ userId: person.id });
        const rows = await found(person.id, domain);
        const response = await fetch(new URL('/erasures', shop.urlOf(domain)), {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            ...(call && {
              'tributary-caller': signCall({
                secret: callerSecret,
                from: 'accounts',
                to: domain,
                scopes: [erasureScope],
                body,
                ...call,
              }),
            }),
          },
          body,
        });
        assert.equal(response.status, 401);
        assert.ok(Object.keys(rows).length > 0);
        assert.deepEqual(await found(person.id, domain), rows);
      });
    }
  }

  it('begins with the password, and without it no domain hears of it', async () => {
    const person = personAt(0);
    const token = await tokenOf(person);
    const calls: SignedErasure[] = [];
    const hear = (call: SignedErasure) => void calls.push(call);
    shop.standIn.heard.on('call', hear);
    const before = await found(person.id);
    assert.deepEqual((await eraseMe(token, 'wrong horse')).userErrors, [{ code: 'WRONG_CREDENTIALS' }]);
    shop.standIn.heard.off('call', hear);
    const { 'accounts.sign_in_events': events, ...rest } = await found(person.id);
    const { 'accounts.sign_in_events': eventsBefore, ...restBefore } = before;
    assert.deepEqual(rest, restBefore);
    assert.equal(events, (eventsBefore ?? 0) + 1);
    assert.deepEqual(calls, []);
  });

  it('leaves nothing by which anybody is known, in any table of any domain', async () => {
    assert.ok(ada);
    const token = await tokenOf(ada);
    await shop.ask(
      'accounts',
      'mutation { updateProfile(input: { displayName: "Marked Ada" }) { user { id } } }',
      {
        token,
      },
    );
    assert.deepEqual(await found('Marked Ada'), { 'accounts.users': 1 }, 'what is plain can be found');
    await addToCart(token);
    const calls: SignedErasure[] = [];
    const hear = (call: SignedErasure) => void calls.push(call);
    shop.standIn.heard.on('call', hear);
    const answer = await eraseMe(token);
    shop.standIn.heard.off('call', hear);

    assert.deepEqual(
      answer.domains?.map(({ domain }) => domain),
      [...all].sort(),
    );
    assert.deepEqual(openIn(answer), []);
    const told = all
      .filter((domain) => !real.includes(domain))
      .map((domain) => ({ domain, userId: ada.id, scopes: [erasureScope] }));
    assert.deepEqual(
      calls.sort((one, other) => one.domain.localeCompare(other.domain)),
      told.sort((one, other) => one.domain.localeCompare(other.domain)),
    );
    for (const text of ['Marked Ada', 'Lindqvist', ada.email]) assert.deepEqual(await found(text), {}, text);
    const kept = [
      ...ordersData.map((table) => ({ ...table, domain: 'orders' })),
      ...notificationsData.map((table) => ({ ...table, domain: 'notifications' })),
    ].filter(({ onErasure }) => typeof onErasure === 'object');
    const may = ['accounts.erasures', ...kept.map(({ domain, name }) => `${domain}.${name}`)];
    const left = Object.keys(await found(ada.id));
    assert.deepEqual(
      left.filter((table) => !may.includes(table)),
      [],
    );
    assert.ok(left.includes('orders.orders'), 'books are kept');
  });

  it('takes along what a token wrote that was given out before', async () => {
    const person = personAt(1);
    const token = await tokenOf(person);
    await eraseMe(token);
    await addToCart(token);
    assert.ok((await tablesWith(person, 'orders')).includes('orders.carts'));
    await letPass(person, '19 minutes');
    await untilErased(person, 'orders');
    const { rows } = await db.query('select completed_at from accounts.erasures where user_id = $1', [
      person.id,
    ]);
    assert.deepEqual(rows, [{ completed_at: null }], 'a token may still be good');
    await letPass(person, '1 minute');
    await until('select 1 from accounts.erasures where user_id = $1 and completed_at is not null', [
      person.id,
    ]);
    assert.ok(!(await tablesWith(person, 'orders')).includes('orders.carts'));
    const open = await db.query(
      'select 1 from accounts.erasure_parts join accounts.erasures on erasures.id = erasure_id where user_id = $1 and confirmed_at is null',
      [person.id],
    );
    assert.equal(open.rows.length, 0);
  });

  it('waits for a domain that was killed, and needs nobody to ask again', async () => {
    const person = personAt(2);
    const token = await tokenOf(person);
    await shop.end('notifications', 'SIGKILL');
    assert.deepEqual(openIn(await eraseMe(token)), ['notifications']);
    assert.deepEqual(await problemsOf(person), ['it cannot be reached (ECONNREFUSED)']);
    assert.deepEqual(await tablesWith(person, 'notifications'), ['notifications.notifications']);
    await shop.untilSaid(/"domain":"notifications".*"msg":"a person is not erased in a domain yet"/);
    const { rows } = await db.query(waitedFor);
    const mine = rows.filter(({ user_id, erased_at }) => user_id === person.id && erased_at === null);
    assert.deepEqual(
      mine.map(({ domain, problem }) => [domain, problem]),
      [['notifications', 'it cannot be reached (ECONNREFUSED)']],
    );
    await shop.start('notifications');
    await untilErased(person, 'notifications');
    assert.deepEqual(await tablesWith(person, 'notifications'), []);
  });

  const bad: [what: string, answer: { status: number; body: string } | undefined, problem: string][] = [
    ['fails', { status: 500, body: '{}' }, 'it answers with status 500'],
    ['has no such way in', { status: 404, body: '{}' }, 'it answers with status 404'],
    ['is somebody else', { status: 200, body: '{"data":{}}' }, 'it does not say what it has erased'],
    ['speaks no JSON', { status: 200, body: '<html>' }, 'it does not answer as it should'],
    ['says nothing', undefined, 'it does not answer in time'],
  ];
  for (const [index, [what, answer, problem]] of bad.entries()) {
    it(`is not believed of a domain that ${what}, and is tried again`, async () => {
      const person = personAt(3 + index);
      const token = await tokenOf(person);
      const good = shop.standIn.answer;
      shop.standIn.answer = answer;
      const payload = await eraseMe(token);
      assert.deepEqual(openIn(payload), all.filter((domain) => !real.includes(domain)).sort());
      assert.deepEqual(await problemsOf(person), [problem]);
      shop.standIn.answer = good;
      for (const { domain } of payload.domains ?? []) await untilErased(person, domain);
      assert.deepEqual(await problemsOf(person), []);
    });
  }

  it('goes on after accounts itself was killed in the middle', async () => {
    const person = personAt(8);
    const token = await tokenOf(person);
    await addToCart(token);
    const good = shop.standIn.answer;
    shop.standIn.answer = undefined;
    await shop.end('orders', 'SIGKILL');
    const heard = once(shop.standIn.heard, 'call');
    const asked = eraseMe(token).then(
      () => 'answered',
      () => 'hung up',
    );
    await heard;
    await shop.end('accounts', 'SIGKILL');
    assert.equal(await asked, 'hung up');
    shop.standIn.answer = good;
    assert.ok((await tablesWith(person, 'orders')).includes('orders.carts'));
    assert.deepEqual(Object.keys(await found(person.id, 'accounts')), ['accounts.erasures']);

    await shop.start('orders');
    await shop.start('accounts');
    // What the killed process held is free again after a while.
    await letPass(person, '0 minutes');
    for (const domain of all) await untilErased(person, domain);
    assert.ok(!(await tablesWith(person, 'orders')).includes('orders.carts'));
  });

  it('is told in no log', () => {
    const said = shop.said();
    assert.match(said, /a person is not erased in a domain yet/);
    const gone = [ada, ...people.slice(0, 9)].filter((person) => person !== undefined);
    for (const { id, name, email, addresses } of gone) {
      for (const text of [id, name, email, ...addresses.map(({ street }) => street)]) {
        assert.ok(!said.includes(text), `${text} is in a log`);
      }
    }
    for (const text of [demoPassword, 'Marked Ada', 'wrong horse']) assert.ok(!said.includes(text), text);
  });
});
