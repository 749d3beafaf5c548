// Owns which of this domain's data is about people, and what becomes of it when somebody leaves.
import { definePersonalData } from '../kit/personal-data/define-personal-data.ts';
import type { ReviewsTables } from './database.ts';

export const personalData = definePersonalData<ReviewsTables>({
  // All of it is public but the last, so nothing is sealed.
  reviews: {
    person: 'author_id',
    // Who wants the words themselves gone deletes them before leaving.
    onErasure: {
      keep: 'it is about a product, and others go by it',
      blank: { author_name: 'A former customer' },
    },
    personal: {
      product_id: 'what they reviewed',
      author_id: 'who wrote it',
      author_name: 'the name beside it',
      rating: 'how many stars they gave',
      title: 'what they think, in one line',
      body: 'what they think',
      verified_purchase: 'whether they bought it here',
      created_at: 'when they wrote it',
      edited_at: 'when they last changed it',
      suspicion: { what: 'how doubtful a model finds it', secret: true },
    },
    others: ['id', 'helpful_count'],
    entities: { Review: 'id', Product: 'product_id' },
  },
  review_votes: {
    person: 'user_id',
    // Without its row a vote would be counted again while the voter's last token lives.
    onErasure: { keep: 'it counts for the review, and once' },
    personal: { review_id: 'which review helped them', user_id: 'whom it helped' },
  },
  purchases: {
    person: 'user_id',
    onErasure: 'remove',
    personal: { user_id: 'who was sent it', product_id: 'what they were sent' },
  },
});
