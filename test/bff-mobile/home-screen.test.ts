// Holds the first screen of the app to its price: one document, one request, small, and the same pixels as bff-web would give.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { parse, print, validate } from 'graphql';
import { mobile } from '../../bff-mobile/bff.ts';
import { orderText, type Parcel } from '../../bff-mobile/views/delivery-text.ts';
import { createFormats } from '../../bff-mobile/views/formats.ts';
import { arrange, type HomeParts } from '../../bff-mobile/views/home.ts';
import { type OrderStatus, statusColour, statusLabel } from '../../bff-mobile/views/order-status.ts';
import { orderSummary } from '../../bff-mobile/views/order-summary.ts';
import { type Money, priceText } from '../../bff-mobile/views/price-text.ts';
import { type Rating, ratingText } from '../../bff-mobile/views/rating-text.ts';
import { type DeliveryOption, sendingText } from '../../bff-mobile/views/sending-text.ts';
import type { Availability } from '../../bff-mobile/views/stock-label.ts';
import { thumbnail } from '../../bff-mobile/views/thumbnail.ts';
import { web } from '../../bff-web/bff.ts';
import { loadViews } from '../../supergraph/views/load-views.ts';
import { readBff } from '../supergraph/fixtures/bff-on-disk.ts';
import {
  type Answer,
  type RouterUnderTest,
  startTestRouter,
} from '../supergraph/fixtures/router-under-test.ts';
import { startWholeShop, type WholeShop } from '../support/whole-shop.ts';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
const screen = read('../../bff-mobile/documents/home.graphql');
const screenOnWeb = read('home-screen-on-web.graphql');
const now = Date.now();
const formats = createFormats();
/** Bodies of requests, as clients write them: the app has registered its document. */
const registeredRequest = JSON.stringify({
  operationName: 'Home',
  variables: { signedIn: true },
  extensions: { persistedQuery: { version: 1, sha256Hash: 'f'.repeat(64) } },
});
const textRequest = JSON.stringify({
  operationName: 'HomeScreenOnWeb',
  variables: {},
  query: print(parse(screenOnWeb)),
});

/** What bff-web answers, with more than HomeParts knows of a product and an order. */
interface Shelved {
  id: string;
  name: string;
  images: { url: string }[];
  price: Money;
  rating: Rating | null;
  availability: Availability | null;
  deliveryOptions: DeliveryOption[] | null;
}
interface Ordered {
  id: string;
  number: string;
  status: OrderStatus;
  lines: { productName: string; product: { images: { url: string }[] } | null }[];
  shipments: Parcel[] | null;
}

test('the document on bff-web fits what its clients see', () => {
  assert.deepEqual(validate(readBff('bff-web').clientSchema, parse(screenOnWeb)), []);
});

