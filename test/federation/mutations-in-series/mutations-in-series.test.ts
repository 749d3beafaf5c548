// Fields of a mutation take effect one after the other, across subgraphs, each with all that is selected below it.

import { federationCase } from '../harness/federation-case.ts';

const shelves = new Map<string, number>();
const stars = new Map<string, number[]>();
const reset = () => {
  shelves.clear();
  stars.clear();
};
const rate = (id: string, value: number) => {
  stars.set(id, [...(stars.get(id) ?? []), value]);
  return { id };
};

federationCase({
  name: 'the fields of a mutation',
  subgraphs: {
    library: {
      sdl: `
        type Query { book(id: ID!): Book }
        type Mutation { add(id: ID!, copies: Int!): Book remove(id: ID!): Book audit: Int! }
        type Book @key(fields: "id") { id: ID! copies: Int! }
      `,
      resolvers: {
        Query: { book: (_, { id }) => book(String(id)) },
        Mutation: {
          add(_, { id, copies }) {
            shelves.set(String(id), (shelves.get(String(id)) ?? 0) + Number(copies));
            return book(String(id));
          },
          remove(_, { id }) {
            if (!shelves.delete(String(id))) throw new Error('There is no such book.');
            return book(String(id));
          },
          audit: () => [...shelves.values()].reduce((sum, copies) => sum + copies, 0),
        },
        Book: { __resolveReference: ({ id }) => book(String(id)) },
      },
    },
    ratings: {
      sdl: `
        type Mutation { rate(book: ID!, stars: Int!): Book rateAll(stars: Int!): [Book] }
        type Book @key(fields: "id") { id: ID! stars: [Int!] }
      `,
      resolvers: {
        Mutation: {
          rate: (_, { book: id, stars: value }) => rate(String(id), Number(value)),
          rateAll: (_, { stars: value }) => [...shelves.keys()].map((id) => rate(id, Number(value))),
        },
        Book: {
          __resolveReference: ({ id }) => ({ id }),
          stars: ({ id }) => stars.get(String(id)) ?? [],
        },
      },
    },
  },
  operations: [
    {
      name: 'of different subgraphs are asked one after the other',
      reset,
      query: `mutation {
        one: add(id: "a", copies: 2) { copies }
        two: rate(book: "a", stars: 5) { stars }
        three: audit
      }`,
      expect: {
        data: { one: { copies: 2 }, two: { stars: [5] }, three: 2 },
        asked: [
          { subgraph: 'library', selects: ['add'], omits: ['audit'] },
          { subgraph: 'ratings', selects: ['rate'] },
          { subgraph: 'library', selects: ['audit'], omits: ['add'] },
        ],
        inOrder: true,
      },
    },
    {
      name: 'have everything below them fetched before the next takes effect',
      reset,
      query: `mutation {
        one: rate(book: "a", stars: 1) { stars copies }
        two: add(id: "a", copies: 3) { copies stars }
        three: rate(book: "a", stars: 2) { copies stars }
      }`,
      expect: {
        data: {
          one: { stars: [1], copies: 0 },
          two: { copies: 3, stars: [1] },
          three: { copies: 3, stars: [1, 2] },
        },
        asked: [
          { subgraph: 'ratings', selects: ['rate'] },
          { subgraph: 'library', selects: ['_entities', 'copies'] },
          { subgraph: 'library', selects: ['add'] },
          { subgraph: 'ratings', selects: ['_entities', 'stars'] },
          { subgraph: 'ratings', selects: ['rate'] },
          { subgraph: 'library', selects: ['_entities', 'copies'] },
        ],
        inOrder: true,
      },
    },
    {
      name: 'that answer lists have their entities completed',
      reset,
      query: `mutation {
        a: add(id: "a", copies: 1) { id }
        b: add(id: "b", copies: 2) { id }
        rateAll(stars: 4) { id copies stars }
      }`,
      expect: {
        data: {
          a: { id: 'a' },
          b: { id: 'b' },
          rateAll: [
            { id: 'a', copies: 1, stars: [4] },
            { id: 'b', copies: 2, stars: [4] },
          ],
        },
        asked: { library: 2, ratings: 1 },
      },
    },
    {
      name: 'go on after one of them failed and may be null',
      reset,
      query: `mutation {
        one: remove(id: "x") { stars }
        two: rate(book: "a", stars: 3) { stars copies }
        three: audit
      }`,
      expect: {
        data: { one: null, two: { stars: [3], copies: 0 }, three: 0 },
        errors: [{ path: ['one'], code: 'INTERNAL_SERVER_ERROR' }],
        asked: { library: 3, ratings: 1 },
      },
    },
    {
      name: 'keep their effect when what is below them cannot be fetched',
      reset,
      query: 'mutation { add(id: "a", copies: 2) { copies stars } }',
      misbehaving: { ratings: 'hang up' },
      expect: {
        data: { add: { copies: 2, stars: null } },
        errors: [{ path: ['add', 'stars'], code: 'SUBGRAPH_UNAVAILABLE' }],
        asked: { library: 1, ratings: 1 },
      },
    },
    {
      name: 'that are skipped have no effect',
      reset,
      query: `mutation ($dry: Boolean!) {
        add(id: "a", copies: 2) @skip(if: $dry) { copies stars } rate(book: "a", stars: 3) { stars }
      }`,
      variables: { dry: true },
      expect: { data: { rate: { stars: [3] } }, asked: { ratings: 1 } },
    },
  ],
});

function book(id: string) {
  return { id, copies: shelves.get(id) ?? 0 };
}
