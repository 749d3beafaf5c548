// Holds the inventory to its schema over HTTP, on every database engine: stock, estimates, batches; counting is in set-stock.test.ts.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { inventory } from '../../../subgraphs/inventory/inventory.ts';
import { seed } from '../../../subgraphs/inventory/seed.ts';
import { demoProducts } from '../../../subgraphs/kit/demo/products.ts';
import { oneDatabaseEngine } from '../../support/databases.ts';
import { seedStatements } from '../../support/seed-statements.ts';
import { type GraphQLBody, startTestSubgraph, type TestSubgraph } from '../../support/subgraph.ts';

interface Money {
  amount: number;
  currency: string;
}

interface Product {
  sku: string;
  inStock: boolean;
  availability: 'IN_STOCK' | 'LOW_STOCK' | 'BACKORDER' | 'OUT_OF_STOCK';
  stock: number;
  stockByWarehouse: { warehouse: { id: string; name: string }; onHand: number; reserved: number }[];
}

const products = demoProducts();
const skuAt = (index: number): string => products[index]?.sku ?? '';
const stockFields =
  'sku inStock availability stock stockByWarehouse { warehouse { id name } onHand reserved }';
const codeOf = ({ errors }: GraphQLBody): unknown => errors?.[0]?.extensions?.['code'];
const messageOf = ({ errors }: GraphQLBody): string => errors?.[0]?.message ?? '';

test('inventory seeds the same every time', async (context) => {
  const statements = await seedStatements(seed);
  context.mock.timers.enable({ apis: ['Date'], now: 0 });
  context.mock.method(Math, 'random', () => 0);
  assert.deepEqual(await seedStatements(seed), statements);
});

