// Fills shipping with carriers, delivery options and the parcels of the demo orders; parcels are seed-parcels.ts'.
import type { Kysely } from 'kysely';
import { demoOrders } from '../kit/demo/orders.ts';
import { demoCurrency, demoProducts } from '../kit/demo/products.ts';
import { insertRows } from '../kit/insert-rows.ts';
import type { CarrierRow, DeliveryOptionRow, ShippingTables } from './database.ts';
import { parcelOf } from './seed-parcels.ts';

const carriers: CarrierRow[] = [
  { code: 'postal', name: 'Confluence Post' },
  { code: 'parcel', name: 'Rhine Parcel' },
  { code: 'express', name: 'Swift Courier' },
  { code: 'freight', name: 'Alpine Freight' },
];

export async function seed(db: Kysely<ShippingTables>): Promise<void> {
  await insertRows(db, 'carriers', carriers);
  await insertRows(db, 'delivery_options', deliveryOptions());
  const weights = new Map(demoProducts().map(({ id, weightGrams }) => [id, weightGrams]));
  const parcels = demoOrders().flatMap((order) => parcelOf(order, weights) ?? []);
  await insertRows(
    db,
    'shipments',
    parcels.map(({ shipment }) => shipment),
  );
  await insertRows(
    db,
    'tracking_events',
    parcels.flatMap(({ events }) => events),
  );
}

type Band = readonly [overGrams: number, upToGrams: number, cents: number];

/** Cents of standard delivery by band, the same as inventory's rates; `days` is how far the zone is. */
const zones: { countries: string; days: number; bands: Band[] }[] = [
  {
    countries: 'AT CZ DE FR',
    days: 0,
    bands: [
      [0, 2_000, 490],
      [2_000, 5_000, 690],
      [5_000, 10_000, 990],
      [10_000, 20_000, 1690],
      [20_000, 40_000, 2990],
    ],
  },
  {
    countries: 'BE DK ES FI HU IE IT LU NL PL PT SE SI SK',
    days: 2,
    bands: [
      [0, 2_000, 790],
      [2_000, 5_000, 990],
      [5_000, 10_000, 1490],
      [10_000, 20_000, 2490],
      [20_000, 40_000, 4490],
    ],
  },
  {
    countries: 'CH GB NO',
    days: 4,
    bands: [
      [0, 2_000, 1490],
      [2_000, 5_000, 1990],
      [5_000, 10_000, 2990],
      [10_000, 20_000, 4490],
      [20_000, 40_000, 7990],
    ],
  },
];

interface Way {
  code: string;
  name: string;
  carrier: string;
  /** Cents on top of standard delivery. */
  extra: number;
  /** Working days within the nearest zone. */
  days: [number, number];
  takes: (band: Band) => boolean;
}

const ways: Way[] = [
  { code: 'standard', name: 'Standard', carrier: 'postal', extra: 0, days: [2, 3], takes: () => true },
  {
    code: 'parcel-shop',
    name: 'Parcel shop',
    carrier: 'parcel',
    extra: -100,
    days: [2, 4],
    takes: ([, upTo]) => upTo <= 10_000,
  },
  {
    code: 'express',
    name: 'Express',
    carrier: 'express',
    extra: 1200,
    days: [1, 1],
    takes: ([, upTo]) => upTo <= 20_000,
  },
  {
    code: 'two-person',
    name: 'Carried upstairs by two',
    carrier: 'freight',
    extra: 2500,
    days: [3, 6],
    takes: ([over]) => over >= 10_000,
  },
];

/** Every way to every country the shop serves. */
export function deliveryOptions(): DeliveryOptionRow[] {
  return zones.flatMap(({ countries, days, bands }) =>
    countries
      .split(' ')
      .flatMap((country) =>
        ways.flatMap((way) =>
          bands.filter(way.takes).map((band) => optionOf({ country, zoneDays: days, way, band })),
        ),
      ),
  );
}

function optionOf(option: { country: string; zoneDays: number; way: Way; band: Band }): DeliveryOptionRow {
  const { country, zoneDays, way, band } = option;
  const [overGrams, upToGrams, cents] = band;
  return {
    id: `${way.code}-${country.toLowerCase()}-${upToGrams}`,
    country,
    name: way.name,
    over_grams: overGrams,
    up_to_grams: upToGrams,
    carrier_code: way.carrier,
    price: cents + way.extra,
    currency: demoCurrency,
    min_days: way.days[0] + zoneDays,
    max_days: way.days[1] + zoneDays,
  };
}
