// Owns how reviews are read: one statement a table for everything a request asks for in one go.
import DataLoader from 'dataloader';
import { type Kysely, sql } from 'kysely';
import { connectionLoader } from '../kit/connection.ts';
import type { SubgraphContext } from '../kit/define-subgraph.ts';
import { rowLoader } from '../kit/loaders.ts';
import type { ReviewsTables } from './database.ts';
import { reviewConditions, reviewOrders } from './review-list.ts';

export type Loaders = ReturnType<typeof loaders>;
export type Context = SubgraphContext<ReviewsTables, Loaders>;

interface Rating {
  /** From 1 to 5, to one decimal. */
  average: number;
  count: number;
}

export function loaders(db: Kysely<ReviewsTables>) {
  const ofProduct = <Sort extends keyof typeof reviewOrders>(sort: Sort) =>
    connectionLoader(db, {
      table: 'reviews',
      by: 'product_id',
      order: reviewOrders[sort],
      where: reviewConditions,
    });
  return {
    reviews: rowLoader(db, 'reviews', ['id']),
    ratings: ratingLoader(db),
    ofProduct: {
      NEWEST: ofProduct('NEWEST'),
      MOST_HELPFUL: ofProduct('MOST_HELPFUL'),
      BEST_RATING: ofProduct('BEST_RATING'),
      WORST_RATING: ofProduct('WORST_RATING'),
    },
    ofAuthor: connectionLoader(db, { table: 'reviews', by: 'author_id', order: reviewOrders.NEWEST }),
  };
}

/** A product's stars; null while there are no reviews. */
function ratingLoader(db: Kysely<ReviewsTables>): DataLoader<string, Rating | null> {
  return new DataLoader(async (productIds) => {
    const rows = await db
      .selectFrom('reviews')
      .select(({ fn }) => [
        'product_id',
        sql<number>`round(avg(rating), 1)`.as('average'),
        fn.countAll<number>().as('count'),
      ])
      .where(sql<boolean>`product_id = any(${productIds})`)
      .groupBy('product_id')
      .execute();
    const found = new Map(rows.map(({ product_id, average, count }) => [product_id, { average, count }]));
    return productIds.map((id) => found.get(id) ?? null);
  });
}
