// Holds what the app draws on cards to what it should read, in the languages of the shop's people.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { GraphQLError } from 'graphql';
import { createFormats } from '../../../bff-mobile/views/formats.ts';
import { type OrderStatus, statusColour, statusLabel } from '../../../bff-mobile/views/order-status.ts';
import { orderSummary } from '../../../bff-mobile/views/order-summary.ts';
import { priceText } from '../../../bff-mobile/views/price-text.ts';
import { ratingText } from '../../../bff-mobile/views/rating-text.ts';
import { type Sending, sendingText } from '../../../bff-mobile/views/sending-text.ts';
import { stockLabel } from '../../../bff-mobile/views/stock-label.ts';
import { thumbnail } from '../../../bff-mobile/views/thumbnail.ts';

const formats = createFormats();

/** Spaces that keep number and unit together are spaces to whoever reads. */
const plain = (text: string | null): string | undefined => text?.replaceAll(/\s/gu, ' ');

describe('a price is as short as it can be', () => {
  const cases: [amount: number, currency: string, locale: string, text: string][] = [
    [1999, 'EUR', 'en', '€19.99'],
    [2000, 'EUR', 'en', '€20'],
    [5, 'EUR', 'en', '€0.05'],
    [0, 'EUR', 'en', '€0'],
    [-1999, 'EUR', 'en', '-€19.99'],
    [1999, 'EUR', 'de-DE', '19,99 €'],
    [123_450, 'EUR', 'de-AT', '€ 1.234,50'],
    [2000, 'EUR', 'fr-FR', '20 €'],
    [123_450, 'CZK', 'cs-CZ', '1 234,50 Kč'],
    [1500, 'JPY', 'en', '¥1,500'],
    [1234, 'KWD', 'en', 'KWD 1.234'],
  ];
  for (const [amount, currency, locale, text] of cases) {
    test(`${amount} ${currency} in ${locale} is ${text}`, () => {
      assert.equal(plain(priceText({ amount, currency }, { locale, formats })), text);
    });
  }
});

describe('a thumbnail is the first picture, as the image server is asked for it', () => {
  const picture = 'https://images.example.com/COO-0001/1.jpg';
  const cases: [name: string, url: string, expected: string][] = [
    ['without a query', picture, `${picture}?w=400&fm=webp`],
    ['with a query that stays', `${picture}?v=3`, `${picture}?v=3&w=400&fm=webp`],
    ['with a width of its own, which is replaced', `${picture}?w=9&v=3`, `${picture}?w=400&v=3&fm=webp`],
    ['with a fragment', `${picture}#top`, `${picture}?w=400&fm=webp#top`],
  ];
  for (const [name, url, expected] of cases) {
    test(name, () => {
      const images = [{ url }, { url: 'https://images.example.com/other.jpg' }];
      assert.equal(thumbnail(images, { width: 400, format: 'WEBP' }), expected);
    });
  }

  test('in each format', () => {
    const written = (['AVIF', 'WEBP', 'JPEG'] as const).map((format) =>
      new URL(thumbnail([{ url: picture }], { width: 16, format }) ?? '').searchParams.get('fm'),
    );
    assert.deepEqual(written, ['avif', 'webp', 'jpg']);
  });

  test('null where there is no picture', () => {
    assert.equal(thumbnail([], { width: 400, format: 'WEBP' }), null);
  });

  for (const width of [-1, 0, 15, 2049, 2 ** 31 - 1]) {
    test(`${width} pixels are refused in words for whoever asked`, () => {
      assert.throws(
        () => thumbnail([], { width, format: 'WEBP' }),
        (error) =>
          error instanceof GraphQLError &&
          error.extensions['code'] === 'BAD_USER_INPUT' &&
          error.message === 'The argument "width" must be 16 to 2048.',
      );
    });
  }
});

test('stars are one glance, and nothing while there are none', () => {
  assert.equal(ratingText({ average: 4.25, count: 12 }, { locale: 'en', formats }), '4.3 (12)');
  assert.equal(ratingText({ average: 5, count: 1234 }, { locale: 'de-DE', formats }), '5,0 (1.234)');
  assert.equal(ratingText(null, { locale: 'en', formats }), null);
  assert.equal(ratingText({ average: 0, count: 0 }, { locale: 'en', formats }), null);
});

test('an order is its first product and how many others', () => {
  const lines = ['Enamel Saucepan', 'Ladle', 'Whisk'].map((productName) => ({ productName }));
  assert.equal(orderSummary(lines), 'Enamel Saucepan +2');
  assert.equal(orderSummary(lines.slice(0, 1)), 'Enamel Saucepan');
  assert.equal(orderSummary([]), null);
});

