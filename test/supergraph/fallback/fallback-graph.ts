// Starts a small graph in which everything can fail, for tests of what stands in.
import { GraphQLError } from 'graphql';
import {
  critical,
  type Fallbacks,
  field,
  lastKnown,
  omit,
  value,
} from '../../../supergraph/declaration/fallback-words.ts';
import { type ScriptedGraph, startScriptedGraph } from '../../failure/support/scripted-subgraph.ts';
import type { CaseSubgraph, Data, FieldResolver, Resolvers } from '../../federation/harness/case-subgraph.ts';

const names: Record<string, string> = { p1: 'Chair', p2: 'Table', p3: 'Lamp' };
const product = (id: string): Data => ({ id, name: names[id] ?? id, price: 10 });
const review = (id: string): Data => ({ id, text: `about ${id}`, author: { id: id === 'r2' ? 'u2' : 'u1' } });

export interface FallbackGraph extends ScriptedGraph {
  /** Coordinates whose resolvers throw, and the codes of what they throw; `INTERNAL_SERVER_ERROR` for what has none. */
  failing: Map<string, string>;
}

export async function startFallbackGraph(): Promise<FallbackGraph> {
  const failing = new Map<string, string>();
  const graph = await startScriptedGraph(withFailures(parts, failing));
  return { ...graph, failing };
}

/** The same subgraphs, whose fields fail where they are told to. */
function withFailures(
  subgraphs: Record<string, CaseSubgraph>,
  failing: ReadonlyMap<string, string>,
): Record<string, CaseSubgraph> {
  const guarded = (coordinate: string, resolver: FieldResolver): FieldResolver =>
    function resolve(source, given, context, info) {
      const code = failing.get(coordinate);
      if (code === undefined) return resolver(source, given, context, info);
      throw new GraphQLError('no', { extensions: { code } });
    };
  return Object.fromEntries(
    Object.entries(subgraphs).map(([name, { sdl, resolvers = {} }]) => {
      const wrapped = Object.entries(resolvers).map(([type, fields]) => [
        type,
        Object.fromEntries(
          Object.entries(fields).map(([field, resolver]) => [
            field,
            field.startsWith('__') ? resolver : guarded(`${type}.${field}`, resolver as FieldResolver),
          ]),
        ),
      ]);
      return [name, { sdl, resolvers: Object.fromEntries(wrapped) as Resolvers }];
    }),
  );
}

const parts: Record<string, CaseSubgraph> = {
  catalog: {
    sdl: `
        type Query {
          product(id: ID!): Product
          products: [Product!]!
          popular(first: Int = 3): [Product!]!
          search(text: String!): [Product!]!
          thing(id: ID!): Thing
        }
        type Product @key(fields: "id") { id: ID! name: String! price(currency: String = "EUR"): Int! badge: String cost: Int }
        union Thing = Product | Note
        type Note { text: String! }
      `,
    resolvers: {
      Query: {
        product: (_: Data, { id }: Data) => product(String(id)),
        products: () => ['p1', 'p2', 'p3'].map(product),
        popular: (_: Data, { first }: Data) => ['p3', 'p2', 'p1'].slice(0, Number(first)).map(product),
        search: (_: Data, { text }: Data) =>
          [product('p1')].filter(({ name }) => String(name).includes(String(text))),
        thing: (_: Data, { id }: Data) => ({ __typename: 'Product', ...product(String(id)) }),
      },
      Product: {
        __resolveReference: ({ id }: Data) => product(String(id)),
        price: (_: Data, { currency }: Data) => (currency === 'EUR' ? 10 : 12),
        badge: () => null,
        cost: () => 3,
      },
    },
  },
  stock: {
    sdl: `
        type Query { marked: [Marked!]! }
        interface Marked { mark: String }
        type Product implements Marked @key(fields: "id") {
          id: ID!
          mark: String
          inStock: Boolean!
          quantity: Int
          warehouse: Warehouse!
          shelves: [Shelf!]!
        }
        type Warehouse { name: String! city: String level: Level! }
        enum Level { LOW HIGH }
        type Shelf { row: Int! }
      `,
    resolvers: {
      Query: { marked: () => ['p1', 'p2'].map((id) => ({ __typename: 'Product', id })) },
      Product: {
        __resolveReference: ({ id }: Data) => ({ id }),
        mark: ({ id }: Data) => `mark of ${id}`,
        inStock: () => true,
        quantity: () => 7,
        warehouse: () => ({ name: 'North', city: 'Kiel', level: 'HIGH' }),
        shelves: () => [{ row: 1 }],
      },
    },
  },
  reviews: {
    sdl: `
        type Query { feed: [Review!]! latest: Review! }
        type Mutation { write(text: String!): Review! }
        type Product @key(fields: "id") { id: ID! rating: Float! reviews(first: Int): [Review!]! }
        type Review @key(fields: "id") { id: ID! text: String! author: User! }
        type User @key(fields: "id") { id: ID! }
      `,
    resolvers: {
      Query: { feed: () => ['r1', 'r2', 'r3'].map(review), latest: () => review('r1') },
      Mutation: { write: () => review('r9') },
      Product: {
        __resolveReference: ({ id }: Data) => ({ id }),
        rating: () => 4.5,
        reviews: (_: Data, { first }: Data) => ['r1', 'r2'].slice(0, Number(first ?? 2)).map(review),
      },
    },
  },
  people: {
    sdl: `
        type Query { me: User }
        type User @key(fields: "id") { id: ID! name: String! picks: [Product!]! note: String mood: String! }
        type Product @key(fields: "id") { id: ID! }
      `,
    resolvers: {
      Query: { me: () => ({ id: 'u1' }) },
      User: {
        __resolveReference: ({ id }: Data) => ({ id }),
        name: ({ id }: Data) => `Name of ${id}`,
        picks: () => [{ id: 'p1' }],
        note: (_: Data, __: Data, context: unknown) =>
          (context as { headers: Record<string, string> }).headers['authorization'] ?? 'nobody',
        mood: () => 'glad',
      },
    },
  },
};

export const fallbacks: Fallbacks = {
  'Product.inStock': value(false),
  'Product.quantity': value(null),
  'Product.warehouse': value({ name: 'somewhere', level: 'LOW' }),
  'Product.rating': [lastKnown({ upTo: '10m' }), value(0)],
  'Product.reviews': lastKnown({ upTo: '10m' }),
  'Product.price': critical,
  'Product.mark': lastKnown({ upTo: '10m' }),
  'User.picks': field('Query.popular', { first: 2 }),
  'User.note': lastKnown({ upTo: '10m' }),
  'Query.feed': omit,
  // What is left out says nothing of the whole list, wherever it stands.
  'Query.search': [omit, lastKnown({ upTo: '10m' }), value([])],
};
