// Fills the catalog with 40 categories and 1,000 products of the demo world.
import type { Kysely } from 'kysely';
import { type DemoProduct, demoCategories, demoCurrency, demoProducts } from '../kit/demo/products.ts';
import { chanceOf } from '../kit/demo/random.ts';
import { insertRows } from '../kit/insert-rows.ts';
import type { CatalogTables, ProductImageRow } from './database.ts';

export async function seed(db: Kysely<CatalogTables>): Promise<void> {
  const categories = demoCategories();
  await insertRows(
    db,
    'categories',
    categories.map(({ id, slug, name, parentId }) => ({
      id,
      slug,
      name,
      parent_id: parentId,
      position: categories.filter((one) => one.parentId === parentId).findIndex((one) => one.id === id) + 1,
    })),
  );
  const products = demoProducts();
  const nameOf = new Map(categories.map(({ id, name }) => [id, name]));
  await insertRows(
    db,
    'products',
    products.map((product) => ({
      id: product.id,
      sku: product.sku,
      name: product.name,
      brand: product.brand,
      description: describe(product, nameOf.get(product.categoryId) ?? ''),
      category_id: product.categoryId,
      price: product.price,
      cost_price: Math.round(product.price * (0.45 + chanceOf('cost', product.id).next() * 0.2)),
      currency: demoCurrency,
      weight_grams: product.weightGrams,
      supplier_code: `SUP-${chanceOf('supplier', product.brand).whole(100, 999)}`,
      added_at: product.addedAt,
    })),
  );
  await insertRows(db, 'product_images', products.flatMap(imagesOf));
}

const materials = [
  'recycled aluminium',
  'solid beech',
  'organic cotton',
  'stainless steel',
  'natural rubber',
  'wool',
];
const promises = [
  'Made to be repaired: every part can be ordered singly.',
  'Tested for a year in a household of five.',
  'Comes in a box without plastic.',
  'Guaranteed for five years.',
];

function describe(product: DemoProduct, category: string): string {
  const chance = chanceOf('description', product.id);
  const opening = `A ${product.noun.toLowerCase()} by ${product.brand} with parts of ${chance.pick(materials)}.`;
  return `${opening} ${chance.pick(promises)}\n\nFrom our ${category.toLowerCase()} shelf.`;
}

function imagesOf(product: DemoProduct): Omit<ProductImageRow, 'id'>[] {
  const views = ['from the front', 'from the side', 'in use', 'in its box'];
  return views.slice(0, chanceOf('images', product.id).whole(1, views.length)).map((view, index) => ({
    product_id: product.id,
    position: index + 1,
    url: `https://images.example.com/${product.sku}/${index + 1}.jpg`,
    alt: `${product.name} ${view}`,
    width: 1600,
    height: 1200,
  }));
}