test('stock is spoken of where there is something to say', () => {
  assert.equal(stockLabel('IN_STOCK', 'en'), null);
  assert.equal(stockLabel(null, 'en'), null);
  assert.equal(stockLabel('LOW_STOCK', 'de-AT'), 'Nur noch wenige');
  assert.equal(stockLabel('BACKORDER', 'fr-FR'), 'Bientôt de retour');
  assert.equal(stockLabel('OUT_OF_STOCK', 'ja'), 'Sold out');
});

describe('the line about sending says', () => {
  const option = (minDays: number, maxDays: number, amount: number) => ({
    minDays,
    maxDays,
    price: { amount, currency: 'EUR' },
  });
  const two = [option(2, 4, 390), option(1, 1, 1290)];
  const cases: [name: string, sending: Sending, locale: string, text: string | undefined][] = [
    ['the first way there is', { availability: 'IN_STOCK', deliveryOptions: two }, 'en', '2–4 days, €3.90'],
    ['days that are one', { availability: null, deliveryOptions: [option(1, 1, 1200)] }, 'en', '1 day, €12'],
    ['it in German', { availability: 'IN_STOCK', deliveryOptions: two }, 'de-DE', '2–4 Tage, 3,90 €'],
    ['it in English to others', { availability: null, deliveryOptions: two }, 'ja', '2–4 days, €3.90'],
    [
      'that little is left',
      { availability: 'LOW_STOCK', deliveryOptions: two },
      'en',
      '2–4 days, €3.90 · Only a few left',
    ],
    ['that alone', { availability: 'LOW_STOCK', deliveryOptions: [] }, 'en', 'Only a few left'],
    ['that it is sold out', { availability: 'OUT_OF_STOCK', deliveryOptions: two }, 'en', 'Sold out'],
    ['that it comes back', { availability: 'BACKORDER', deliveryOptions: two }, 'en', 'Back soon'],
    ['nothing where nothing is known', { availability: null, deliveryOptions: null }, 'en', undefined],
  ];
  for (const [name, sending, locale, text] of cases) {
    test(name, () => assert.equal(plain(sendingText(sending, { locale, formats })), text));
  }
});

describe("an order's status", () => {
  const all: OrderStatus[] = ['PLACED', 'PAID', 'SHIPPED', 'DELIVERED', 'CANCELLED', 'RETURNED'];

  test('has a label in the language of each of the shop’s people', () => {
    const label = (locale: string) => statusLabel('SHIPPED', locale);
    const locales = ['en-GB', 'de-AT', 'de-DE', 'fr-FR', 'it-IT', 'es-ES', 'pt-PT', 'da-DK', 'cs-CZ'];
    assert.equal(new Set(locales.map(label)).size, locales.length - 1);
    assert.equal(label('de-AT'), 'Unterwegs');
    assert.equal(label('ja'), 'On its way');
    assert.equal(label('constructor'), 'On its way');
    for (const locale of locales) assert.equal(new Set(all.map((one) => statusLabel(one, locale))).size, 6);
  });

  for (const status of all) {
    test(`${status} has a colour on which white letters can be read`, () => {
      const colour = statusColour(status);
      assert.match(colour, /^#[0-9a-f]{6}$/);
      assert.ok(1.05 / (luminance(colour) + 0.05) >= 4.5, colour);
    });
  }
});

/** Relative luminance as WCAG 2 reckons it. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

test('formatters are made once for a locale, and not for ever', () => {
  const { number, calendar, relativeTime } = createFormats();
  const first = number('de-AT', { minimumFractionDigits: 1 });
  assert.equal(number('de-AT', { minimumFractionDigits: 1 }), first);
  assert.notEqual(number('de-AT'), first);
  assert.notEqual(number('de-DE', { minimumFractionDigits: 1 }), first);
  assert.equal(calendar('Europe/Vienna'), calendar('Europe/Vienna'));
  assert.equal(relativeTime('en'), relativeTime('en'));
  for (let digits = 0; digits < 1000; digits += 1)
    number('en', { maximumFractionDigits: digits % 20, minimumIntegerDigits: 1 + (digits % 21) });
  for (let locale = 0; locale < 500; locale += 1) number(`en-x-a${locale}`);
  assert.notEqual(number('de-AT', { minimumFractionDigits: 1 }), first);
});
