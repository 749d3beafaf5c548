// Holds what the app says about deliveries to the calendar of whoever reads it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { GraphQLError } from 'graphql';
import { type Here, orderText, type Parcel, parcelText } from '../../../bff-mobile/views/delivery-text.ts';
import { createFormats } from '../../../bff-mobile/views/formats.ts';

const formats = createFormats();
const here = (over: Partial<Here> = {}): Here => ({
  locale: 'en',
  formats,
  timeZone: 'Europe/Vienna',
  now: new Date('2026-11-15T12:00:00Z'),
  ...over,
});
const travelling = (estimatedDelivery: string | null): Parcel => ({
  status: 'IN_TRANSIT',
  estimatedDelivery,
  deliveredAt: null,
});
const delivered = (deliveredAt: string): Parcel => ({
  status: 'DELIVERED',
  estimatedDelivery: '2026-11-01T12:00:00Z',
  deliveredAt,
});

describe('a parcel', () => {
  const cases: [name: string, parcel: Parcel, here: Here, text: string | null][] = [
    ['arrives today', travelling('2026-11-15T22:59:00Z'), here(), 'Arrives today'],
    [
      'arrives tomorrow, a minute after midnight',
      travelling('2026-11-15T23:01:00Z'),
      here(),
      'Arrives tomorrow',
    ],
    ['arrives in days', travelling('2026-11-18T08:00:00Z'), here(), 'Arrives in 3 days'],
    ['arrives months away', travelling('2027-02-01T08:00:00Z'), here(), 'Arrives in 2 months'],
    ['should have been here', travelling('2026-11-14T08:00:00Z'), here(), 'Delayed'],
    ['that nobody can say anything of', travelling(null), here(), null],
    [
      'in the van',
      { ...travelling('2026-11-17T08:00:00Z'), status: 'OUT_FOR_DELIVERY' },
      here(),
      'Arrives today',
    ],
    ['that came', delivered('2026-11-13T08:00:00Z'), here(), 'Delivered 2 days ago'],
    ['that came long ago', delivered('2024-11-13T08:00:00Z'), here(), 'Delivered 2 years ago'],
    ['that went back', { ...delivered('2026-11-13T08:00:00Z'), status: 'RETURNED' }, here(), null],
    ['in German', travelling('2026-11-16T08:00:00Z'), here({ locale: 'de-AT' }), 'Kommt morgen'],
    ['in French', delivered('2026-11-13T08:00:00Z'), here({ locale: 'fr-FR' }), 'Livré avant-hier'],
    [
      'in words of one language',
      delivered('2026-11-11T08:00:00Z'),
      here({ locale: 'ja' }),
      'Delivered 4 days ago',
    ],
    [
      'on the day of whoever reads',
      travelling('2026-11-15T23:01:00Z'),
      here({ timeZone: 'America/New_York' }),
      'Arrives today',
    ],
    [
      'over the night in which clocks change',
      travelling('2026-10-26T11:00:00Z'),
      here({ now: new Date('2026-10-24T22:30:00Z') }),
      'Arrives tomorrow',
    ],
  ];
  for (const [name, parcel, where, text] of cases) {
    test(`${name}: ${text}`, () => assert.equal(parcelText(parcel, where), text));
  }
});

describe('an order', () => {
  test('is there when its last parcel is', () => {
    const shipments = [travelling('2026-11-16T08:00:00Z'), travelling('2026-11-18T08:00:00Z')];
    const order = {
      status: 'SHIPPED',
      shipments: [...shipments, delivered('2026-11-19T08:00:00Z')],
    } as const;
    assert.equal(orderText(order, here()), 'Arrives in 3 days');
  });

  test('was there when its last parcel was', () => {
    const shipments = [delivered('2026-11-10T08:00:00Z'), delivered('2026-11-14T08:00:00Z')];
    assert.equal(orderText({ status: 'DELIVERED', shipments }, here()), 'Delivered yesterday');
  });

  test('says nothing where there is nothing to say', () => {
    const shipments = [delivered('2026-11-10T08:00:00Z')];
    assert.equal(orderText({ status: 'RETURNED', shipments }, here()), null);
    assert.equal(orderText({ status: 'CANCELLED', shipments: [] }, here()), null);
    assert.equal(orderText({ status: 'PAID', shipments: [] }, here()), null);
    assert.equal(orderText({ status: 'SHIPPED', shipments: null }, here()), null);
  });
});

for (const timeZone of ['', 'Middle/Earth', 'x'.repeat(10_000)]) {
  test(`a time zone called ${timeZone.slice(0, 20) || 'nothing'} is refused in words for whoever asked`, () => {
    assert.throws(
      () => parcelText(travelling('2026-11-16T08:00:00Z'), here({ timeZone })),
      (error) =>
        error instanceof GraphQLError &&
        error.extensions['code'] === 'BAD_USER_INPUT' &&
        error.message.length < 200,
    );
  });
}
