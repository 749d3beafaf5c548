// Starts a router over two subgraphs of which single fields can be made to fail, to hang, or to take others' places with them.
import { setTimeout as later } from 'node:timers/promises';
import { compose } from '../../../../supergraph/composition/compose.ts';
import { type BffDeclaration, defineBff } from '../../../../supergraph/declaration/define-bff.ts';
import type { Environment } from '../../../../supergraph/foundation/environment.ts';
import {
  type Asked,
  type CaseSubgraph,
  type Data,
  type FieldResolver,
  type Misbehaviour,
  startCaseSubgraph,
} from '../../../federation/harness/case-subgraph.ts';
import { freePort } from '../../../support/tributary.ts';
import { type RouterUnderTest, startTestRouter } from '../../fixtures/router-under-test.ts';

/** What a field does in place of answering. */
export type Fault = (source: Data) => unknown;

export interface FailingShop {
  router: RouterUnderTest;
  /** What subgraphs were asked; tests may empty it. */
  asked: Asked[];
  /** By coordinate, from now on; undefined for the truth. */
  fault: (coordinate: string, fault: Fault | undefined) => void;
  /** Of the subgraph as a whole. */
  misbehave: (subgraph: 'catalog' | 'reviews', how: Misbehaviour | undefined) => void;
  metrics: () => Promise<string>;
  stop: () => Promise<void>;
}

const products = ['p1', 'p2', 'p3'].map((sku, index) => ({
  sku,
  name: `Product ${index + 1}`,
  price: 10 * (index + 1),
}));
const productOf = (sku: unknown) => products.find((one) => one.sku === sku) ?? null;
const reviewsOf = (sku: unknown) =>
  [1, 2].map((number) => ({ id: `${sku}-r${number}`, body: `No. ${number}`, product: { sku } }));

const catalog: CaseSubgraph = {
  sdl: `
    type Query { products(first: Int = 3): [Product!]! product(sku: ID!): Product things: [Thing!]! offers: [String!] motto: String }
    type Mutation { rename(sku: ID!, name: String!): Product }
    interface Thing { title: String }
    type Toy implements Thing { title: String age: Int }
    type Tool implements Thing { title: String }
    type Product @key(fields: "sku") { sku: ID! name: String! price: Int }
  `,
  resolvers: {
    Query: {
      products: (_, { first }) => products.slice(0, Number(first)),
      product: (_, { sku }) => productOf(sku),
      things: () => [
        { __typename: 'Toy', title: 'Bear', age: 3 },
        { __typename: 'Tool', title: 'Saw' },
      ],
      offers: () => ['two for one'],
      motto: () => 'All you need',
    },
    Mutation: { rename: (_, { sku, name }) => ({ ...productOf(sku), name }) },
    Toy: { title: ({ title }) => title },
    Tool: { title: ({ title }) => title },
    Product: {
      __resolveReference: ({ sku }) => productOf(sku),
      name: ({ name }) => name,
      price: ({ price }) => price,
    },
  },
};

const reviews: CaseSubgraph = {
  sdl: `
    type Query { topReviews: [Review!] }
    type Product @key(fields: "sku") {
      sku: ID!
      price: Int @external
      rating(of: Int): Float
      reviews(first: Int): [Review!]
      verdict: String! @requires(fields: "price")
    }
    type Review @key(fields: "id") { id: ID! body: String! mood: String product: Product }
  `,
  resolvers: {
    Query: { topReviews: () => reviewsOf('p1') },
    Product: {
      rating: () => 4.5,
      reviews: ({ sku }, { first }) => reviewsOf(sku).slice(0, Number(first ?? 2)),
      verdict: ({ price }) => (Number(price) > 15 ? 'dear' : 'cheap'),
    },
    Review: { body: ({ body }) => body, mood: () => 'fine' },
  },
};

/** Listens on free ports. */
export async function startFailingShop(
  declared: Partial<BffDeclaration>,
  environment: Partial<Environment> = {},
): Promise<FailingShop> {
  const asked: Asked[] = [];
  const faults = new Map<string, Fault>();
  const misbehaving = new Map<string, Misbehaviour>();
  const running = await Promise.all(
    Object.entries({ catalog, reviews }).map(([name, parts]) =>
      startCaseSubgraph(name, withFaults(parts, faults), {
        write: (one) => asked.push(one),
        misbehaviour: () => misbehaving.get(name),
      }),
    ),
  );
  const metricsPort = await freePort();
  const router = await startTestRouter(compose(running.map(({ schema }) => schema)), {
    bff: defineBff({ name: 'test', port: 0, ...declared }),
    environment: { metricsPort, ...environment },
  });
  return {
    router,
    asked,
    fault(coordinate, fault) {
      if (fault) faults.set(coordinate, fault);
      else faults.delete(coordinate);
    },
    misbehave(subgraph, how) {
      if (how) misbehaving.set(subgraph, how);
      else misbehaving.delete(subgraph);
    },
    metrics: async () => (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text(),
    async stop() {
      await router.stop();
      for (const { stop } of running) stop();
    },
  };
}

function withFaults(parts: CaseSubgraph, faults: ReadonlyMap<string, Fault>): CaseSubgraph {
  const resolvers = Object.entries(parts.resolvers ?? {}).map(([type, fields]) => [
    type,
    Object.fromEntries(
      Object.entries(fields as Record<string, FieldResolver>).map(
        ([field, resolve]): [string, FieldResolver] => [
          field,
          (source, given, context, info) => {
            const fault = faults.get(`${type}.${field}`);
            return fault ? fault(source) : resolve(source, given, context, info);
          },
        ],
      ),
    ),
  ]);
  return { ...parts, resolvers: Object.fromEntries(resolvers) };
}

/** Asks again and again until an answer is as it should be. */
export async function until(isDone: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 20_000;
  while (!(await isDone())) {
    if (performance.now() > end) throw new Error('It has not come about within 20 s.');
    await later(10);
  }
}
