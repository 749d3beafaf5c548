// Holds the mutation `setStock` to the schema over HTTP, on every database engine: who may count, what is refused, what meets.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Kysely, sql } from 'kysely';
import type { InventoryTables } from '../../../subgraphs/inventory/database.ts';
import { inventory } from '../../../subgraphs/inventory/inventory.ts';
import { prepareDatabase } from '../../../subgraphs/kit/database/prepare-database.ts';
import { demoProducts } from '../../../subgraphs/kit/demo/products.ts';
import { databaseEngines, type TestDatabase } from '../../support/databases.ts';
import { type GraphQLBody, startTestSubgraph, type TestSubgraph } from '../../support/subgraph.ts';

interface StockRow {
  warehouse: { id: string };
  onHand: number;
  reserved: number;
}

interface Product {
  sku: string;
  inStock: boolean;
  availability: string;
  stock: number;
  stockByWarehouse: StockRow[];
}

interface SetStockPayload {
  product: Product | null;
  userErrors: { code: string; message: string; field: string[] }[];
}

const skus = demoProducts().map(({ sku }) => sku);
const skuAt = (index: number): string => skus[index] ?? '';
const stockFields = 'sku inStock availability stock stockByWarehouse { warehouse { id } onHand reserved }';
const setStock = `mutation ($input: SetStockInput!) {
  setStock(input: $input) { product { ${stockFields} } userErrors { code message field } }
}`;
const codeOf = ({ errors }: GraphQLBody): unknown => errors?.[0]?.extensions?.['code'];

