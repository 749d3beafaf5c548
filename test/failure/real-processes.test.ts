// Kills and freezes the real processes of the shop, one after another, while people look at its screens.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { testDataKey } from '../support/databases.ts';
import { leaveOut } from '../support/left-out.ts';
import { postgresBinaries, startTestPostgres, type TestPostgres } from '../support/postgres.ts';
import { type Asking, type KeptAnswer, keepAsking, type Screen } from './support/keep-asking.ts';
import { assertNone, isWhole, type Screens, screensOf, standIns } from './support/screens.ts';
import { type ShopProcesses, startShopProcesses } from './support/shop-processes.ts';

/** Milliseconds between two answers of a screen. */
const pace = 400;
/** Milliseconds in which all is as it was, once a process is back. */
const recovery = 5_000;
/** What the declarations give a subgraph such as reviews, twice over because it is asked again. */
const patience = 2 * 3_000;
/** For a machine that is busy with other tests. */
const slack = 1_500;

/**
 * Of each subgraph, some of the fields for which something has to stand in on the screens that are looked at; of those of the
 * app few, because its router goes on with what it keeps.
 */
const missed: Record<string, { web: string[]; mobile?: string[] }> = {
  accounts: { web: ['Query.me'], mobile: ['Query.me'] },
  catalog: { web: ['Query.categories', 'Query.productBySku'] },
  inventory: { web: ['Product.inStock', 'Product.stock', 'Product.shippingEstimate'] },
  orders: { web: ['User.orders'], mobile: ['User.cart', 'User.orders'] },
  payments: { web: ['Order.payment'] },
  shipping: { web: ['Order.shipments', 'Product.deliveryOptions'] },
  reviews: { web: ['Product.rating', 'Product.reviews'] },
  recommendations: { web: ['Query.popularProducts', 'User.recommendations', 'Product.related'] },
  notifications: { web: ['User.unreadNotificationCount'], mobile: ['User.unreadNotificationCount'] },
};

const reasons = new Set(['SUBGRAPH_UNAVAILABLE', 'SUBGRAPH_SUSPENDED', 'SUBGRAPH_TIMEOUT']);

let shop: ShopProcesses;
let database: TestPostgres | undefined;
let web: { screens: Screens; asking: Asking; asked: Screen[] };
let mobile: typeof web;
const bffs = () => [web, mobile];

before(async () => {
  // Reviews has one of its own, so that it can lose it alone.
  if (postgresBinaries()) database = await startTestPostgres();
  else leaveOut('a database that fails under a subgraph', 'PostgreSQL is not installed');
  shop = await startShopProcesses({
    bffs: {
      'bff-web': new URL('support/plain-web-main.ts', import.meta.url),
      'bff-mobile': new URL('../../bff-mobile/main.ts', import.meta.url),
    },
    ...(database && {
      databases: { reviews: { ...database, engine: 'PostgreSQL', dataKey: testDataKey } },
    }),
  });
  const token = await shop.tokenOf('ada@example.com');
  const look = (bff: string, of: (screens: Screens) => Screen[]) => {
    const screens = screensOf(bff);
    const asked = of(screens);
    return { screens, asked, asking: keepAsking(shop.origin(bff), asked, pace) };
  };
  web = look('bff-web', ({ of }) => [of('MyPage', { token }), of('ShopWindow'), of('ProductPage')]);
  mobile = look('bff-mobile', ({ of }) => [of('Home', { token }), of('Product')]);
  // What stands in later has to be known.
  await Promise.all(bffs().map(({ asking }) => asking.rounds(2)));
});
after(async () => {
  for (const one of bffs()) await one?.asking.stop();
  await shop?.stop();
  await database?.stop();
});

/** All that was asked for since then, of both. */
const since = (moment: number, { asking }: typeof web): KeptAnswer[] =>
  asking.answers.filter(({ began }) => began >= moment);

const problemsSince = (moment: number): string[] =>
  bffs().flatMap((bff) => since(moment, bff).flatMap(bff.screens.problems));

/** Resolves with the milliseconds until every screen is whole again. */
async function recovered(what: string): Promise<number> {
  const began = performance.now();
  const waits = bffs().flatMap(({ asked, asking }) =>
    asked.map((screen) =>
      asking.next(
        `${screen.name} is whole after ${what}`,
        (answer) => answer.screen === screen && isWhole(answer),
        recovery,
      ),
    ),
  );
  await Promise.all(waits);
  return performance.now() - began;
}

test('all of it is whole while nothing is wrong', async () => {
  await recovered('the start');
  assertNone(problemsSince(0), 'before anything was wrong');
});

