// `@requires` of a field that itself requires another: three subgraphs in a row, each with the result of the one before.
import { federationCase } from '../harness/federation-case.ts';

const needed = (source: Record<string, unknown>, name: string): number => {
  const value = source[name];
  if (typeof value !== 'number') throw new Error(`${name} was not sent`);
  return value;
};

federationCase({
  name: 'a chain of requirements',
  subgraphs: {
    shop: {
      sdl: `
        type Query { items: [Item!]! }
        type Item @key(fields: "id") { id: ID! net: Int! }
      `,
      resolvers: {
        Query: {
          items: () => [
            { id: 'i1', net: 100 },
            { id: 'i2', net: 200 },
          ],
        },
      },
    },
    tax: {
      sdl: `
        type Item @key(fields: "id") { id: ID! net: Int! @external gross: Int @requires(fields: "net") }
      `,
      resolvers: { Item: { gross: (item) => needed(item, 'net') * 2 } },
    },
    discount: {
      sdl: `
        type Item @key(fields: "id") {
          id: ID!
          gross: Int @external
          net: Int! @external
          reduced: Int @requires(fields: "gross net")
        }
      `,
      resolvers: { Item: { reduced: (item) => needed(item, 'gross') - needed(item, 'net') / 10 } },
    },
    price: {
      sdl: `
        type Item @key(fields: "id") { id: ID! reduced: Int @external shown: String @requires(fields: "reduced") }
      `,
      resolvers: { Item: { shown: (item) => `${needed(item, 'reduced')} €` } },
    },
  },
  operations: [
    {
      name: 'is fetched from its beginning, one request to each subgraph, and only its end is in the answer',
      query: '{ items { shown } }',
      expect: {
        data: { items: [{ shown: '190 €' }, { shown: '380 €' }] },
        inOrder: true,
        asked: [
          { subgraph: 'shop' },
          {
            subgraph: 'tax',
            representations: [
              { __typename: 'Item', id: 'i1', net: 100 },
              { __typename: 'Item', id: 'i2', net: 200 },
            ],
          },
          {
            subgraph: 'discount',
            representations: [
              { __typename: 'Item', id: 'i1', net: 100, gross: 200 },
              { __typename: 'Item', id: 'i2', net: 200, gross: 400 },
            ],
          },
          {
            subgraph: 'price',
            representations: [
              { __typename: 'Item', id: 'i1', reduced: 190 },
              { __typename: 'Item', id: 'i2', reduced: 380 },
            ],
          },
        ],
      },
    },
    {
      name: 'asks nobody twice when the client wants every step of it',
      query: '{ items { shown reduced gross net id } }',
      expect: {
        data: {
          items: [
            { shown: '190 €', reduced: 190, gross: 200, net: 100, id: 'i1' },
            { shown: '380 €', reduced: 380, gross: 400, net: 200, id: 'i2' },
          ],
        },
        asked: { shop: 1, tax: 1, discount: 1, price: 1 },
      },
    },
    {
      name: 'carries the failure of its beginning to its end',
      query: '{ items { shown gross net } }',
      misbehaving: { tax: 'hang up' },
      expect: {
        data: {
          items: [
            { shown: null, gross: null, net: 100 },
            { shown: null, gross: null, net: 200 },
          ],
        },
        errors: [
          { path: ['items', 0, 'shown'], code: 'SUBGRAPH_UNAVAILABLE' },
          { path: ['items', 0, 'gross'], code: 'SUBGRAPH_UNAVAILABLE' },
          { path: ['items', 1, 'shown'], code: 'SUBGRAPH_UNAVAILABLE' },
          { path: ['items', 1, 'gross'], code: 'SUBGRAPH_UNAVAILABLE' },
        ],
        asked: { shop: 1, tax: 1 },
      },
    },
    {
      name: 'breaks for the one entity whose link failed',
      query: '{ items { shown } }',
      misbehaving: {
        tax: {
          body: {
            data: { _entities: [{ __typename: 'Item', gross: 200 }, null] },
            errors: [{ message: 'gone', path: ['_entities', 1], extensions: { code: 'NOT_FOUND' } }],
          },
        },
      },
      expect: {
        data: { items: [{ shown: '190 €' }, { shown: null }] },
        errors: [{ path: ['items', 1, 'shown'], code: 'NOT_FOUND' }],
        asked: [
          { subgraph: 'shop' },
          { subgraph: 'tax' },
          { subgraph: 'discount', representations: [{ __typename: 'Item', id: 'i1', net: 100, gross: 200 }] },
          { subgraph: 'price', representations: [{ __typename: 'Item', id: 'i1', reduced: 190 }] },
        ],
      },
    },
  ],
});