describe('the first screen', { timeout: 280_000 }, () => {
  let shop: WholeShop;
  let app: RouterUnderTest;
  let page: RouterUnderTest;
  /** The app's router, if it kept nothing. */
  let forgetful: RouterUnderTest;
  before(async () => {
    shop = await startWholeShop();
    const { environment } = shop;
    const clock = { now: () => now, after: () => () => {} };
    const views = await loadViews(new URL('../../bff-mobile/views/', import.meta.url));
    app = await startTestRouter(readBff('bff-mobile').supergraphSdl, {
      bff: mobile,
      views,
      environment,
      clock,
    });
    const { cache: _, ...keepingNothing } = mobile;
    forgetful = await startTestRouter(readBff('bff-mobile').supergraphSdl, {
      bff: keepingNothing,
      ...{ views, environment, clock },
    });
    page = await startTestRouter(readBff('bff-web').supergraphSdl, { bff: web, environment, clock });
  });
  after(async () => {
    await Promise.all([app, page, forgetful].map((router) => router?.stop()));
    await shop?.stop();
  });

  async function ask(router: RouterUnderTest, query: string, email?: string, locale = 'en'): Promise<Answer> {
    const headers = {
      'accept-language': locale,
      ...(email && { authorization: `Bearer ${await shop.tokenOf(email)}` }),
    };
    shop.statements.clear();
    return router.ask(query, {
      variables: router !== page ? { signedIn: email !== undefined } : {},
      headers,
    });
  }

  test('is one request of under 8 KB, put together from at least five domains', async (t) => {
    const { body, text } = await ask(app, screen, 'ada@example.com');
    assert.equal(body.errors, undefined, JSON.stringify(body.errors));
    assert.ok(gzipSync(text).length < 8192, `${gzipSync(text).length} bytes`);
    const asked = [...shop.statements.keys()];
    t.diagnostic(`${asked.length} domains were asked: ${asked.sort().join(', ')}`);
    assert.ok(asked.length >= 5, asked.join());
  });

  for (const person of ['ada', 'mateo', 'noor']) {
    test(`shows ${person} what could be drawn from bff-web, for half the bytes and a third of the fields`, async (t) => {
      const email = `${person}@example.com`;
      const onApp = await ask(app, screen, email, 'de-AT');
      const onWeb = await ask(page, screenOnWeb, email, 'de-AT');
      assert.equal(onWeb.body.errors, undefined, JSON.stringify(onWeb.body.errors));
      assert.deepEqual(onApp.body, {
        data: { home: drawnFrom(onWeb.body.data as unknown as HomeParts, 'de-AT') },
      });

      const small = { sent: registeredRequest.length, ...costOf(onApp) };
      const large = { sent: textRequest.length, ...costOf(onWeb) };
      t.diagnostic(`bff-mobile ${JSON.stringify(small)}, bff-web ${JSON.stringify(large)}`);
      assert.ok(large.bytes > 2 * small.bytes, 'bytes');
      assert.ok(
        large.sent + large.gzipped > 2 * (small.sent + small.gzipped),
        'bytes there and back, packed',
      );
      assert.ok(large.fields >= 3 * small.fields, 'fields');
    });
  }

  test('greets who is not signed in, with what sells best and no error', async () => {
    const { body } = await ask(app, screen, undefined, 'fr-FR');
    assert.equal(body.errors, undefined);
    const { home } = body.data as { home: { greeting: string; shelf: { priceText: string }[] } };
    assert.equal(home.greeting, 'Bienvenue');
    assert.equal(home.shelf.length, 6);
    assert.ok(home.shelf.every(({ priceText }) => /€$/.test(priceText)));
    assert.deepEqual(Object.keys(home), ['greeting', 'shelfTitle', 'shelf']);
  });

  // The last test, because the domains do not come back.
  test('says what stands in for what a domain that is away would have said, and shows the rest', async () => {
    const whole = await ask(forgetful, screen, 'ada@example.com');
    const before = (whole.body.data as { home: Record<string, unknown> }).home;
    await shop.end('recommendations');
    await shop.end('shipping');
    const { body, status } = await ask(forgetful, screen, 'ada@example.com');
    assert.equal(status, 200);
    assert.equal(body.errors, undefined, JSON.stringify(body.errors));
    const { home } = body.data as { home: Record<string, unknown> };
    assert.deepEqual(
      (home['shelf'] as { id: string }[]).map(({ id }) => id),
      (before['shelf'] as { id: string }[]).map(({ id }) => id),
      'what was on it last',
    );
    assert.ok(Number.isInteger(home['unreadCount']));
    const order = home['latestOrder'] as Record<string, unknown>;
    assert.match(String(order['statusLabel']), /\w/);
    const told = (body.extensions?.['degraded'] ?? []) as { coordinate: string; reason: string }[];
    const stoodIn = new Set(told.map(({ coordinate, reason }) => `${coordinate} ${reason}`));
    for (const coordinate of ['Order.deliveryText', 'User.recommendations']) {
      assert.ok(stoodIn.has(`${coordinate} SUBGRAPH_UNAVAILABLE`), [...stoodIn].join(', '));
    }
  });
});

/** What the app's document must be answered with, worked out from what bff-web says: the same pixels. */
function drawnFrom(data: HomeParts, locale: string): object {
  const { greeting, unreadCount, cartCount, shelfTitle } = arrange({ data, errors: [] }, true, locale);
  const here = { locale, formats, timeZone: 'Europe/Vienna', now: new Date(now) };
  const order = data.me?.orders?.edges[0]?.node as Ordered | undefined;
  const shelf = (data.me?.recommendations ?? []) as Shelved[];
  return {
    greeting,
    unreadCount,
    cartCount,
    latestOrder: order
      ? {
          id: order.id,
          number: order.number,
          summary: orderSummary(order.lines),
          thumbnail: thumbnail(
            order.lines.flatMap(({ product }) => product?.images ?? []),
            { width: 200, format: 'WEBP' },
          ),
          statusLabel: statusLabel(order.status, locale),
          statusColour: statusColour(order.status),
          deliveryText: orderText(order, here),
        }
      : null,
    shelfTitle,
    shelf: shelf.map((product) => ({
      id: product.id,
      name: product.name,
      thumbnail: thumbnail(product.images, { width: 400, format: 'WEBP' }),
      priceText: priceText(product.price, here),
      ratingText: ratingText(product.rating, here),
      deliveryText: sendingText(product, here),
    })),
  };
}

function costOf({ text, body }: Answer): { bytes: number; gzipped: number; fields: number } {
  return { bytes: Buffer.byteLength(text), gzipped: gzipSync(text).length, fields: fieldsIn(body.data) };
}

/** Values of fields, leaves and objects alike. */
function fieldsIn(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + fieldsIn(item), 0);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((sum: number, item) => sum + 1 + fieldsIn(item), 0);
}