describe('while people look, the process is killed of', () => {
  for (const [subgraph, missing] of Object.entries(missed)) {
    test(`${subgraph}: no request fails, every stand-in is told, and soon after its return all is whole`, async (t) => {
      const began = performance.now();
      await shop.of(subgraph).kill();
      const gone = performance.now();
      await Promise.all(bffs().map(({ asking }) => asking.rounds(2)));
      if (subgraph === 'recommendations') await isAsTheReadmeSays();
      const told = { web: standIns(since(gone, web)), mobile: standIns(since(gone, mobile)) };
      await shop.of(subgraph).start();
      const took = await recovered(`the return of ${subgraph}`);
      t.diagnostic(`whole again ${Math.round(took)} ms after its return`);

      assertNone(problemsSince(began), `while ${subgraph} was away`);
      for (const bff of ['web', 'mobile'] as const) {
        const named = new Set(told[bff].map(({ coordinate }) => coordinate));
        const silent = (missing[bff] ?? []).filter((coordinate) => !named.has(coordinate));
        assert.deepEqual(silent, [], `${bff} told of ${[...named].join(', ')}`);
        const others = told[bff].map(({ reason }) => reason).filter((reason) => !reasons.has(reason));
        assert.deepEqual(others, [], 'other reasons than that it is not there');
      }
    });
  }

  test('none was left out', () => {
    assert.deepEqual([...shop.subgraphs].sort(), Object.keys(missed).sort());
  });
});

/** What it has a reader ask while recommendations is away, and shows as the answer; by now that may be left alone. */
async function isAsTheReadmeSays(): Promise<void> {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  const [, chapter = ''] = readme.split('## When a domain is away');
  const [, body = ''] = /-d '(.*)'$/m.exec(chapter) ?? [];
  const [, shown = ''] = /```json\n(.*?)```/s.exec(chapter) ?? [];
  const response = await fetch(`${shop.origin('bff-web')}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  const withoutReason = (text: string) =>
    JSON.parse(text.replace('SUBGRAPH_SUSPENDED', 'SUBGRAPH_UNAVAILABLE'));
  assert.deepEqual(withoutReason(await response.text()), JSON.parse(shown));
}

/** Resolves with the first answer to a screen in which something stands in for `coordinate`, for one of these reasons. */
function standingIn(coordinate: string, ...because: string[]): Promise<KeptAnswer> {
  return web.asking.next(
    `something stands in for ${coordinate} because of ${because.join(' or ')}`,
    ({ body }) =>
      (body.extensions?.degraded ?? []).some(
        (one) => one.coordinate === coordinate && because.includes(one.reason),
      ),
  );
}

/** Nobody answers, and nobody hangs up: the first who ask wait as long as is declared, those after them do not. */
async function holdsOut(freeze: () => Promise<void> | void, thaw: () => Promise<void> | void): Promise<void> {
  const began = performance.now();
  const [slow, quick] = [
    standingIn('Product.rating', 'SUBGRAPH_TIMEOUT'),
    standingIn('Product.rating', 'SUBGRAPH_SUSPENDED'),
  ];
  await freeze();
  try {
    const first = await slow;
    assert.ok(first.ended - first.began < patience + slack, `${first.ended - first.began} ms`);
    const later = await quick;
    assert.ok(later.ended - later.began < slack, `${later.ended - later.began} ms`);
  } finally {
    await thaw();
  }
  await recovered('the thaw');
  assertNone(problemsSince(began), 'while nobody answered');
}

test('a frozen subgraph costs the first who ask its time, and those after them none', async () => {
  const reviews = shop.of('reviews');
  await holdsOut(reviews.freeze, reviews.thaw);
});

describe('the database of a subgraph', () => {
  const skip = postgresBinaries() === undefined && 'left out';

  test('that is frozen is as bad as the subgraph, and no worse', { skip }, async () => {
    assert.ok(database);
    await holdsOut(database.freeze, database.thaw);
  });

  test('that has crashed costs its fields alone, and no time', { skip }, async () => {
    assert.ok(database);
    const began = performance.now();
    // What was under way breaks off, and what comes then finds nobody.
    const standing = standingIn('Product.rating', 'INTERNAL_SERVER_ERROR', 'SUBGRAPH_UNAVAILABLE');
    await database.crash();
    const crashed = performance.now();
    const { ended } = await standing;
    assert.ok(ended - crashed < patience + slack, `${ended - crashed} ms`);
    await database.restart();
    await recovered('the restart');
    assertNone(problemsSince(began), 'while there was no database');
  });
});
