// Owns how the catalog's schema is answered from its rows.

import { paginate } from '../kit/connection.ts';
import type { PageArguments } from '../kit/cursor.ts';
import type { Resolvers, SubgraphContext } from '../kit/define-subgraph.ts';
import type { CatalogTables, CategoryRow, ProductRow } from './database.ts';
import type { Loaders } from './loaders.ts';
import { type ProductFilter, type ProductSort, productConditions, productOrders } from './product-list.ts';
import { type SearchHit, search } from './search.ts';

type Context = SubgraphContext<CatalogTables, Loaders>;
/** The schema's default stands in for an argument left out, but not for null. */
type ListArguments = PageArguments & { filter?: ProductFilter | null; sort?: ProductSort | null };

/** What the router sends to have a cart priced. */
interface CartRepresentation {
  id: string;
  lines?: { quantity: number; product: { id: string } }[];
}

export const resolvers: Resolvers<Context> = {
  Query: {
    product: (_, { id }: { id: string }, { loaders }) => loaders.products.load({ id }),
    productBySku: (_, { sku }: { sku: string }, { loaders }) => loaders.products.load({ sku }),
    products: (_, args: ListArguments & { categoryId?: string | null }, { db, loaders }) => {
      const { categoryId, filter, sort, first, after } = args;
      if (categoryId != null) {
        return loaders.listings[sort ?? 'NEWEST'].load(categoryId, { first, after }, filter ?? {});
      }
      const query = db
        .selectFrom('products')
        .selectAll()
        .where((row) => row.and(productConditions(filter ?? {})));
      return paginate(query, { order: productOrders[sort ?? 'NEWEST'], first, after });
    },
    categories: (_, __, { db }) =>
      db.selectFrom('categories').selectAll().where('parent_id', 'is', null).orderBy('position').execute(),
    category: (_, { slug }: { slug: string }, { loaders }) => loaders.categories.load({ slug }),
    search: (_, args: { text: string } & PageArguments, { db }) => search(db, args),
  },

  Product: {
    __resolveReference: (reference: { id?: string; sku?: string }, { loaders }) =>
      loaders.products.load(reference),
    price: ({ price, currency }: ProductRow) => ({ amount: price, currency }),
    costPrice: ({ cost_price, currency }: ProductRow) => ({ amount: cost_price, currency }),
    weightGrams: (product: ProductRow) => product.weight_grams,
    supplierCode: (product: ProductRow) => product.supplier_code,
    addedAt: (product: ProductRow) => product.added_at,
    category: (product: ProductRow, _, { loaders }) => loaders.categories.load({ id: product.category_id }),
    images: (product: ProductRow, _, { loaders }) => loaders.images.load(product.id),
  },

  Category: {
    __resolveReference: (reference: { id?: string; slug?: string }, { loaders }) =>
      loaders.categories.load(reference),
    parent: (category: CategoryRow, _, { loaders }) => parentOf(category, loaders),
    children: (category: CategoryRow, _, { loaders }) => loaders.children.load(category.id),
    path: async (category: CategoryRow, _, { loaders }) => {
      const path = [category];
      for (let above = await parentOf(category, loaders); above; above = await parentOf(above, loaders)) {
        path.unshift(above);
      }
      return path;
    },
    products: (category: CategoryRow, { filter, sort, first, after }: ListArguments, { loaders }) =>
      loaders.listings[sort ?? 'NEWEST'].load(category.id, { first, after }, filter ?? {}),
  },

  SearchResult: {
    __resolveType: ({ slug }: Partial<CategoryRow>) => (slug === undefined ? 'Product' : 'Category'),
  },
  SearchResultEdge: {
    node: ({ node: { kind, id } }: { node: SearchHit }, _, { loaders }) =>
      kind === 'Product' ? loaders.products.load({ id }) : loaders.categories.load({ id }),
  },

  Cart: {
    __resolveReference: (cart: CartRepresentation) => cart,
    subtotal: async ({ lines = [] }: CartRepresentation, _, { loaders }) => {
      const costs = await Promise.all(
        lines.map(async ({ quantity, product }) => {
          const found = await loaders.products.load({ id: product.id });
          return found ? { amount: found.price * quantity, currency: found.currency } : null;
        }),
      );
      const priced = costs.filter((cost) => cost !== null);
      return {
        amount: priced.reduce((sum, { amount }) => sum + amount, 0),
        currency: priced[0]?.currency ?? 'EUR',
      };
    },
  },
};

function parentOf(category: CategoryRow, loaders: Loaders): Promise<CategoryRow | null> {
  return category.parent_id === null
    ? Promise.resolve(null)
    : loaders.categories.load({ id: category.parent_id });
}
