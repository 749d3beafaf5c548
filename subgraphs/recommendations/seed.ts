// Fills the recommendations with rankings made from the demo orders and assortment.
import type { Kysely } from 'kysely';
import { demoOrders } from '../kit/demo/orders.ts';
import { demoCategories, demoProducts } from '../kit/demo/products.ts';
import { insertRows } from '../kit/insert-rows.ts';
import type { RecommendationsTables } from './database.ts';
import { recommendationsOf, relationsOf, soldPieces } from './demo-rankings.ts';

const relatedCount = 24;
const recommendedCount = 50;

export async function seed(db: Kysely<RecommendationsTables>): Promise<void> {
  const products = demoProducts();
  const categories = demoCategories();
  const orders = demoOrders().filter(({ status }) => status !== 'CANCELLED');
  const relations = relationsOf({ products, categories, orders }, relatedCount);
  await insertRows(
    db,
    'product_relations',
    [...relations].flatMap(([product_id, ranking]) =>
      ranking.map(({ id, score }, index) => ({ product_id, rank: index + 1, related_id: id, score })),
    ),
  );
  await insertRows(
    db,
    'user_recommendations',
    [...recommendationsOf({ orders, relations }, recommendedCount)].flatMap(([user_id, ranking]) =>
      ranking.map(({ id, score }, index) => ({ user_id, rank: index + 1, product_id: id, score })),
    ),
  );
  const sold = soldPieces(orders);
  const parentOf = new Map(categories.map(({ id, parentId }) => [id, parentId]));
  await insertRows(
    db,
    'popularity',
    products.map(({ id, categoryId }) => ({
      product_id: id,
      category_id: categoryId,
      parent_category_id: parentOf.get(categoryId) ?? null,
      sold: sold.get(id) ?? 0,
    })),
  );
}
