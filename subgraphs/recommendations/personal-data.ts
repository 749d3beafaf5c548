// Owns which of this domain's data is about people, and what becomes of it when somebody leaves.
import { definePersonalData } from '../kit/personal-data/define-personal-data.ts';
import type { RecommendationsTables } from './database.ts';

export const personalData = definePersonalData<RecommendationsTables>({
  user_recommendations: {
    person: 'user_id',
    onErasure: 'remove',
    personal: {
      user_id: 'for whom',
      rank: 'how well it suits them, from 1',
      product_id: 'what may suit them',
      score: 'how strongly what they bought speaks for it',
    },
  },
  product_relations: { others: ['product_id', 'rank', 'related_id', 'score'] },
  popularity: { others: ['product_id', 'category_id', 'parent_category_id', 'sold'] },
});
