// A shop: entities with several keys, what one subgraph requires of others, values handed along, mutations in series.
import { type Data, find, type Row, type World } from '../graph/world.ts';

const subgraphs = {
  catalog: `
    type Query {
      product(id: ID!): Product
      products(first: Int = 3, category: Category): [Product!]!
      bySku(sku: String!, brand: String! = "acme"): Product
      featured: [Product]
    }
    type Mutation {
      rename(id: ID!, title: String!): Product
      reprice(changes: [Price!]!): [Product!]!
    }
    input Price { id: ID! cents: Int! }
    type Product @key(fields: "id") @key(fields: "sku brand { code }") {
      id: ID!
      sku: String!
      brand: Brand!
      title: String!
      price(currency: Currency = EUR): Int!
      weight: Int
      size: Size!
      category: Category
      similar(first: Int): [Product!]
      variants: [[Variant!]]
    }
    type Brand @shareable { code: String! name: String }
    type Size @shareable { width: Int! height: Int! unit(system: System = METRIC): String! }
    type Variant @key(fields: "id") { id: ID! label: String product: Product! }
    enum Category { BOOKS TOYS GARDEN }
    enum Currency { EUR USD }
    enum System { METRIC IMPERIAL }
  `,
  shipping: `
    type Product @key(fields: "id") {
      id: ID!
      weight: Int @external
      size: Size! @external
      price(currency: Currency = EUR): Int! @external
      estimate(express: Boolean = false): Int @requires(fields: "weight size { width height }")
      dollarFee: Int @requires(fields: "price(currency: USD)")
      euroFee: Int! @requires(fields: "price(currency: EUR)")
      parcels: [Parcel!] @requires(fields: "weight")
      rating: Float @external
      priority: Int @requires(fields: "rating weight")
    }
    type Parcel { grams: Int size: Size }
    type Size @shareable { width: Int! height: Int! unit(system: System = METRIC): String! }
    enum System { METRIC IMPERIAL }
    enum Currency { EUR USD }
  `,
  tax: `
    type Product @key(fields: "sku brand { code }") {
      sku: String!
      brand: Brand!
      euroFee: Int! @external
      tax: Int @requires(fields: "euroFee")
      estimate(express: Boolean = false): Int @external
      surcharge: Int @requires(fields: "estimate(express: true)")
      discount: Int @requires(fields: "estimate")
    }
    type Brand @shareable { code: String! name: String }
  `,
  reviews: `
    type Query { review(id: ID!): Review reviews(with: Filter = { stars: [4, 5] }): [Review] }
    type Mutation { addReview(input: NewReview!): Review! }
    input Filter { stars: [Int!] by: ID text: Text }
    input Text { contains: String = "o" not: String }
    input NewReview { product: ID! stars: Int! = 5 body: String tags: [String] = ["new"] }
    type Product @key(fields: "id") {
      id: ID!
      reviews(first: Int = 2, with: Filter): [Review!]!
      rating: Float
    }
    type Review @key(fields: "id") {
      id: ID!
      body: String
      stars: Int!
      tags: [String]
      at: Instant!
      author: User @provides(fields: "name address { city }")
      writer: User
      product: Product!
    }
    type User @key(fields: "id") { id: ID! name: String @external address: Address @external reviews: [Review!]! }
    type Address { city: String @external }
    scalar Instant
  `,
  accounts: `
    type Query { me: User users(ids: [ID]): [User]! userBy(email: String!): User }
    type User @key(fields: "id") @key(fields: "email") {
      id: ID!
      email: String!
      name: String @shareable
      address: Address @shareable
      friends: [User!]!
    }
    type Address { street: String city: String @shareable }
  `,
  loyalty: `
    type User @key(fields: "email") {
      email: String!
      points: Int!
      wished: [Product]
      greeting(polite: Boolean! = true): String @requires(fields: "name")
      name: String @external
    }
    type Product @key(fields: "id", resolvable: false) { id: ID! }
  `,
};

