// `@override`: a field has moved to another subgraph, and the one it came from is no longer asked for it.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

const old = (values: Record<string, unknown>) => ({ id: 'p1', ...values });

federationCase({
  name: 'an overridden field',
  subgraphs: {
    monolith: {
      sdl: `
        type Query { product: Product greeting: String }
        type Product @key(fields: "id") { id: ID! name: String price: Int parts: [Part!] }
        type Part @shareable { code: String }
      `,
      resolvers: {
        Query: {
          product: () => old({ name: 'Old name', price: 1, parts: [{ code: 'old' }] }),
          greeting: () => 'from the old one',
        },
        Product: { __resolveReference: entityIn([old({ name: 'Old name' })]) },
      },
    },
    pricing: {
      sdl: `
        type Query { greeting: String @override(from: "monolith") cheapest: Product }
        type Product @key(fields: "id") {
          id: ID!
          price: Int @override(from: "monolith")
          parts: [Part!] @override(from: "monolith")
        }
        type Part @shareable { code: String }
      `,
      resolvers: {
        Query: { greeting: () => 'from the new one', cheapest: () => old({ price: 2, parts: [] }) },
        Product: { __resolveReference: entityIn([old({ price: 2, parts: [{ code: 'new' }] })]) },
      },
    },
  },
  operations: [
    {
      name: 'is fetched from where it is now, though the subgraph that is asked first has it too',
      query: '{ product { price name parts { code } } }',
      expect: {
        data: { product: { price: 2, name: 'Old name', parts: [{ code: 'new' }] } },
        asked: [
          { subgraph: 'monolith', selects: ['name'], omits: ['price', 'parts'] },
          { subgraph: 'pricing', selects: ['price', 'parts'] },
        ],
      },
    },
    {
      name: 'needs no second request where its new home is asked first',
      query: '{ cheapest { price } }',
      expect: { data: { cheapest: { price: 2 } }, asked: { pricing: 1 } },
    },
    {
      name: 'may be a field of the root',
      query: '{ greeting }',
      expect: { data: { greeting: 'from the new one' }, asked: { pricing: 1 } },
    },
  ],
});