for (const engine of oneDatabaseEngine()) {
  describe(`inventory on ${engine.name}`, () => {
    let subgraph: TestSubgraph;

    before(async () => {
      subgraph = await startTestSubgraph(inventory, engine);
    });
    after(() => subgraph.stop());

    async function productsBySku(skus: readonly string[]): Promise<(Product | null)[]> {
      const representations = skus.map((sku) => ({ __typename: 'Product', sku }));
      const { body, entities } = await subgraph.entities(
        representations,
        `... on Product { ${stockFields} }`,
      );
      assert.equal(body.errors, undefined);
      return entities as (Product | null)[];
    }

    test('lists the warehouses', async () => {
      const { body } = await subgraph.query('{ warehouses { id name country } }');
      const warehouses = [
        { id: 'BER', name: 'Berlin Westhafen', country: 'DE' },
        { id: 'LYO', name: 'Lyon Confluence', country: 'FR' },
        { id: 'PRG', name: 'Prague Holešovice', country: 'CZ' },
        { id: 'VIE', name: 'Vienna Danube Dock', country: 'AT' },
      ];
      assert.deepEqual(body, { data: { warehouses } });
    });

    test('every demo product is counted, and what is told about it agrees with its shelves', async () => {
      const found = (await productsBySku(products.map(({ sku }) => sku))).filter((one) => one !== null);
      assert.equal(found.length, 1000);
      for (const { sku, inStock, availability, stock, stockByWarehouse } of found) {
        const free = stockByWarehouse.reduce((sum, { onHand, reserved }) => sum + onHand - reserved, 0);
        assert.equal(stock, free, sku);
        assert.equal(inStock, stock > 0, sku);
        const expected =
          stock >= 10 ? ['IN_STOCK'] : stock > 0 ? ['LOW_STOCK'] : ['BACKORDER', 'OUT_OF_STOCK'];
        assert.ok(expected.includes(availability), `${sku}: ${stock} pieces are ${availability}`);
        assert.deepEqual(
          stockByWarehouse.map(({ warehouse }) => warehouse.id),
          ['BER', 'LYO', 'PRG', 'VIE'],
        );
      }
    });

    test('the seed has products of every availability', async () => {
      const found = await productsBySku(products.map(({ sku }) => sku));
      const countOf = (availability: Product['availability']): number =>
        found.filter((product) => product?.availability === availability).length;
      assert.ok(countOf('IN_STOCK') > 800);
      assert.ok(countOf('LOW_STOCK') > 50);
      assert.ok(countOf('BACKORDER') >= 10);
      assert.ok(countOf('OUT_OF_STOCK') >= 5);
      const none = countOf('BACKORDER') + countOf('OUT_OF_STOCK');
      assert.ok(none >= 20 && none <= 60, `${none} of 1,000 have no piece`);
    });

    test('100 representations, shuffled, repeated and unknown, cost one statement a table', async () => {
      const asked = Array.from({ length: 100 }, (_, index) =>
        index % 10 === 0 ? `NOPE-${index}` : skuAt((index * 37) % 60),
      );
      const representations = asked.map((sku) => ({
        __typename: 'Product',
        sku,
        weightGrams: 900,
        price: { amount: 1990, currency: 'EUR' },
      }));
      subgraph.statements.length = 0;
      const { body, entities } = await subgraph.entities(
        representations,
        `... on Product { ${stockFields} shippingEstimate { amount } }`,
      );
      assert.equal(body.errors, undefined);
      assert.deepEqual(
        (entities as (Product | null)[]).map((one) => one?.sku ?? null),
        asked.map((sku) => (sku.startsWith('NOPE') ? null : sku)),
      );
      assert.deepEqual(tablesRead(), ['delivery_rates', 'stock', 'stocked_products', 'warehouses']);
    });

    test('100 warehouses, repeated and unknown, cost one statement', async () => {
      const ids = Array.from({ length: 100 }, (_, index) => ['PRG', 'XXX', 'VIE', 'BER'][index % 4] ?? '');
      subgraph.statements.length = 0;
      const { entities } = await subgraph.entities(
        ids.map((id) => ({ __typename: 'Warehouse', id })),
        '... on Warehouse { id }',
      );
      assert.deepEqual(
        entities,
        ids.map((id) => (id === 'XXX' ? null : { id })),
      );
      assert.deepEqual(tablesRead(), ['warehouses']);
    });

    function tablesRead(): string[] {
      return subgraph.statements.map((sql) => /from "inventory"\."(\w+)"/.exec(sql)?.[1] ?? sql).sort();
    }

    const euro = (amount: number): Money => ({ amount, currency: 'EUR' });
    const estimates: {
      what: string;
      weightGrams: number;
      price: Money;
      country: string;
      is: Money | null;
    }[] = [
      { what: 'a light parcel nearby', weightGrams: 1, price: euro(500), country: 'DE', is: euro(490) },
      { what: 'the last gram of a band', weightGrams: 2000, price: euro(500), country: 'DE', is: euro(490) },
      {
        what: 'the first gram of the next',
        weightGrams: 2001,
        price: euro(500),
        country: 'DE',
        is: euro(690),
      },
      { what: 'the heaviest parcel', weightGrams: 40_000, price: euro(500), country: 'AT', is: euro(2990) },
      { what: 'more than anybody carries', weightGrams: 40_001, price: euro(500), country: 'AT', is: null },
      { what: 'a country farther away', weightGrams: 900, price: euro(500), country: 'PT', is: euro(790) },
      {
        what: 'a country outside the union',
        weightGrams: 900,
        price: euro(500),
        country: 'CH',
        is: euro(1490),
      },
      {
        what: 'a country in small letters',
        weightGrams: 900,
        price: euro(500),
        country: 'ch',
        is: euro(1490),
      },
      {
        what: 'a cent below the threshold',
        weightGrams: 900,
        price: euro(9999),
        country: 'DE',
        is: euro(490),
      },
      { what: 'free delivery', weightGrams: 900, price: euro(10_000), country: 'DE', is: euro(0) },
      { what: 'a dear product for the moon', weightGrams: 900, price: euro(50_000), country: 'US', is: null },
      {
        what: 'a price that cannot be compared with the threshold',
        weightGrams: 900,
        price: { amount: 50_000, currency: 'JPY' },
        country: 'DE',
        is: euro(490),
      },
    ];
    for (const { what, weightGrams, price, country, is } of estimates) {
      test(`shipping estimate: ${what}`, async () => {
        const { body } = await subgraph.entities(
          [{ __typename: 'Product', sku: skuAt(0), weightGrams, price }],
          `... on Product { shippingEstimate(country: "${country}") { amount currency } }`,
        );
        assert.deepEqual(body, { data: { _entities: [{ shippingEstimate: is }] } });
      });
    }

    test('several countries by alias are estimated each for itself', async () => {
      const representations = [900, 3000].map((weightGrams, index) => ({
        __typename: 'Product',
        sku: skuAt(index),
        weightGrams,
        price: euro(1000),
      }));
      const selection = `... on Product {
        default: shippingEstimate { amount }
        near: shippingEstimate(country: "AT") { amount }
        far: shippingEstimate(country: "NO") { amount }
        never: shippingEstimate(country: "US") { amount }
      }`;
      subgraph.statements.length = 0;
      const { entities } = await subgraph.entities(representations, selection);
      assert.deepEqual(entities, [
        { default: { amount: 490 }, near: { amount: 490 }, far: { amount: 1490 }, never: null },
        { default: { amount: 690 }, near: { amount: 690 }, far: { amount: 1990 }, never: null },
      ]);
      assert.deepEqual(tablesRead(), ['delivery_rates', 'stocked_products']);
    });

    test('without weight and price an estimate is an error, not "we do not deliver"', async () => {
      const { body, entities } = await subgraph.entities(
        [{ __typename: 'Product', sku: skuAt(0) }],
        '... on Product { sku shippingEstimate { amount } }',
      );
      assert.deepEqual(entities, [{ sku: skuAt(0), shippingEstimate: null }]);
      assert.equal(codeOf(body), 'BAD_USER_INPUT');
      assert.match(messageOf(body), /weightGrams and price/);
    });

    test('a country that is none is refused', async () => {
      const { body } = await subgraph.entities(
        [{ __typename: 'Product', sku: skuAt(0) }],
        '... on Product { shippingEstimate(country: "Austria") { amount } }',
      );
      assert.match(messageOf(body), /country code/);
    });
  });
}
