// Owns the shape of the recommendations' tables; migrations/ makes them.

/** One place in the ranking of what goes with a product. */
interface ProductRelationRow {
  product_id: string;
  /** From 1, the closest, to 24. */
  rank: number;
  related_id: string;
  /** What the ranking was made of; comparable within one product only. */
  score: number;
}

/** One place in the ranking made for one person. */
interface UserRecommendationRow {
  user_id: string;
  /** From 1, the best, to 50. */
  rank: number;
  product_id: string;
  /** What the ranking was made of; comparable within one person only. */
  score: number;
}

/** How well a product sells: this domain's own copy, so that it need ask neither orders nor catalog. */
interface PopularityRow {
  product_id: string;
  category_id: string;
  /** The category above; null when there is none. */
  parent_category_id: string | null;
  /** Pieces. */
  sold: number;
}

export interface RecommendationsTables {
  product_relations: ProductRelationRow;
  user_recommendations: UserRecommendationRow;
  popularity: PopularityRow;
}