function createData(): Data {
  const brands = [
    { code: 'acme', name: 'Acme' },
    { code: 'zeta', name: null },
  ];
  const product = (id: string, brand: number, more: Row): Row => ({
    __typename: 'Product',
    id,
    sku: `s${Number(id.slice(1)) % 2}`,
    brand: brands[brand],
    size: { width: Number(id.slice(1)) * 10, height: 7 },
    ...more,
  });
  const products = [
    product('p1', 0, { title: 'Spade', cents: 1000, weight: 300, category: 'GARDEN' }),
    product('p2', 0, { title: 'Kite', cents: 2500, weight: null, category: 'TOYS' }),
    product('p3', 1, { title: 'Atlas "world" \u{1F30D}', cents: 990, weight: 1200, category: 'BOOKS' }),
    product('p4', 1, { title: '', cents: 1, weight: 0, category: null }),
  ];
  const [spade, kite, atlas, nothing] = products;
  const similar: [Row | undefined, unknown][] = [
    [spade, [kite, atlas]],
    [kite, null],
    [atlas, [atlas]],
    [nothing, []],
  ];
  for (const [row, rows] of similar) if (row) row['similar'] = rows;
  const variants = ['v1', 'v2', 'v3'].map((id, index) => ({
    __typename: 'Variant',
    id,
    label: index === 1 ? null : `variant ${id}`,
    product: products[index],
  }));
  if (spade) spade['variants'] = [[variants[0], variants[1]], null, []];
  if (kite) kite['variants'] = null;
  if (atlas) atlas['variants'] = [[variants[2]], [variants[2]]];
  const users = ['u1', 'u2', 'u3'].map((id, index) => ({
    __typename: 'User',
    id,
    email: `${id}@example.test`,
    name: ['Ada', null, 'Åsa'][index],
    address: index === 1 ? null : { street: `Street ${index}`, city: index === 2 ? null : 'Umeå' },
    points: index * 10,
    wished: [[products[0], null, products[0]], null, [products[3], products[1]]][index],
    friends: [] as Row[],
  }));
  for (const user of users) user.friends = users.filter((other) => other !== user);
  const reviews = Array.from({ length: 6 }, (_, index) => ({
    __typename: 'Review',
    id: `r${index + 1}`,
    body: index % 3 === 2 ? null : `so ${index} good`,
    stars: 1 + (index % 5),
    tags: index === 0 ? null : ['a', null],
    at: `2026-01-0${index + 1}`,
    writer: index === 4 ? null : users[index % 3],
    product: products[index % 3],
  }));
  return { Product: products, Variant: variants, User: users, Review: reviews };
}

const rate = (product: Row, { Review: reviews = [] }: Data): number | null => {
  const stars = reviews.filter((review) => review['product'] === product).map((review) => review['stars']);
  return stars.length === 0
    ? null
    : stars.reduce((sum: number, each) => sum + Number(each), 0) / stars.length;
};
const priceIn = (product: Row, currency: unknown): number =>
  currency === 'USD' ? Number(product['cents']) * 2 : Number(product['cents']);
const estimate = (product: Row, express: unknown): number | null => {
  const { weight, size } = product as { weight: number | null; size: { width: number; height: number } };
  return weight === null ? null : (weight + size.width * size.height) * (express ? 3 : 1);
};
const parcels = ({ weight }: Row): unknown =>
  weight === null
    ? null
    : [
        { grams: weight, size: { width: 1, height: 1 } },
        { grams: null, size: null },
      ];
const half = (value: unknown): number | null => (value === null ? null : Math.floor(Number(value) / 2));
const third = (value: unknown): number | null => (value === null ? null : Math.floor(Number(value) / 3));
const priority = (rating: unknown, weight: unknown): number | null =>
  rating === null || weight === null ? null : Math.floor(Number(rating) * 100) + Number(weight);
const greet = (name: unknown, polite: unknown): string => `${polite ? 'Dear' : 'Hey'} ${name ?? 'you'}`;

function reviewsOf(rows: Row[], filter: unknown): Row[] {
  const { stars, by, text } = (filter ?? {}) as { stars?: number[]; by?: string; text?: Row };
  return rows.filter(
    (row) =>
      (stars === undefined || stars === null || stars.includes(Number(row['stars']))) &&
      (by === undefined || by === null || (row['writer'] as Row | null)?.['id'] === by) &&
      (typeof text?.['contains'] !== 'string' || String(row['body']).includes(text['contains'])) &&
      (typeof text?.['not'] !== 'string' || !String(row['body']).includes(text['not'])),
  );
}

