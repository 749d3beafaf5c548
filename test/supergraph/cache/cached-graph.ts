// Starts a small graph whose data tests can change, and writes down everything its subgraphs are asked.
import { compose } from '../../../supergraph/composition/compose.ts';
import type { CacheRules } from '../../../supergraph/declaration/cache-declaration.ts';
import { type BffDeclaration, defineBff } from '../../../supergraph/declaration/define-bff.ts';
import {
  type Asked,
  type Data,
  type Misbehaviour,
  startCaseSubgraph,
} from '../../federation/harness/case-subgraph.ts';
import { type RouterUnderTest, startTestRouter } from '../fixtures/router-under-test.ts';

export interface CachedGraph {
  supergraphSdl: string;
  /** In the order of their coming; tests may empty it. */
  asked: Asked[];
  products: Map<string, { name: string; price: number; category: string }>;
  misbehaving: Record<string, Misbehaviour>;
  /** Ids of the entities that a subgraph was asked for since the last call, in order. */
  entitiesAsked: (subgraph: string) => string[];
  stop: () => void;
}

const directives = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires", "@composeDirective", "@authenticated", "@shareable"])
    @link(url: "https://specs.tributary.dev/cache/v1.0", import: ["@cacheControl"]) @composeDirective(name: "@cacheControl")
  directive @cacheControl(maxAge: Int, scope: CacheControlScope) on FIELD_DEFINITION | OBJECT | INTERFACE | UNION
  enum CacheControlScope { PUBLIC PRIVATE }
`;

const catalog = `${directives}
  type Query {
    product(id: ID!): Product
    products(first: Int = 10): [Product!]!
    "Of two products and one that is gone."
    offers: [Product]
    failing: Product
  }
  type Mutation { rename(id: ID!, name: String!): Product }
  type Product @key(fields: "id") {
    id: ID!
    name: String!
    price(currency: String = "EUR"): Money!
    stock: Int @cacheControl(maxAge: 5)
    secret: String @cacheControl(scope: PRIVATE)
    category: Category!
  }
  type Money { amount: Int! currency: String! }
  type Category @key(fields: "id") { id: ID! title: String! }
`;

const reviews = `${directives}
  type Query { latest: [Review!]! wall(note: String): Wall review(id: ID!): Review }
  type Wall { title: String! top: Product }
  type Product @key(fields: "id") {
    id: ID!
    reviews: [Review!]!
    rating: Float
    mine(short: Boolean): String
  }
  type Review @key(fields: "id") { id: ID! text: String! of: Product! }
  type Category @key(fields: "id") { id: ID! best(note: String): Review }
`;

export async function startCachedGraph(): Promise<CachedGraph> {
  const products: CachedGraph['products'] = new Map(
    ['p1', 'p2', 'p3', 'p4'].map((id, index) => [
      id,
      { name: `Product ${id}`, price: 100 * index, category: 'c1' },
    ]),
  );
  const asked: Asked[] = [];
  const misbehaving: CachedGraph['misbehaving'] = {};
  const product = (id: string): Data | null => {
    const found = products.get(id);
    if (found === undefined) return null;
    const { name, price } = found;
    return {
      ...{ id, name, stock: price + 1, secret: `secret of ${id}` },
      category: { id: 'c1', title: 'Books' },
      amount: price,
    };
  };
  const viewerOf = (context: unknown) =>
    (context as { headers: Record<string, string> }).headers['authorization'] ?? 'nobody';
  const review = (id: string) => ({ id: `r-${id}`, text: `about ${id}`, of: { id } });
  const resolvers = {
    catalog: {
      Query: {
        product: (_: Data, { id }: Data) => product(String(id)),
        products: (_: Data, { first }: Data) => [...products.keys()].slice(0, Number(first)).map(product),
        offers: () => ['p1', 'gone', 'p2'].map(product),
        failing: () => {
          throw new Error('no');
        },
      },
      Mutation: {
        rename(_: Data, { id, name }: Data) {
          const found = products.get(String(id));
          if (found) found.name = String(name);
          return product(String(id));
        },
      },
      Product: {
        __resolveReference: ({ id }: Data) => product(String(id)),
        price: ({ amount }: Data, { currency }: Data) => ({ amount, currency }),
      },
      Category: { __resolveReference: ({ id }: Data) => ({ id, title: 'Books' }) },
    },
    reviews: {
      Query: {
        latest: () => ['p1', 'p2'].map(review),
        wall: () => ({ title: 'Wall', top: { id: 'p1' } }),
        review: (_: Data, { id }: Data) => review(String(id).replace('r-', '')),
      },
      Category: { __resolveReference: ({ id }: Data) => ({ id }), best: () => review('p2') },
      Product: {
        __resolveReference: ({ id }: Data) => (products.has(String(id)) ? { id } : null),
        reviews: ({ id }: Data) => [review(String(id))],
        rating: () => 4.5,
        mine: (_: Data, { short }: Data, context: unknown) => `${short ?? 'whole'} of ${viewerOf(context)}`,
      },
      Review: { __resolveReference: ({ id }: Data) => review(String(id).replace('r-', '')) },
    },
  };
  const started = await Promise.all(
    Object.entries({ catalog, reviews }).map(([name, sdl]) =>
      startCaseSubgraph(
        name,
        { sdl, resolvers: resolvers[name as 'catalog' | 'reviews'] },
        { write: (one) => asked.push(one), misbehaviour: () => misbehaving[name] },
      ),
    ),
  );
  const supergraphSdl = compose(started.map(({ schema }) => schema));
  return {
    ...{ supergraphSdl, asked, products, misbehaving },
    entitiesAsked(subgraph) {
      const ids = asked
        .filter((one) => one.subgraph === subgraph)
        .flatMap(({ variables }) => Object.values(variables).filter(Array.isArray).flat())
        .map((one) => String((one as Data)['id']));
      asked.splice(0);
      return ids;
    },
    stop() {
      for (const { stop } of started) stop();
    },
  };
}

export interface TestClock {
  now: () => number;
  after: (milliseconds: number, callback: () => void) => () => void;
  /** Milliseconds. */
  pass: (milliseconds: number) => void;
}

/** Stands still until it is told otherwise; what waits for it waits for ever. */
export function testClock(): TestClock {
  let passed = 0;
  const began = Date.now();
  return {
    now: () => began + passed,
    after: () => () => {},
    pass(milliseconds) {
      passed += milliseconds;
    },
  };
}

/** A router that keeps things by these rules. */
export async function startCachingRouter(
  graph: Pick<CachedGraph, 'supergraphSdl'>,
  cache: CacheRules,
  {
    bff,
    ...options
  }: { bff?: Partial<BffDeclaration> } & Omit<NonNullable<Parameters<typeof startTestRouter>[1]>, 'bff'> = {},
): Promise<RouterUnderTest> {
  return startTestRouter(graph.supergraphSdl, {
    ...options,
    bff: defineBff({ name: 'test', port: 0, responseCache: 'never', ...bff, cache }),
  });
}
