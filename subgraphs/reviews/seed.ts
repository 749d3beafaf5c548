// Fills the reviews with 10,000 opinions of the demo people, most of them on what they bought in the demo orders.
import type { Kysely } from 'kysely';
import { demoOrders } from '../kit/demo/orders.ts';
import { demoPeople, demoPeopleCount, personId } from '../kit/demo/people.ts';
import { type DemoProduct, demoProducts } from '../kit/demo/products.ts';
import { type Chance, chanceOf } from '../kit/demo/random.ts';
import { daysAfter, daysBefore, demoEnd } from '../kit/demo/time.ts';
import { insertRows } from '../kit/insert-rows.ts';
import type { PurchaseRow, ReviewsTables, ReviewVoteRow } from './database.ts';
import { opinionOf } from './demo-opinions.ts';

const reviewCount = 10_000;
/** Of the purchases that somebody wrote about. */
const reviewedShare = 0.85;
/** Products nobody has said anything about yet. */
const silentShare = 0.02;

interface Purchase extends PurchaseRow {
  deliveredAt: Date;
}

/** Who writes about what, and when. */
interface Occasion {
  userId: string;
  product: DemoProduct;
  verified: boolean;
  createdAt: Date;
}

export async function seed(db: Kysely<ReviewsTables>): Promise<void> {
  const purchases = demoPurchases();
  const occasions = occasionsAfter(purchases);
  const nameOf = new Map(demoPeople().map(({ id, displayName }) => [id, displayName]));
  const reviews = occasions.map((occasion, index) => {
    const { userId, product, verified, createdAt } = occasion;
    const chance = chanceOf('review', product.id, userId);
    const rating = ratingOf(product, chance);
    const id = `review-${String(index + 1).padStart(5, '0')}`;
    const votes = votesFor(id, userId);
    return {
      votes,
      row: {
        id,
        product_id: product.id,
        author_id: userId,
        author_name: nameOf.get(userId) ?? 'Customer',
        rating,
        ...opinionOf({ rating, noun: product.noun, chance }),
        verified_purchase: verified,
        helpful_count: votes.length,
        suspicion: Math.round((verified ? 0.3 : 1) * chance.next() ** 4 * 1000) / 1000,
        created_at: createdAt,
        edited_at: chance.happens(0.04) ? withinDemo(daysAfter(createdAt, chance.next() * 20)) : null,
      },
    };
  });
  await insertRows(
    db,
    'purchases',
    purchases.map(({ user_id, product_id }) => ({ user_id, product_id })),
  );
  await insertRows(
    db,
    'reviews',
    reviews.map(({ row }) => row),
  );
  await insertRows(
    db,
    'review_votes',
    reviews.flatMap(({ votes }) => votes),
  );
}

/** Each pair of person and product once, at its first delivery. */
function demoPurchases(): Purchase[] {
  const pairs = new Map<string, Purchase>();
  for (const { userId, deliveredAt, lines } of demoOrders()) {
    if (deliveredAt === null) continue;
    for (const { productId } of lines) {
      const pair = `${userId} ${productId}`;
      if (!pairs.has(pair)) pairs.set(pair, { user_id: userId, product_id: productId, deliveredAt });
    }
  }
  return [...pairs.values()];
}

/** The oldest first, so that review-00001 is the oldest. */
function occasionsAfter(purchases: Purchase[]): Occasion[] {
  const products = demoProducts().filter(({ id }) => !chanceOf('silent', id).happens(silentShare));
  const productOf = new Map(products.map((product) => [product.id, product]));
  const bought = new Set(purchases.map(({ user_id, product_id }) => `${user_id} ${product_id}`));
  const occasions = purchases.flatMap(({ user_id, product_id, deliveredAt }): Occasion[] => {
    const product = productOf.get(product_id);
    const chance = chanceOf('opinion', user_id, product_id);
    if (!product || !chance.happens(reviewedShare)) return [];
    const createdAt = withinDemo(daysAfter(deliveredAt, 1 + chance.next() * 40));
    if (createdAt === null) return [];
    return [{ userId: user_id, product, verified: true, createdAt }];
  });

  // Others got theirs elsewhere; some products are talked about far more than most.
  const taken = new Set<string>();
  const chance = chanceOf('opinions of others');
  while (occasions.length < reviewCount) {
    const product = products[Math.floor(products.length * chance.next() ** 2.5)];
    const userId = personId(chance.whole(1, demoPeopleCount));
    const createdAt = daysBefore(demoEnd, chance.next() * 540);
    const pair = `${userId} ${product?.id}`;
    if (!product || bought.has(pair) || taken.has(pair)) continue;
    taken.add(pair);
    occasions.push({ userId, product, verified: false, createdAt });
  }
  return occasions.sort((one, other) => one.createdAt.getTime() - other.createdAt.getTime());
}

/** Most products are good; one in ten is not, and tastes differ. */
function ratingOf(product: DemoProduct, chance: Chance): number {
  const quality = chanceOf('quality', product.id);
  const usual = quality.happens(0.1) ? 2.6 : 3.9 + quality.next() * 0.8;
  const taste = (chance.next() + chance.next() + chance.next() - 1.5) * 2;
  const mishap = chance.happens(0.05) ? -2.5 : 0;
  return Math.min(5, Math.max(1, Math.round(usual + taste + mishap)));
}

/** Half of the reviews helped nobody; nobody votes for their own. */
function votesFor(reviewId: string, authorId: string): ReviewVoteRow[] {
  const chance = chanceOf('votes', reviewId);
  const voters = new Set<string>();
  const wanted = chance.happens(0.5) ? 0 : 1 + Math.floor(chance.next() ** 3 * 18);
  while (voters.size < wanted) {
    const voter = personId(chance.whole(1, demoPeopleCount));
    if (voter !== authorId) voters.add(voter);
  }
  return [...voters].map((voter) => ({ review_id: reviewId, user_id: voter }));
}

/** Null is a day the demo world has not come to. */
function withinDemo(moment: Date): Date | null {
  return moment <= demoEnd ? moment : null;
}
