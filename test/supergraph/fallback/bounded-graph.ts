// Starts a small graph whose fields may be known last for different times, for tests of what holds within what was known last.
import {
  critical,
  type Fallbacks,
  field,
  lastKnown,
  omit,
  value,
} from '../../../supergraph/declaration/fallback-words.ts';
import { type ScriptedGraph, startScriptedGraph } from '../../failure/support/scripted-subgraph.ts';
import type { CaseSubgraph, Data } from '../../federation/harness/case-subgraph.ts';

const product = (id: string): Data => ({ __typename: 'Product', id });

const parts: Record<string, CaseSubgraph> = {
  shop: {
    sdl: `
      type Query {
        best: Product
        products: [Product!]!
        none: [Product!]
        many: [Product!]
        grid: [[Product]!]
        marked: [Marked!]
        found: [Found!]
        popular: Brand
      }
      interface Marked { mark: String stock: Int }
      union Found = Product | Kit
      type Product implements Marked @key(fields: "id") {
        id: ID!
        mark: String
        price: Int!
        discount: Int
        rating: Float!
        stock: Int
        title: String!
        weight: Int!
        twin: Product
        offer: Offer
        brand: Brand
        tax: Int
        related: [Product!]!
      }
      type Kit implements Marked @key(fields: "id") { id: ID! mark: String title: String! label: String! stock: Int }
      type Offer { percent: Int! until: String }
      type Brand { name: String! }
    `,
    resolvers: {
      Query: {
        best: () => product('p1'),
        products: () => ['p1', 'p2'].map(product),
        none: () => [],
        many: () => Array.from({ length: 1_100 }, (_, index) => product(`m${index}`)),
        grid: () => [[product('p1')], [], [null, product('p2')]],
        marked: () => [product('p1'), { __typename: 'Kit', id: 'k1' }],
        found: () => [product('p1'), { __typename: 'Kit', id: 'k1' }],
        popular: () => ({ name: 'Other' }),
      },
      Product: {
        mark: ({ id }: Data) => `mark of ${id}`,
        price: () => 10,
        discount: () => 2,
        rating: () => 4.5,
        stock: () => 7,
        title: ({ id }: Data) => `Product ${id}`,
        weight: () => 3,
        twin: ({ id }: Data) => (id === 'p1' ? product('p2') : null),
        offer: () => ({ percent: 5, until: 'May' }),
        brand: () => ({ name: 'Own' }),
        tax: () => 1,
        related: () => [product('p2'), product('p3')],
      },
      Kit: { mark: ({ id }: Data) => `mark of ${id}`, title: () => 'Kit', label: () => 'K', stock: () => 1 },
    },
  },
  opinions: {
    sdl: `
      type Product @key(fields: "id") { id: ID! reviews: [Review!]! }
      type Review @key(fields: "id") { id: ID! stars: Int! text: String! }
    `,
    resolvers: {
      Product: {
        __resolveReference: ({ id }: Data) => ({ id }),
        reviews: ({ id }: Data) => [{ id: `r-${id}`, stars: 5, text: 'good' }],
      },
    },
  },
};

export function startBoundedGraph(): Promise<ScriptedGraph> {
  return startScriptedGraph(parts);
}

/** Lists an hour, and most of what is in them less. */
export const bounds: Fallbacks = {
  'Query.best': lastKnown({ upTo: '1h' }),
  'Query.products': [lastKnown({ upTo: '1h' }), omit],
  'Query.none': lastKnown({ upTo: '1h' }),
  'Query.many': lastKnown({ upTo: '1h' }),
  'Query.grid': lastKnown({ upTo: '1h' }),
  'Query.marked': lastKnown({ upTo: '1h' }),
  'Query.found': lastKnown({ upTo: '1h' }),
  'Marked.mark': [lastKnown({ upTo: '10m' }), value('-')],
  'Product.price': lastKnown({ upTo: '10m' }),
  'Product.discount': lastKnown({ upTo: '10m' }),
  'Product.rating': [lastKnown({ upTo: '10m' }), value(0)],
  'Product.stock': [lastKnown({ upTo: '1m' }), value(null)],
  'Kit.stock': [lastKnown({ upTo: '1m' }), value(null)],
  'Product.title': [lastKnown({ upTo: '10m' }), value('A product')],
  'Kit.title': [lastKnown({ upTo: '5m' }), value('A kit')],
  'Product.weight': lastKnown({ upTo: '1d' }),
  'Product.offer': [lastKnown({ upTo: '10m' }), value({ percent: 0 })],
  'Product.brand': [lastKnown({ upTo: '10m' }), field('Query.popular'), value(null)],
  'Product.tax': [lastKnown({ upTo: '10m' }), critical],
  'Product.related': [omit, lastKnown({ upTo: '20m' })],
  'Product.reviews': [omit, lastKnown({ upTo: '1h' })],
  'Review.stars': [lastKnown({ upTo: '10m' }), value(0)],
};
