// Owns how rankings are made out of the demo orders: who buys alike, what lies side by side, what sells.
import type { DemoOrder } from '../kit/demo/orders.ts';
import type { DemoCategory, DemoProduct } from '../kit/demo/products.ts';

/** The best first. */
export type Ranking = { id: string; score: number }[];

/** What one signal adds to a score; in one order says more than by one person, and the shelf more than the price. */
const SAME_ORDER = 4;
const SAME_PERSON = 1;
const SAME_SHELF = 5;
const SAME_DEPARTMENT = 0.5;
const SIMILAR_PRICE = 0.9;

/** For each product the `most` others closest to it. */
export function relationsOf(
  {
    products,
    categories,
    orders,
  }: { products: DemoProduct[]; categories: DemoCategory[]; orders: DemoOrder[] },
  most: number,
): Map<string, Ranking> {
  const parentOf = new Map(categories.map(({ id, parentId }) => [id, parentId]));
  const boughtTogether = coPurchases(orders);
  return new Map(
    products.map((product) => {
      const together = boughtTogether.get(product.id);
      const others = products.filter(({ id }) => id !== product.id);
      const scored = others.map((other) => {
        const sameShelf = other.categoryId === product.categoryId;
        const sameDepartment = parentOf.get(other.categoryId) === parentOf.get(product.categoryId);
        const priceRatio = Math.min(other.price, product.price) / Math.max(other.price, product.price);
        const score =
          (together?.get(other.id) ?? 0) +
          (sameShelf ? SAME_SHELF : sameDepartment ? SAME_DEPARTMENT : 0) +
          priceRatio * SIMILAR_PRICE;
        return { id: other.id, score };
      });
      return [product.id, best(scored, most)];
    }),
  );
}

/** For each buyer the `most` products closest to what they bought, without what they have. */
export function recommendationsOf(
  { orders, relations }: { orders: DemoOrder[]; relations: Map<string, Ranking> },
  most: number,
): Map<string, Ranking> {
  return new Map(
    [...purchasesByPerson(orders)].map(([userId, bought]) => {
      const scores = new Map<string, number>();
      for (const productId of bought) {
        for (const { id, score } of relations.get(productId) ?? []) {
          if (!bought.has(id)) scores.set(id, (scores.get(id) ?? 0) + score);
        }
      }
      return [
        userId,
        best(
          [...scores].map(([id, score]) => ({ id, score })),
          most,
        ),
      ];
    }),
  );
}

/** Pieces sold by product; what was never sold is not in it. */
export function soldPieces(orders: DemoOrder[]): Map<string, number> {
  const sold = new Map<string, number>();
  for (const { productId, quantity } of orders.flatMap(({ lines }) => lines)) {
    sold.set(productId, (sold.get(productId) ?? 0) + quantity);
  }
  return sold;
}

/** By product: how strongly each other product was bought with it. */
function coPurchases(orders: DemoOrder[]): Map<string, Map<string, number>> {
  const weights = new Map<string, Map<string, number>>();
  const add = (productIds: Iterable<string>, weight: number) => {
    const ids = [...productIds];
    for (const one of ids) {
      const others = weights.get(one) ?? new Map<string, number>();
      weights.set(one, others);
      for (const other of ids) if (other !== one) others.set(other, (others.get(other) ?? 0) + weight);
    }
  };
  for (const bought of purchasesByPerson(orders).values()) add(bought, SAME_PERSON);
  for (const { lines } of orders) add(new Set(lines.map(({ productId }) => productId)), SAME_ORDER);
  return weights;
}

function purchasesByPerson(orders: DemoOrder[]): Map<string, Set<string>> {
  const purchases = new Map<string, Set<string>>();
  for (const { userId, lines } of orders) {
    const bought = purchases.get(userId) ?? new Set();
    purchases.set(userId, bought);
    for (const { productId } of lines) bought.add(productId);
  }
  return purchases;
}

/** Scores are rounded before they are compared, so that every machine ranks alike; equals go by id. */
function best(scored: Ranking, most: number): Ranking {
  return scored
    .map(({ id, score }) => ({ id, score: Math.round(score * 1000) / 1000 }))
    .sort((one, other) => other.score - one.score || (one.id < other.id ? -1 : 1))
    .slice(0, most);
}
