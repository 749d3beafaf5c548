// Two subgraphs require of each other in turn: the same entity goes back and forth between them, a little richer each time.
import { federationCase } from '../harness/federation-case.ts';

const add = (name: string, from: string) => (source: Record<string, unknown>) => {
  if (typeof source[from] !== 'string') throw new Error(`${from} was not sent`);
  return `${source[from]}>${name}`;
};

federationCase({
  name: 'requirements back and forth',
  subgraphs: {
    left: {
      sdl: `
        type Query { games: [Game!]! }
        type Mutation { start: Game }
        type Game @key(fields: "id") {
          id: ID!
          first: String
          second: String @external
          third: String @requires(fields: "second")
          fourth: String @external
          fifth: String @requires(fields: "fourth")
        }
      `,
      resolvers: {
        Query: {
          games: () => [
            { id: '1', first: 'a' },
            { id: '2', first: 'b' },
          ],
        },
        Mutation: { start: () => ({ id: '3', first: 'c' }) },
        Game: {
          __resolveReference: (reference) => ({ ...reference }),
          third: add('3', 'second'),
          fifth: add('5', 'fourth'),
        },
      },
    },
    right: {
      sdl: `
        type Game @key(fields: "id") {
          id: ID!
          first: String @external
          second: String @requires(fields: "first")
          third: String @external
          fourth: String @requires(fields: "third")
        }
      `,
      resolvers: { Game: { second: add('2', 'first'), fourth: add('4', 'third') } },
    },
  },
  operations: [
    {
      name: 'go on until everything is there',
      query: '{ games { fourth } }',
      expect: {
        data: { games: [{ fourth: 'a>2>3>4' }, { fourth: 'b>2>3>4' }] },
        inOrder: true,
        asked: [
          { subgraph: 'left' },
          {
            subgraph: 'right',
            representations: [
              { __typename: 'Game', id: '1', first: 'a' },
              { __typename: 'Game', id: '2', first: 'b' },
            ],
          },
          {
            subgraph: 'left',
            representations: [
              { __typename: 'Game', id: '1', second: 'a>2' },
              { __typename: 'Game', id: '2', second: 'b>2' },
            ],
          },
          {
            subgraph: 'right',
            representations: [
              { __typename: 'Game', id: '1', third: 'a>2>3' },
              { __typename: 'Game', id: '2', third: 'b>2>3' },
            ],
          },
        ],
      },
      stockIsWrong: 'It asks a subgraph for a field before what that requires is there.',
    },
    {
      name: 'work below a mutation',
      query: 'mutation { start { fifth first } }',
      expect: {
        data: { start: { fifth: 'c>2>3>4>5', first: 'c' } },
        asked: { left: 3, right: 2 },
      },
      stockIsWrong: 'It asks a subgraph for a field before what that requires is there.',
    },
    {
      name: 'end at the first that fails',
      query: '{ games { second fourth first } }',
      misbehaving: {
        left: async ({ query }, honest) =>
          query.includes('_entities') ? { status: 500, body: 'out of order' } : { body: await honest() },
      },
      expect: {
        data: {
          games: [
            { second: 'a>2', fourth: null, first: 'a' },
            { second: 'b>2', fourth: null, first: 'b' },
          ],
        },
        errors: [
          { path: ['games', 0, 'fourth'], code: 'SUBGRAPH_UNAVAILABLE' },
          { path: ['games', 1, 'fourth'], code: 'SUBGRAPH_UNAVAILABLE' },
        ],
        asked: { left: 2, right: 1 },
      },
    },
  ],
});
