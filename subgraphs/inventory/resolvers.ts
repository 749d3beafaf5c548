// Owns how the inventory's schema is answered from its rows.
import { GraphQLError } from 'graphql';
import type { Resolvers, SubgraphContext } from '../kit/define-subgraph.ts';
import { availabilityOf, piecesFree } from './availability.ts';
import type { InventoryTables, StockedProductRow, StockRow } from './database.ts';
import type { Loaders } from './loaders.ts';
import { type SetStockInput, setStock } from './set-stock.ts';
import { estimateShipping, type Money } from './shipping-estimate.ts';

type Context = SubgraphContext<InventoryTables, Loaders>;

/** What the router sends; weight and price only along with `shippingEstimate`. */
interface ProductRepresentation {
  sku: string;
  weightGrams?: number | null;
  price?: Money | null;
}

/** `stock` is there when a mutation has just read it. */
type Product = StockedProductRow & Omit<ProductRepresentation, 'sku'> & { stock?: StockRow[] };

export const resolvers: Resolvers<Context> = {
  Query: {
    warehouses: (_, __, { db }) => db.selectFrom('warehouses').selectAll().orderBy('id').limit(50).execute(),
  },

  Mutation: {
    setStock: (_, { input }: { input: SetStockInput }, context) => setStock(input, context),
  },

  Product: {
    __resolveReference: async (reference: ProductRepresentation, { loaders }) => {
      const row = await loaders.products.load({ sku: reference.sku });
      return row && { ...reference, ...row };
    },
    inStock: async (product: Product, _, { loaders }) => piecesFree(await stockOf(product, loaders)) > 0,
    availability: async (product: Product, _, { loaders }) =>
      availabilityOf(piecesFree(await stockOf(product, loaders)), product.expected_at),
    stock: async (product: Product, _, { loaders }) => piecesFree(await stockOf(product, loaders)),
    stockByWarehouse: (product: Product, _, { loaders }) => stockOf(product, loaders),
    shippingEstimate: async (
      { weightGrams, price }: Product,
      { country }: { country: string },
      { loaders },
    ) => {
      if (weightGrams == null || price == null) throw requirementMissing();
      return estimateShipping(await loaders.rates.load(country.toUpperCase()), { weightGrams, price });
    },
  },

  Warehouse: {
    __resolveReference: ({ id }: { id: string }, { loaders }) => loaders.warehouses.load({ id }),
  },

  WarehouseStock: {
    warehouse: (stock: StockRow, _, { loaders }) => loaders.warehouses.load({ id: stock.warehouse_id }),
    onHand: (stock: StockRow) => stock.on_hand,
  },
};

function stockOf({ sku, stock }: Product, loaders: Loaders): StockRow[] | Promise<StockRow[]> {
  return stock ?? loaders.stock.load(sku);
}

/** Null would say "not delivered there", which nobody knows without the weight. */
function requirementMissing(): GraphQLError {
  return new GraphQLError('shippingEstimate needs weightGrams and price, which the router sends along.', {
    extensions: { code: 'BAD_USER_INPUT' },
  });
}
