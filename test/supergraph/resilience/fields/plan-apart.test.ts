// Holds plans to asking for fields with a policy of their own by themselves, and for all else as before.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { schedule } from '../../../../supergraph/executor/schedule.ts';
import { readSupergraphFacts } from '../../../../supergraph/foundation/supergraph-facts.ts';
import { FieldPolicies } from '../../../../supergraph/resilience/fields/field-policies.ts';
import { GraphTypes } from '../../../../supergraph/resilience/fields/graph-types.ts';
import { planApart } from '../../../../supergraph/resilience/fields/plan-apart.ts';
import { planned, supergraphOf } from '../../planner/planned-graph.ts';

const subgraphs = {
  catalog: `
    type Query { products: [Product] product(sku: ID!): Product offers: [String] motto: String media: [Media] }
    type Mutation { rename(sku: ID!): Product }
    type Product @key(fields: "sku") { sku: ID! name: String price: Int }
    interface Media @key(fields: "id") { id: ID! title: String }
    type Book implements Media @key(fields: "id") { id: ID! title: String pages: Int }
    type Film implements Media @key(fields: "id") { id: ID! title: String minutes: Int }
  `,
  reviews: `
    type Query { topReviews: [Review] anything: [Anything] }
    union Anything = Book | Film
    type Product @key(fields: "sku") {
      sku: ID! price: Int @external rating: Float verdict: String @requires(fields: "price") reviews(first: Int): [Review]
    }
    type Review { id: ID mood: String product: Product }
    type Book @key(fields: "id") { id: ID! stars: Int quotes: [String] }
    type Film @key(fields: "id") { id: ID! stars: Int quotes: [String] }
  `,
  stats: `type Media @key(fields: "id") @interfaceObject { id: ID! views: Int fans: Int }`,
};

const graph = planned(subgraphs);
const types = new GraphTypes(readSupergraphFacts(supergraphOf(subgraphs), 'the test').document);

interface Case {
  name: string;
  operation: string;
  own: string[];
  /** Requests: `number subgraph(path) after numbers: document`, without representations. */
  requests: string[];
}

const cases: readonly Case[] = [
  {
    name: 'a field of an entity',
    operation: '{products{name rating reviews{id}}}',
    own: ['Product.reviews'],
    requests: [
      '0 catalog: {products{__typename sku name}}',
      '1 reviews(products.@) after 0: ...on Product{rating}',
      '2 reviews(products.@) after 0: ...on Product{reviews{id}} apart',
    ],
  },
  {
    name: 'a field of the root',
    operation: '{motto offers}',
    own: ['Query.offers'],
    requests: ['0 catalog: {motto}', '1 catalog: {offers} apart'],
  },
  {
    name: 'the only field of a fetch, which is not joined with others',
    operation: '{products{reviews{id}} product(sku:"1"){rating}}',
    own: ['Product.reviews'],
    requests: [
      '0 catalog: {products{__typename sku}product(sku:"1"){__typename sku}}',
      '1 reviews(products.@) after 0: ...on Product{reviews{id}} apart',
      '2 reviews(product) after 0: ...on Product{rating}',
    ],
  },
  {
    name: 'what lies below it waits for it, and nothing else does',
    operation: '{topReviews{product{name verdict}}}',
    own: ['Product.name'],
    requests: [
      '0 reviews: {topReviews{product{__typename sku}}}',
      '1 catalog(topReviews.@.product) after 0: ...on Product{price}',
      '2 catalog(topReviews.@.product) after 0: ...on Product{name} apart',
      '3 reviews(topReviews.@.product) after 0 1: ...on Product{verdict}',
    ],
  },
  {
    name: 'who requires it waits for it',
    operation: '{topReviews{product{name verdict}}}',
    own: ['Product.price'],
    requests: [
      '0 reviews: {topReviews{product{__typename sku}}}',
      '1 catalog(topReviews.@.product) after 0: ...on Product{name}',
      '2 catalog(topReviews.@.product) after 0: ...on Product{price} apart',
      '3 reviews(topReviews.@.product) after 1 2: ...on Product{verdict}',
    ],
  },
  {
    name: 'who is within it waits for it',
    operation: '{products{rating reviews{product{name}}}}',
    own: ['Product.reviews'],
    requests: [
      '0 catalog: {products{__typename sku}}',
      '1 reviews(products.@) after 0: ...on Product{rating}',
      '2 reviews(products.@) after 0: ...on Product{reviews{product{__typename sku}}} apart',
      '3 catalog(products.@.reviews.@.product) after 1 2: ...on Product{name}',
    ],
  },
  {
    name: 'a field of one type is not asked of another',
    operation: '{media{... on Book{stars quotes} ... on Film{stars}}}',
    own: ['Book.quotes'],
    requests: [
      '0 catalog: {media{__typename ...on Book{id}...on Film{id}}}',
      '1 reviews(media.@) after 0: ...on Book{stars}...on Film{stars}',
      '2 reviews(media.@) after 0: ...on Book{quotes} apart',
    ],
  },
  {
    name: 'a field of an interface',
    operation: '{media{views fans}}',
    own: ['Media.fans'],
    requests: [
      '0 catalog: {media{__typename id}}',
      '1 stats(media.@) after 0: ...on Media{views}',
      '2 stats(media.@) after 0: ...on Media{fans} apart',
    ],
  },
  {
    name: 'nothing within another field of the same subgraph',
    operation: '{topReviews{id mood}}',
    own: ['Review.mood'],
    requests: ['0 reviews: {topReviews{id mood}}'],
  },
  {
    name: 'nothing of a mutation itself',
    operation: 'mutation{rename(sku:"1"){name rating reviews{id}}}',
    own: ['Product.name', 'Mutation.rename'],
    requests: [
      '0 catalog: mutation{rename(sku:"1"){__typename sku name}}',
      '1 reviews(rename) after 0: ...on Product{rating reviews{id}}',
    ],
  },
];

/** Without names of ours, and without what all requests for entities begin with. */
function shortened(document: string): string {
  const entities =
    /_entities\(representations:\$representations\)\{(.*)\}\}$/.exec(document)?.[1] ?? document;
  return entities
    .replaceAll(/\b[a-z]\w*:(?=[a-z]\w*[({ }])/g, '')
    .replaceAll(/(\.\.\.on \w+\{)__typename /g, '$1');
}

suite('taken out of a plan is', () => {
  for (const { name, operation, own, requests } of cases) {
    test(name, () => {
      const bff = {
        name: 'test',
        port: 0,
        fields: Object.fromEntries(own.map((one) => [one, { timeout: '1s' as const }])),
      };
      const plan = graph.plan(operation);
      const { node } = planApart(plan, new FieldPolicies(bff, types, undefined), types);
      assert.ok(node);
      const lines = schedule(node, 'when-ready').map(({ subgraph, nodes, after }, index) => {
        const [first] = nodes;
        const path = first?.path.length ? `(${first.path.join('.')})` : '';
        const waits = after.length > 0 ? ` after ${after.join(' ')}` : '';
        const documents = nodes.map(({ document }) => shortened(document)).join(' & ');
        return `${index} ${subgraph}${path}${waits}: ${documents}${first?.apart ? ' apart' : ''}`;
      });
      assert.deepEqual(lines, requests);
      const without = planApart(plan, new FieldPolicies({ ...bff, fields: {} }, types, undefined), types);
      assert.deepEqual(without, plan, 'where nothing is declared nothing is changed');
    });
  }
});