export const shop: World = {
  name: 'shop',
  subgraphs,
  createData,
  resolvers: {
    Query: {
      product: (_, { id }, data) => find(data, 'Product', { id }),
      products: (_, { first, category }, { Product: rows = [] }) =>
        rows
          .filter((row) => (category ?? null) === null || row['category'] === category)
          .slice(0, first ?? 9),
      bySku: (_, { sku, brand }, { Product: rows = [] }) =>
        rows.find((row) => row['sku'] === sku && (row['brand'] as Row)['code'] === brand) ?? null,
      featured: (_, __, { Product: rows = [] }) => [rows[2], null, rows[0], rows[2]],
      review: (_, { id }, data) => find(data, 'Review', { id }),
      reviews: (_, args, { Review: rows = [] }) => reviewsOf(rows, args['with']),
      me: (_, __, { User: rows = [] }) => rows[0],
      users: (_, { ids }, data) =>
        ids === undefined || ids === null
          ? data['User']
          : (ids as string[]).map((id) => find(data, 'User', { id })),
      userBy: (_, { email }, data) => find(data, 'User', { email }),
    },
    Mutation: {
      rename(_, { id, title }, data) {
        const product = find(data, 'Product', { id });
        if (product) product['title'] = `${product['title']}, now ${title}`;
        return product;
      },
      reprice: (_, { changes }, data) =>
        (changes as unknown as { id: string; cents: number }[]).flatMap(({ id, cents }) => {
          const product = find(data, 'Product', { id });
          if (product) product['cents'] = cents;
          return product ?? [];
        }),
      addReview(_, { input }, data) {
        const { product, ...rest } = input as unknown as { product: string; stars: number };
        const rows = data['Review'] ?? [];
        const row = {
          __typename: 'Review',
          id: `r${rows.length + 1}`,
          body: null,
          tags: null,
          at: '2026-02-02',
          writer: data['User']?.[1],
          product: find(data, 'Product', { id: product }) ?? data['Product']?.[0],
          ...rest,
        };
        rows.push(row);
        return row;
      },
    },
    Product: {
      price: (row, { currency }) => priceIn(row, currency),
      similar: (row, { first }) => (row['similar'] as Row[] | null)?.slice(0, first ?? 9),
      estimate: (row, { express }) => estimate(row, express),
      dollarFee: (row) => half(priceIn(row, 'USD')),
      euroFee: (row) => half(priceIn(row, 'EUR')),
      parcels: (row) => parcels(row),
      priority: (row, _, data) => priority(rate(row, data), row['weight']),
      tax: (row) => third(half(priceIn(row, 'EUR'))),
      surcharge: (row) => third(estimate(row, true)),
      discount: (row) => half(estimate(row, false)),
      reviews: (row, args, { Review: rows = [] }) =>
        reviewsOf(
          rows.filter((review) => review['product'] === row),
          args['with'],
        ).slice(0, args['first'] ?? 9),
      rating: (row, _, data) => rate(row, data),
    },
    Size: { unit: (_, { system }) => (system === 'IMPERIAL' ? 'in' : 'cm') },
    Review: { author: (row) => row['writer'] },
    User: {
      reviews: (row, _, { Review: rows = [] }) => rows.filter((review) => review['writer'] === row),
      greeting: (row, { polite }) => greet(row['name'], polite),
    },
  },
  required: {
    shipping: {
      Product: {
        estimate: (sent, { express }) => estimate(sent, express),
        dollarFee: (sent) => half(sent['price']),
        euroFee: (sent) => half(sent['price']),
        parcels: (sent) => parcels(sent),
        priority: (sent) => priority(sent['rating'], sent['weight']),
      },
    },
    tax: {
      Product: {
        tax: (sent) => third(sent['euroFee']),
        surcharge: (sent) => third(sent['estimate']),
        discount: (sent) => half(sent['estimate']),
      },
    },
    loyalty: { User: { greeting: (sent, { polite }) => greet(sent['name'], polite) } },
  },
  literals: {
    'Query.product.id': ['"p1"', '"p2"', '"p3"', '"p4"', '"none"'],
    'Query.bySku.sku': ['"s0"', '"s1"'],
    'Query.bySku.brand': ['"acme"', '"zeta"'],
    'Query.review.id': ['"r1"', '"r2"', '"r5"', '"none"'],
    'Query.users.ids': ['["u1", "none", "u1"]', '["u3"]', '[]', '[null, "u2"]'],
    'Query.userBy.email': ['"u1@example.test"', '"u3@example.test"', '"none"'],
    'Mutation.rename.id': ['"p1"', '"p3"', '"none"'],
    'Price.id': ['"p1"', '"p2"', '"p4"'],
    'NewReview.product': ['"p1"', '"p2"', '"p4"'],
    'Filter.by': ['"u1"', '"u2"'],
    Int: ['1', '2', '3', '0'],
    String: ['"o"', '"say \\"hi\\" \\\\ \u{1F600}"', '"""block\n  "quoted" text"""', '""'],
  },
};
