// Owns the heavy query's answer, by hand: six fetches in four steps, each product and each person asked for once.
import { cardFields, personFields, reviewsFields, stockQuery } from './queries.ts';
import type { Ask } from './subgraphs.ts';

interface Money {
  amount: number;
  currency: string;
}

interface Card {
  id: string;
  sku: string;
  name: string;
  brand: string;
  price: Money;
  weightGrams: number;
}

interface Stock {
  inStock: boolean | null;
  availability: string | null;
  stock: number | null;
  /** Only where it was asked. */
  shippingEstimate?: Money | null;
}

interface Person {
  id: string;
  displayName: string;
  avatarUrl: string | null;
}

interface Opinion {
  id: string;
  rating: number;
  title: string;
  product?: Reviewed | null;
  author?: Author | null;
}

type Opinions = { edges: { node: Opinion }[] } | null;

/** As the reviews know it: by id, with what was written about it. */
interface Reviewed {
  id: string;
  reviews?: Opinions;
}

interface Author {
  id: string;
  displayName: string;
  reviews?: Opinions;
}

interface Found {
  cards: Map<string, Card>;
  /** By the product's id. */
  stocks: Map<string, Stock>;
  avatars: Map<string, string | null>;
}

const userId = 'user-024';
const unknownStock: Stock = { inStock: null, availability: null, stock: null };

export async function answerHeavy(ask: Ask, authorization: string | undefined): Promise<object> {
  const [{ user }, { category }] = await Promise.all([
    ask<{ user: Person | null }>(
      'accounts',
      `query ($id: ID!) { user(id: $id) { ${personFields} } }`,
      { id: userId },
      authorization,
    ),
    ask<{ category: { products: { edges: { node: Card }[] } } | null }>(
      'catalog',
      `{ category(slug: "tableware") { products(first: 5) { edges { node { ${cardFields} } } } } }`,
      {},
      authorization,
    ),
  ]);
  const shelf = category?.products.edges.map(({ node }) => node) ?? [];

  const written = await ask<{ users: (Author | null)[]; products: (Reviewed | null)[] }>(
    'reviews',
    reviewsFields,
    {
      users: user === null ? [] : [{ __typename: 'User', id: user.id }],
      products: shelf.map(({ id }) => ({ __typename: 'Product', id })),
    },
    authorization,
  );

  const found: Found = {
    cards: new Map(shelf.map((card) => [card.id, card])),
    stocks: new Map(),
    avatars: new Map(),
  };
  const missingCards = new Set<string>();
  const authors = new Set<string>();
  const look = (opinions: Opinions | undefined): void => {
    for (const { node } of opinions?.edges ?? []) {
      if (node.product) {
        if (!found.cards.has(node.product.id)) missingCards.add(node.product.id);
        look(node.product.reviews);
      }
      if (node.author) {
        authors.add(node.author.id);
        look(node.author.reviews);
      }
    }
  };
  for (const one of [...written.users, ...written.products]) look(one?.reviews);

  await Promise.all([
    addAvatars(ask, found, [...authors], authorization),
    addCards(ask, found, shelf, [...missingCards], authorization),
  ]);

  return {
    user: user && { ...user, reviews: opinionsOf(written.users[0]?.reviews, found) },
    category: category && {
      products: {
        edges: shelf.map((card, index) => ({
          node: productOf({ id: card.id, reviews: written.products[index]?.reviews ?? null }, found, true),
        })),
      },
    },
  };
}

async function addAvatars(
  ask: Ask,
  { avatars }: Found,
  ids: string[],
  authorization: string | undefined,
): Promise<void> {
  const { _entities } = await ask<{ _entities: ({ avatarUrl: string | null } | null)[] }>(
    'accounts',
    'query ($ids: [_Any!]!) { _entities(representations: $ids) { ... on User { avatarUrl } } }',
    { ids: ids.map((id) => ({ __typename: 'User', id })) },
    authorization,
  );
  for (const [index, id] of ids.entries()) avatars.set(id, _entities[index]?.avatarUrl ?? null);
}

/** The catalog's half of what is missing, then the stock of all. */
async function addCards(
  ask: Ask,
  { cards, stocks }: Found,
  shelf: Card[],
  ids: string[],
  authorization: string | undefined,
): Promise<void> {
  const { _entities } = await ask<{ _entities: (Card | null)[] }>(
    'catalog',
    `query ($ids: [_Any!]!) { _entities(representations: $ids) { ... on Product { ${cardFields} } } }`,
    { ids: ids.map((id) => ({ __typename: 'Product', id })) },
    authorization,
  );
  for (const card of _entities) if (card) cards.set(card.id, card);
  const onShelf = shelf.map(({ sku, weightGrams, price }) => ({
    __typename: 'Product',
    sku,
    weightGrams,
    price,
  }));
  const others = [...cards.values()].slice(shelf.length);
  const known = await ask<{ shelf: (Stock | null)[]; others: (Stock | null)[] }>(
    'inventory',
    stockQuery,
    { shelf: onShelf, others: others.map(({ sku }) => ({ __typename: 'Product', sku })) },
    authorization,
  );
  for (const [index, { id }] of shelf.entries()) stocks.set(id, known.shelf[index] ?? unknownStock);
  for (const [index, { id }] of others.entries()) stocks.set(id, known.others[index] ?? unknownStock);
}

function opinionsOf(opinions: Opinions | undefined, found: Found): object | null {
  if (!opinions) return null;
  return {
    edges: opinions.edges.map(({ node: { id, rating, title, product, author } }) => ({
      node: {
        id,
        rating,
        title,
        ...(product !== undefined && { product: product && productOf(product, found) }),
        ...(author !== undefined && { author: author && authorOf(author, found) }),
      },
    })),
  };
}

function productOf({ id, reviews }: Reviewed, found: Found, withDelivery = false): object | null {
  const card = found.cards.get(id);
  if (card === undefined) return null;
  const { sku, name, brand, price } = card;
  const { inStock, availability, stock, shippingEstimate = null } = found.stocks.get(id) ?? unknownStock;
  return {
    id,
    sku,
    name,
    brand,
    price,
    inStock,
    availability,
    stock,
    ...(withDelivery && { shippingEstimate }),
    ...(reviews !== undefined && { reviews: opinionsOf(reviews, found) }),
  };
}

function authorOf({ id, displayName, reviews }: Author, found: Found): object {
  return {
    id,
    displayName,
    avatarUrl: found.avatars.get(id) ?? null,
    ...(reviews !== undefined && { reviews: opinionsOf(reviews, found) }),
  };
}
