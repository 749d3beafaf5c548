// Holds shipping's ways to send a parcel to the schema over HTTP, on every database engine.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { deliveryRates } from '../../../subgraphs/inventory/seed.ts';
import { deliveryOptions } from '../../../subgraphs/shipping/seed.ts';
import { shipping } from '../../../subgraphs/shipping/shipping.ts';
import { oneDatabaseEngine } from '../../support/databases.ts';
import { startTestSubgraph, type TestSubgraph } from '../../support/subgraph.ts';

test('standard delivery costs what inventory estimates', () => {
  const standard = deliveryOptions()
    .filter(({ name }) => name === 'Standard')
    .map(({ country, up_to_grams, price, currency }) => ({ country, up_to_grams, amount: price, currency }));
  assert.deepEqual(standard, deliveryRates());
});

interface Option {
  id: string;
  name: string;
}

for (const engine of oneDatabaseEngine()) {
  describe(`delivery options on ${engine.name}`, () => {
    let subgraph: TestSubgraph;

    before(async () => {
      subgraph = await startTestSubgraph(shipping, engine);
    });
    after(() => subgraph.stop());

    test('100 products in two countries cost one statement a table', async () => {
      const representations = Array.from({ length: 100 }, (_, index) => ({
        __typename: 'Product',
        id: `product-${index % 40}`,
        weightGrams: 500 + (index % 40) * 700,
      }));
      subgraph.statements.length = 0;
      const { body, entities } = await subgraph.entities(
        representations,
        `... on Product {
            id
            german: deliveryOptions { id carrier { name } }
            norwegian: deliveryOptions(country: "NO") { id carrier { name } }
            lunar: deliveryOptions(country: "US") { id }
          }`,
      );
      assert.equal(body.errors, undefined);
      const products = entities as { id: string; german: Option[]; norwegian: Option[]; lunar: Option[] }[];
      for (const [index, { id, german, norwegian, lunar }] of products.entries()) {
        assert.equal(id, representations[index]?.id);
        assert.ok(german.length >= 2 && german.every((option) => option.id.includes('-de-')));
        assert.equal(norwegian.length, german.length);
        assert.deepEqual(lunar, []);
      }
      const tables = subgraph.statements.map((sql) => /from "shipping"\."(\w+)"/.exec(sql)?.[1] ?? sql);
      assert.deepEqual(tables.sort(), ['carriers', 'delivery_options']);
    });

    const all = '{ id carrier { code } name price { amount currency } minDays maxDays }';
    const namesFor = async (args: string): Promise<string[]> => {
      const { body } = await subgraph.query(`{ deliveryOptions(${args}) { name } }`);
      return (body.data as { deliveryOptions: Option[] }).deliveryOptions.map(({ name }) => name);
    };

    test('come with price and days, the cheapest first', async () => {
      const { body } = await subgraph.query(`{ deliveryOptions(country: "AT") ${all} }`);
      const euro = (amount: number) => ({ amount, currency: 'EUR' });
      const deliveryOptions = [
        {
          id: 'parcel-shop-at-2000',
          carrier: { code: 'parcel' },
          name: 'Parcel shop',
          price: euro(390),
          minDays: 2,
          maxDays: 4,
        },
        {
          id: 'standard-at-2000',
          carrier: { code: 'postal' },
          name: 'Standard',
          price: euro(490),
          minDays: 2,
          maxDays: 3,
        },
        {
          id: 'express-at-2000',
          carrier: { code: 'express' },
          name: 'Express',
          price: euro(1690),
          minDays: 1,
          maxDays: 1,
        },
      ];
      assert.deepEqual(body, { data: { deliveryOptions } });
    });

    for (const { args, names } of [
      { args: 'country: "AT", weightGrams: 1', names: ['Parcel shop', 'Standard', 'Express'] },
      { args: 'country: "at", weightGrams: 10000', names: ['Parcel shop', 'Standard', 'Express'] },
      {
        args: 'country: "AT", weightGrams: 10001',
        names: ['Standard', 'Express', 'Carried upstairs by two'],
      },
      { args: 'country: "NO", weightGrams: 40000', names: ['Standard', 'Carried upstairs by two'] },
      { args: 'country: "AT", weightGrams: 40001', names: [] },
      { args: 'country: "US"', names: [] },
    ]) {
      test(`for ${args}: ${names.join(', ') || 'none'}`, async () => {
        assert.deepEqual(await namesFor(args), names);
      });
    }

    test('a parcel without weight is refused', async () => {
      for (const grams of [0, -5]) {
        const { body } = await subgraph.query(
          `{ deliveryOptions(country: "AT", weightGrams: ${grams}) { id } }`,
        );
        assert.equal(body.errors?.[0]?.extensions?.['code'], 'BAD_USER_INPUT');
        assert.match(body.errors?.[0]?.message ?? '', /"weightGrams"/);
      }
    });

    test('without the weight of a product there is an error, not "we do not deliver"', async () => {
      const { body, entities } = await subgraph.entities(
        [{ __typename: 'Product', id: 'product-0001' }],
        '... on Product { deliveryOptions { id } }',
      );
      assert.deepEqual(entities, [{ deliveryOptions: null }]);
      assert.match(body.errors?.[0]?.message ?? '', /weightGrams/);
    });
  });
}
