// Owns how rankings are read: one statement a table for everything a request asks for in one go.
import { type Kysely, sql } from 'kysely';
import type { RecommendationsTables } from './database.ts';
import { rankingLoader } from './ranking-loader.ts';

export type Loaders = ReturnType<typeof loaders>;

export function loaders(db: Kysely<RecommendationsTables>) {
  return {
    related: rankingLoader((owners, depth) =>
      db
        .selectFrom('product_relations')
        .select(['product_id as owner', 'related_id as product'])
        .where(sql<boolean>`product_id = any(${owners})`)
        .where('rank', '<=', depth)
        .orderBy('rank')
        .execute(),
    ),
    recommended: rankingLoader((owners, depth) =>
      db
        .selectFrom('user_recommendations')
        .select(['user_id as owner', 'product_id as product'])
        .where(sql<boolean>`user_id = any(${owners})`)
        .where('rank', '<=', depth)
        .orderBy('rank')
        .execute(),
    ),
  };
}
