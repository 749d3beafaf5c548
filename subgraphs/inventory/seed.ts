// Fills the inventory with four warehouses, the stock of every demo product, and the rates of standard delivery.
import type { Kysely } from 'kysely';
import { demoCurrency, demoProducts } from '../kit/demo/products.ts';
import { type Chance, chanceOf } from '../kit/demo/random.ts';
import { daysAfter, demoEnd } from '../kit/demo/time.ts';
import { insertRows } from '../kit/insert-rows.ts';
import type {
  DeliveryRateRow,
  InventoryTables,
  StockedProductRow,
  StockRow,
  WarehouseRow,
} from './database.ts';

const warehouses: WarehouseRow[] = [
  { id: 'VIE', name: 'Vienna Danube Dock', country: 'AT' },
  { id: 'BER', name: 'Berlin Westhafen', country: 'DE' },
  { id: 'LYO', name: 'Lyon Confluence', country: 'FR' },
  { id: 'PRG', name: 'Prague Holešovice', country: 'CZ' },
];

export async function seed(db: Kysely<InventoryTables>): Promise<void> {
  await insertRows(db, 'warehouses', warehouses);
  const counted = demoProducts().map(({ sku }) => countOf(sku));
  await insertRows(
    db,
    'stocked_products',
    counted.map(({ product }) => product),
  );
  await insertRows(
    db,
    'stock',
    counted.flatMap(({ stock }) => stock),
  );
  await insertRows(db, 'delivery_rates', deliveryRates());
}

/** 4 products in 100 have no piece to sell, most of those are on their way; 10 in 100 are low. */
function countOf(sku: string): { product: StockedProductRow; stock: StockRow[] } {
  const chance = chanceOf('stock', sku);
  const luck = chance.next();
  const pieces = luck < 0.04 ? 0 : luck < 0.14 ? chance.whole(1, 9) : chance.whole(10, 240);
  const isExpected = pieces === 0 && chance.happens(0.6);
  return {
    product: { sku, expected_at: isExpected ? daysAfter(demoEnd, chance.whole(3, 40)) : null },
    stock: spread(sku, pieces, chance),
  };
}

/** Every warehouse takes a share of the pieces, the last one what is left; reserved ones lie there besides. */
function spread(sku: string, pieces: number, chance: Chance): StockRow[] {
  let left = pieces;
  return warehouses.map(({ id }, index) => {
    const share = index === warehouses.length - 1 ? left : chance.whole(0, Math.ceil(left / 2));
    left -= share;
    const reserved = chance.happens(0.3) ? chance.whole(1, 4) : 0;
    return { sku, warehouse_id: id, on_hand: share + reserved, reserved };
  });
}

/** Grams and cents of each band. Shipping sells its standard delivery at the same rates; a test compares the two. */
const zones: { countries: string; bands: [grams: number, cents: number][] }[] = [
  {
    countries: 'AT CZ DE FR',
    bands: [
      [2_000, 490],
      [5_000, 690],
      [10_000, 990],
      [20_000, 1690],
      [40_000, 2990],
    ],
  },
  {
    countries: 'BE DK ES FI HU IE IT LU NL PL PT SE SI SK',
    bands: [
      [2_000, 790],
      [5_000, 990],
      [10_000, 1490],
      [20_000, 2490],
      [40_000, 4490],
    ],
  },
  {
    countries: 'CH GB NO',
    bands: [
      [2_000, 1490],
      [5_000, 1990],
      [10_000, 2990],
      [20_000, 4490],
      [40_000, 7990],
    ],
  },
];

/** What standard delivery costs to every country the shop serves. */
export function deliveryRates(): DeliveryRateRow[] {
  return zones.flatMap(({ countries, bands }) =>
    countries.split(' ').flatMap((country) =>
      bands.map(([grams, cents]) => ({
        country,
        up_to_grams: grams,
        amount: cents,
        currency: demoCurrency,
      })),
    ),
  );
}
