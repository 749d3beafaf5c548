// Starts a small graph that says what it costs, behind a router that bounds that, and writes down what subgraphs are asked.
import { compose } from '../../../supergraph/composition/compose.ts';
import { type BffDeclaration, defineBff } from '../../../supergraph/declaration/define-bff.ts';
import type { Environment } from '../../../supergraph/foundation/environment.ts';
import type { ManifestPlaces } from '../../../supergraph/persisted-documents/manifest-places.ts';
import { type Asked, type CaseSubgraph, startCaseSubgraph } from '../../federation/harness/case-subgraph.ts';
import { type RouterUnderTest, startTestRouter } from '../../supergraph/fixtures/router-under-test.ts';

const some = (items: number, kind: string) =>
  Array.from({ length: Math.min(items, 50) }, (_, at) => ({ __typename: kind, id: `${kind}${at}` }));
const first = ({ first = 3 }: { first?: number }) => first;

const subgraphs: Record<string, CaseSubgraph> = {
  shop: {
    sdl: `
      type Query {
        product(id: ID!): Product
        products(first: Int = 5): ProductConnection! @listSize(slicingArguments: ["first"], sizedFields: ["edges"])
        list(first: Int, last: Int): [Product!]! @listSize(assumedSize: 8, slicingArguments: ["first", "last"], requireOneSlicingArgument: false)
        strict(first: Int, last: Int): [Product!]! @listSize(slicingArguments: ["first", "last"])
        everything: [Product!]!
        report(filter: Filter, deep: Boolean @cost(weight: 60)): String @cost(weight: 5)
        secret: [Product!]! @authenticated
        found(first: Int!): [Found!]! @listSize(slicingArguments: ["first"])
      }
      type Mutation { order(ids: [ID!]! @cost(weight: 4)): Product }
      type ProductConnection { edges: [ProductEdge!]! }
      type ProductEdge { node: Product! }
      type Product @key(fields: "id") { id: ID! name: String colour: Colour related: [Product!]! @listSize(assumedSize: 4) }
      type Video @cost(weight: 30) { id: ID! }
      union Found = Product | Video
      enum Colour @cost(weight: 2) { RED }
      input Filter { text: String @cost(weight: 20) any: [Filter!] }
    `,
    resolvers: {
      Query: {
        product: (_, { id }) => ({ id }),
        products: (_, given) => ({ edges: some(first(given), 'Product').map((node) => ({ node })) }),
        list: (_, given) => some(first(given), 'Product'),
        strict: (_, given) => some(first(given), 'Product'),
        everything: () => some(3, 'Product'),
        report: () => 'all is well',
        secret: () => some(1, 'Product'),
        found: (_, given) => some(first(given), 'Product'),
      },
      Mutation: { order: () => ({ id: 'Product0' }) },
      Found: { __resolveType: () => 'Product' },
      Product: {
        __resolveReference: (given) => given,
        name: ({ id }) => `called ${id}`,
        colour: () => 'RED',
        related: () => some(2, 'Product'),
      },
    },
  },
  reviews: {
    sdl: `
      type Product @key(fields: "id") {
        id: ID!
        reviews(first: Int = 2): [Review!] @listSize(slicingArguments: ["first"])
        rating: Float @cost(weight: 3)
      }
      type Review { id: ID! text: String author: Author }
      type Author { id: ID! }
    `,
    resolvers: {
      Product: {
        __resolveReference: (given) => given,
        reviews: (_, given) => some(first(given), 'Review'),
        rating: () => 4,
      },
      Review: { text: () => 'good', author: () => ({ id: 'a' }) },
    },
  },
};

export interface PricedGraph {
  /** What the subgraphs received since it was emptied. */
  asked: Asked[];
  start: (
    declaration?: Partial<BffDeclaration>,
    more?: { environment?: Partial<Environment>; manifests?: ManifestPlaces },
  ) => Promise<RouterUnderTest>;
  stop: () => void;
}

/** Routers that it starts are the caller's to stop. */
export async function startPricedGraph(): Promise<PricedGraph> {
  const asked: Asked[] = [];
  const write = (one: Asked) => void asked.push(one);
  const running = await Promise.all(
    Object.entries(subgraphs).map(([name, subgraph]) =>
      startCaseSubgraph(name, subgraph, { write, misbehaviour: () => undefined }),
    ),
  );
  const sdl = compose(running.map(({ schema }) => schema));
  return {
    asked,
    start: (declaration = {}, more = {}) =>
      startTestRouter(sdl, { bff: defineBff({ name: 'test', port: 0, ...declaration }), ...more }),
    stop() {
      for (const { stop } of running) stop();
    },
  };
}
