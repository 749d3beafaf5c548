// Holds bff-web to what it keeps when 200 people ask for the same: what is everybody's is asked for once, and what is
// somebody's is nobody else's, in no answer and nowhere else.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { web } from '../../bff-web/bff.ts';
import { allSubgraphs } from '../../subgraphs/all-subgraphs.ts';
import { personAt } from '../../subgraphs/kit/demo/people.ts';
import type { Environment } from '../../supergraph/foundation/environment.ts';
import { readParts } from '../../supergraph/router/run-process.ts';
import { adminToken } from '../supergraph/fixtures/admin-port.ts';
import {
  type Answer,
  type RouterUnderTest,
  startTestRouter,
} from '../supergraph/fixtures/router-under-test.ts';
import { settingsOf, until } from '../supergraph/store/connected-redis.ts';
import { leaveOut } from '../support/left-out.ts';
import { freePort, redisBinary, startTestRedis, type TestRedis } from '../support/redis.ts';
import { type WatchedSubgraphs, watchSubgraphs } from '../support/watched-subgraphs.ts';
import { startWholeShop, type WholeShop } from '../support/whole-shop.ts';

const people = 200;
/** Who have bought something before. */
const customers = 10;
/** As many ask the router that keeps nothing: what it asks subgraphs for is the same for everybody. */
const askingPlain = 20;
const atOnce = 8;

const heavy = `query Heavy {
  products(first: 20) {
    totalCount
    edges {
      node {
        id sku name brand description
        price { amount currency }
        category { name slug }
        images { url alt }
        inStock availability
        shippingEstimate(country: "AT") { amount currency }
        rating { average count }
        reviews(first: 3) { edges { node { title rating author { displayName } } } }
        related(first: 3) { name rating { average } inStock }
      }
    }
  }
  categories { name children { name } }
  popularProducts(first: 5) { name price { amount } rating { average } }
  me {
    name email
    addresses(first: 5) { edges { node { recipient street city } } }
    orders(first: 2) { totalCount edges { node { number total { amount } payment { status methodLabel } shipments { status trackingNumber } } } }
    recommendations(first: 3) { name rating { average } }
  }
}`;
const join =
  'mutation ($input: SignUpInput!) { signUp(input: $input) { token user { id } userErrors { message } } }';
const rename = 'mutation ($name: String!) { updateProfile(input: { name: $name }) { user { id name } } }';
const move = `mutation ($recipient: String!, $street: String!) {
  addAddress(input: {
    recipient: $recipient, street: $street, postalCode: "1010", city: "Vienna", country: "AT", makeDefault: true
  }) { user { id } userErrors { message } }
}`;
/** Entities and root fields of the query that are everybody's. */
const everybodys = new Set(['Product', 'Category', 'Review', 'products', 'categories', 'popularProducts']);

interface Person {
  /** Stands in their name, address and mail, and nowhere else. */
  marker: string;
  id: string;
  token: string;
}

const noRedis = redisBinary() === undefined;
if (noRedis) leaveOut('what 200 viewers leave in Redis', 'redis-server is not installed');

/** All of them ask at once, on a machine that may be busy: nothing is to stand in for anything because it took too long. */
const patient = { ...web, timeout: '2m', subgraphs: { every: { timeout: '1m', signed: true } } } as const;