for (const engine of databaseEngines()) {
  describe(`setStock on ${engine.name}`, () => {
    let database: TestDatabase;
    let subgraph: TestSubgraph;
    let clerk: string;
    let db: Kysely<InventoryTables>;

    before(async () => {
      database = await engine.start();
      subgraph = await startTestSubgraph(inventory, database);
      clerk = await subgraph.identity.tokenFor({ userId: 'user-002', scopes: ['inventory:write'] });
      db = (await prepareDatabase(inventory, database)).db as Kysely<InventoryTables>;
    });
    after(async () => {
      await db?.destroy();
      await subgraph?.stop();
      await database?.stop();
    });

    async function productBySku(sku: string): Promise<Product> {
      const answer = await subgraph.entities(
        [{ __typename: 'Product', sku }],
        `... on Product { ${stockFields} }`,
      );
      const [product] = answer.entities as (Product | null)[];
      assert.ok(product);
      return product;
    }

    async function count(input: object): Promise<SetStockPayload> {
      const { body } = await subgraph.query(setStock, { variables: { input }, token: clerk });
      assert.equal(body.errors, undefined);
      return (body.data as { setStock: SetStockPayload }).setStock;
    }

    /** The first row from product `from` on, with or without reserved pieces: each test has products of its own. */
    async function rowWith(reserved: 'some' | 'none', from: number) {
      for (const sku of skus.slice(from, from + 20)) {
        const { stockByWarehouse } = await productBySku(sku);
        const row = stockByWarehouse.find(
          (one) => one.onHand > 0 && one.reserved > 0 === (reserved === 'some'),
        );
        if (row) return { sku, ...row };
      }
      return assert.fail(`There is no such row from product ${from} on.`);
    }

    const rowOf = ({ stockByWarehouse }: Product, { warehouse }: StockRow): StockRow | undefined =>
      stockByWarehouse.find((one) => one.warehouse.id === warehouse.id);

    const outsiders = [
      { who: 'somebody anonymous', scopes: undefined, code: 'UNAUTHENTICATED' },
      { who: 'somebody without the scope', scopes: ['customers:read', 'orders:support'], code: 'FORBIDDEN' },
    ];
    for (const { who, scopes, code } of outsiders) {
      test(`${who} may not set stock`, async () => {
        const row = await rowWith('none', 20);
        const token = scopes && (await subgraph.identity.tokenFor({ userId: 'user-001', scopes }));
        const { body } = await subgraph.query(setStock, {
          variables: { input: { sku: row.sku, warehouseId: row.warehouse.id, onHand: row.onHand + 1 } },
          token,
        });
        assert.equal(codeOf(body), code);
        assert.deepEqual(await rowWith('none', 20), row);
      });
    }

    test('a count replaces what is on hand and keeps what is reserved', async () => {
      const row = await rowWith('some', 40);
      const earlier = await productBySku(row.sku);
      const { product, userErrors } = await count({
        sku: row.sku,
        warehouseId: row.warehouse.id,
        onHand: row.onHand + 25,
      });
      assert.deepEqual(userErrors, []);
      assert.equal(product?.stock, earlier.stock + 25);
      const { warehouse, onHand, reserved } = row;
      assert.deepEqual(product && rowOf(product, row), { warehouse, onHand: onHand + 25, reserved });
      assert.deepEqual(await productBySku(row.sku), product);
    });

    test('the first count of a product in a warehouse makes its row', async () => {
      const row = await rowWith('none', 140);
      const { sku, warehouse } = row;
      await db.deleteFrom('stock').where('sku', '=', sku).where('warehouse_id', '=', warehouse.id).execute();
      assert.equal(rowOf(await productBySku(sku), row), undefined);
      const { product } = await count({ sku, warehouseId: warehouse.id, onHand: 3 });
      assert.deepEqual(product && rowOf(product, row), { warehouse, onHand: 3, reserved: 0 });
    });

    test('availability follows the counts, also twice within one operation', async () => {
      const sku = skuAt(120);
      const { stockByWarehouse } = await productBySku(sku);
      for (const { warehouse, reserved } of stockByWarehouse) {
        await count({ sku, warehouseId: warehouse.id, onHand: reserved });
      }
      assert.equal((await productBySku(sku)).availability, 'OUT_OF_STOCK');
      const [first] = stockByWarehouse;
      assert.ok(first);
      const step = (alias: string, free: number): string =>
        `${alias}: setStock(input: { sku: "${sku}", warehouseId: "${first.warehouse.id}", onHand: ${first.reserved + free} }) {
          product { stock inStock availability }
        }`;
      const { body } = await subgraph.query(
        `mutation { ${step('few', 9)} ${step('many', 10)} ${step('none', 0)} }`,
        { token: clerk },
      );
      assert.deepEqual(body.data, {
        few: { product: { stock: 9, inStock: true, availability: 'LOW_STOCK' } },
        many: { product: { stock: 10, inStock: true, availability: 'IN_STOCK' } },
        none: { product: { stock: 0, inStock: false, availability: 'OUT_OF_STOCK' } },
      });
    });

    const unknown: { what: string; input: { sku?: string; warehouseId?: string }; fields: string[] }[] = [
      { what: 'product', input: { sku: 'NOPE-0001' }, fields: ['sku'] },
      { what: 'warehouse', input: { warehouseId: 'MOON' }, fields: ['warehouseId'] },
      {
        what: 'product and warehouse',
        input: { sku: 'NOPE', warehouseId: 'MOON' },
        fields: ['sku', 'warehouseId'],
      },
    ];
    for (const { what, input, fields } of unknown) {
      test(`setting stock of an unknown ${what} is NOT_FOUND`, async () => {
        const earlier = await productBySku(skuAt(0));
        const payload = await count({ sku: skuAt(0), warehouseId: 'VIE', onHand: 5, ...input });
        assert.equal(payload.product, null);
        assert.deepEqual(await productBySku(skuAt(0)), earlier);
        assert.deepEqual(
          payload.userErrors.map(({ code, field }) => [code, field]),
          fields.map((field) => ['NOT_FOUND', ['input', field]]),
        );
      });
    }

    test('fewer pieces than are reserved is BELOW_RESERVED and changes nothing', async () => {
      const row = await rowWith('some', 60);
      const earlier = await productBySku(row.sku);
      const { product, userErrors } = await count({
        sku: row.sku,
        warehouseId: row.warehouse.id,
        onHand: row.reserved - 1,
      });
      assert.equal(product, null);
      assert.deepEqual(
        userErrors.map(({ code, field }) => [code, field]),
        [['BELOW_RESERVED', ['input', 'onHand']]],
      );
      assert.deepEqual(await productBySku(row.sku), earlier);
    });

    for (const onHand of [-1, 1_000_001]) {
      test(`a count of ${onHand} is refused`, async () => {
        const { body } = await subgraph.query(setStock, {
          variables: { input: { sku: skuAt(0), warehouseId: 'VIE', onHand } },
          token: clerk,
        });
        assert.equal(codeOf(body), 'BAD_USER_INPUT');
      });
    }

    test('counts at the same time leave one of them, whole', async () => {
      const row = await rowWith('some', 80);
      const counts = Array.from({ length: 12 }, (_, index) => row.reserved + index);
      const payloads = await Promise.all(
        counts.map((onHand) => count({ sku: row.sku, warehouseId: row.warehouse.id, onHand })),
      );
      assert.ok(payloads.every(({ userErrors }) => userErrors.length === 0));
      const now = rowOf(await productBySku(row.sku), row);
      assert.ok(now && counts.includes(now.onHand));
      assert.equal(now.reserved, row.reserved);
    });

    test('a count waits for an order that reserves meanwhile, and is held against it', async () => {
      const row = await rowWith('none', 100);
      const { sku, warehouse, onHand } = row;
      // Wrapped, because a promise given back by the transaction would be awaited within it.
      const { counting } = await db.transaction().execute(async (reserving) => {
        await reserving
          .updateTable('stock')
          .set({ reserved: onHand })
          .where('sku', '=', sku)
          .where('warehouse_id', '=', warehouse.id)
          .execute();
        const counting = count({ sku, warehouseId: warehouse.id, onHand: onHand - 1 });
        // The embedded database lets nobody else in until the transaction ends, so there nobody waits for a lock.
        if (engine.name === 'PostgreSQL') await untilSomebodyWaits(reserving);
        return { counting };
      });
      const { userErrors } = await counting;
      assert.deepEqual(
        userErrors.map(({ code }) => code),
        ['BELOW_RESERVED'],
      );
      assert.deepEqual(rowOf(await productBySku(sku), row), { warehouse, onHand, reserved: onHand });
    });
  });
}

async function untilSomebodyWaits(db: Kysely<InventoryTables>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (Date.now() < deadline) {
    const { rows } = await sql`select 1 from pg_locks where not granted`.execute(db);
    if (rows.length > 0) return;
  }
  assert.fail('Nobody waited for the lock.');
}