describe('what many people ask bff-web for', { skip: noRedis }, () => {
  let shop: WholeShop;
  let redis: TestRedis;
  let subgraphs: WatchedSubgraphs;
  let plain: RouterUnderTest;
  let keeping: RouterUnderTest;
  let known: Person[];
  const ports = { metrics: 0, admin: 0 };
  const stops: (() => Promise<void> | void)[] = [];

  before(async () => {
    shop = await startWholeShop();
    stops.push(() => shop.stop());
    redis = await startTestRedis();
    stops.push(() => redis.stop());
    const names = allSubgraphs.map(({ name }) => name);
    subgraphs = await watchSubgraphs(names, (name) => shop.environment.subgraphUrl?.(name));
    stops.push(() => subgraphs.stop());
    Object.assign(ports, { metrics: await freePort(), admin: await freePort() });
    const { cache: _, ...plainly } = patient;
    plain = await startBff(plainly, {});
    keeping = await startBff(patient, {
      redis: settingsOf(redis.url),
      metricsPort: ports.metrics,
      adminPort: ports.admin,
      adminToken,
    });
    known = await inTurns(
      Array.from({ length: people }, (_, index) => index),
      (index) => (index < customers ? customer(index) : newcomer(index)),
    );
  });
  after(async () => {
    for (const stop of stops.reverse()) await stop();
  });

  async function startBff(bff: typeof web, environment: Partial<Environment>): Promise<RouterUnderTest> {
    const parts = await readParts(bff, new URL('../../bff-web/', import.meta.url));
    const router = await startTestRouter(parts.supergraph.sdl, {
      ...parts,
      environment: { ...shop.environment, subgraphUrl: subgraphs.urlOf, ...environment },
    });
    stops.push(() => router.stop());
    return router;
  }

  const markerOf = (index: number): string => `Marker${String(index).padStart(3, '0')}x`;

  async function newcomer(index: number): Promise<Person> {
    const marker = markerOf(index);
    const input = {
      email: `${marker.toLowerCase()}@example.com`,
      password: 'a password that is long',
      name: `${marker} Person`,
    };
    const { body } = await keeping.ask(join, { variables: { input } });
    const { token, user } = (body.data as { signUp: { token: string; user: { id: string } } }).signUp;
    return settled({ marker, id: user.id, token });
  }

  async function customer(index: number): Promise<Person> {
    const marker = markerOf(index);
    const { id, email } = personAt(index + 20);
    const person = { marker, id, token: await shop.tokenOf(email) };
    const { body } = await as(keeping, person, rename, { name: `${marker} Person` });
    assert.equal(body.errors, undefined);
    return settled(person);
  }

  async function settled(person: Person): Promise<Person> {
    const { marker } = person;
    const street = `${marker} Street 1`;
    const { body } = await as(keeping, person, move, { recipient: marker, street });
    assert.deepEqual(body.data?.['addAddress'], { user: { id: person.id }, userErrors: [] });
    return person;
  }

  const as = (router: RouterUnderTest, { token }: Person, query: string, variables = {}): Promise<Answer> =>
    router.ask(query, { variables, headers: { authorization: `Bearer ${token}` } });

  /** What all that was asked for since the last time comes to, for each who asked. */
  function countFor(asking: number) {
    const count = { fetches: 0, things: 0, privateFetches: 0 };
    for (const { fields, representations } of subgraphs.requests.splice(0)) {
      const things = [...fields, ...representations].filter((name) => everybodys.has(name)).length;
      count.things += things;
      if (things > 0) count.fetches += 1;
      else count.privateFetches += 1;
    }
    return {
      fetches: count.fetches / asking,
      things: count.things / asking,
      privateFetches: count.privateFetches / asking,
    };
  }

  test('fetches of what is everybody’s fall by 80 % at least, and nobody sees what is somebody else’s', async (t) => {
    subgraphs.requests.splice(0);
    const some = known.slice(0, askingPlain);
    const expected = await inTurns(some, (person) => as(plain, person, heavy));
    for (const { body } of expected) assert.equal(body.errors, undefined);
    const before = countFor(some.length);
    const answers = await inTurns(known, (person) => as(keeping, person, heavy));
    const after = countFor(known.length);
    const fallen = (1 - after.fetches / before.fetches) * 100;
    const fallenThings = (1 - after.things / before.things) * 100;
    t.diagnostic(`per request without a cache: ${JSON.stringify(before)}`);
    t.diagnostic(`per request with one: ${JSON.stringify(after)}`);
    t.diagnostic(
      `fetches of public types fell by ${fallen.toFixed(1)} %, entities by ${fallenThings.toFixed(1)} %`,
    );
    assert.ok(fallen >= 80 && fallenThings >= 80, `${fallen} %, ${fallenThings} %`);
    for (const [index, { body }] of expected.entries()) assert.deepEqual(answers[index]?.body, body);
    // Once more, when all that can be kept is.
    const again = await inTurns(known, (person) => as(keeping, person, heavy));
    const all = [...known.map((person, index) => [person, answers[index], again[index]] as const)];
    for (const [{ marker }, ...both] of all) {
      for (const answer of both) {
        assert.ok(answer);
        assert.equal(answer.body.errors, undefined);
        assert.deepEqual([...new Set(markersIn(answer.text))], [marker]);
      }
    }
    const stranger = await keeping.ask(heavy);
    assert.deepEqual(markersIn(stranger.text), []);
  });

  test('what is in Redis says nothing of anybody', async () => {
    let keys: string[] = [];
    let kept: string[] = [];
    await until('enough is kept there', async () => {
      keys = (await redis.tell('--scan')).split('\n');
      kept = keys.filter((key) => key.startsWith('tributary:kept:'));
      if (kept.length > 20) return true;
      // On a machine that is busy Redis may have been too late, and is not believed for some seconds then.
      await fetch(`http://127.0.0.1:${ports.admin}/cache/purge`, {
        method: 'POST',
        headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
        body: '{"all": true}',
      });
      await inTurns(known.slice(0, 16), (person) => as(keeping, person, heavy));
      return false;
    });
    const ids = known.map(({ id }) => id);
    // That something of a person has changed is said by their id: subgraphs and routers agree on these words.
    const others = keys.filter((key) => !key.startsWith('tributary:fence:')).join('\n');
    for (const id of ids) assert.ok(!others.includes(id), id);
    const all = [...keys, await redis.tell('MGET', ...keys)].join('\n');
    assert.deepEqual(markersIn(all), []);
    // Reviews are everybody's, with who has written them.
    const values = await redis.tell('MGET', ...kept);
    for (const id of ids.slice(customers)) assert.ok(!values.includes(id), id);
  });

  test('neither metrics nor the admin port say what is somebody’s', async () => {
    const metrics = await (await fetch(`http://127.0.0.1:${ports.metrics}/metrics`)).text();
    assert.match(
      metrics,
      /tributary_cache_lookups_total\{bff="bff-web",type="Product",level="process",result="hit"\}/,
    );
    const desk = await fetch(`http://127.0.0.1:${ports.admin}/cache?mark=*&most=1000`, {
      headers: { authorization: `Bearer ${adminToken}` },
    });
    const held = await desk.text();
    assert.match(held, /"scope":"viewer"/);
    for (const text of [metrics, held]) assert.deepEqual(markersIn(text), []);
  });
});

function markersIn(text: string): string[] {
  return [...text.matchAll(/marker\d{3}x/gi)].map(([found]) => `M${found.slice(1).toLowerCase()}`);
}

/** So many at once, and the results in their order. */
async function inTurns<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += atOnce) {
    results.push(...(await Promise.all(items.slice(start, start + atOnce).map(work))));
  }
  return results;
}
