// A required field with arguments and sub-selections beside the client's own selections of it: neither sees the other's.
import { federationCase } from '../harness/federation-case.ts';

const notes: Record<string, { id: string; text: string; stars: number }[]> = {
  a: [
    { id: 'n1', text: 'good', stars: 4 },
    { id: 'n2', text: 'bad', stars: 1 },
    { id: 'n3', text: 'fine', stars: 3 },
  ],
  b: [],
};

federationCase({
  name: 'a required field beside the same field of the client',
  subgraphs: {
    shops: {
      sdl: `
        type Query { shops: [Shop!]! }
        type Shop @key(fields: "id") { id: ID! notes(first: Int): [Note!]! owner: Owner! }
        type Note { id: ID! text: String! stars: Int! }
        type Owner { name(upper: Boolean = false): String! }
      `,
      resolvers: {
        Query: { shops: () => [{ id: 'a' }, { id: 'b' }] },
        Shop: {
          notes: ({ id }: { id: string }, { first }: { first?: number | null }) =>
            notes[id]?.slice(0, first ?? undefined),
          owner: ({ id }) => ({ id }),
        },
        Owner: {
          name: ({ id }, { upper }) => (upper ? `Owner ${id}`.toUpperCase() : `Owner ${id}`),
        },
      },
    },
    ranking: {
      sdl: `
        type Shop @key(fields: "id") {
          id: ID!
          notes(first: Int): [Note!]! @external
          owner: Owner! @external
          summary: String @requires(fields: "notes(first: 1) { text }")
          score: Int @requires(fields: "notes { stars }")
          sign: String @requires(fields: "owner { name(upper: true) }")
        }
        type Note { text: String! @external stars: Int! @external }
        type Owner { name(upper: Boolean = false): String! @external }
      `,
      resolvers: {
        Shop: {
          summary: ({ notes }: { notes: { text: string }[] }) => notes.map(({ text }) => text).join(),
          score: ({ notes }: { notes: { stars: number }[] }) =>
            notes.reduce((sum, { stars }) => sum + stars, 0),
          sign: ({ owner }: { owner: { name: string } }) => owner.name,
        },
      },
    },
  },
  operations: [
    {
      name: 'has its own arguments, in each direction',
      query: '{ shops { notes(first: 2) { id } summary } }',
      expect: {
        data: {
          shops: [
            { notes: [{ id: 'n1' }, { id: 'n2' }], summary: 'good' },
            { notes: [], summary: '' },
          ],
        },
        asked: [
          { subgraph: 'shops', selects: ['notes(first: 2)', 'notes(first: 1)'] },
          {
            subgraph: 'ranking',
            representations: [
              { __typename: 'Shop', id: 'a', notes: [{ text: 'good' }] },
              { __typename: 'Shop', id: 'b', notes: [] },
            ],
          },
        ],
      },
      stockIsWrong: "The summary is made of the client's two notes.",
    },
    {
      name: 'may be asked with arguments by one requirement and without by another',
      query: '{ shops { summary score } }',
      expect: {
        data: {
          shops: [
            { summary: 'good', score: 8 },
            { summary: '', score: 0 },
          ],
        },
        asked: { shops: 1, ranking: 1 },
      },
      stockIsWrong: 'Both requirements get the same notes.',
    },
    {
      name: 'stays apart inside an object that both select',
      query: '{ shops { owner { name } sign } }',
      expect: {
        data: {
          shops: [
            { owner: { name: 'Owner a' }, sign: 'OWNER A' },
            { owner: { name: 'Owner b' }, sign: 'OWNER B' },
          ],
        },
        asked: [
          { subgraph: 'shops', selects: ['name', 'name(upper: true)'] },
          {
            subgraph: 'ranking',
            representations: [
              { __typename: 'Shop', id: 'a', owner: { name: 'OWNER A' } },
              { __typename: 'Shop', id: 'b', owner: { name: 'OWNER B' } },
            ],
          },
        ],
      },
      stockIsWrong: "The sign is made of the client's own name.",
    },
    {
      name: 'is not taken from what a fragment of the client selects under the same name',
      query: `
        { shops { ...Short score } }
        fragment Short on Shop { notes: notes(first: 0) { text } owner { name: name(upper: true) } }
      `,
      expect: {
        data: {
          shops: [
            { notes: [], owner: { name: 'OWNER A' }, score: 8 },
            { notes: [], owner: { name: 'OWNER B' }, score: 0 },
          ],
        },
        asked: { shops: 1, ranking: 1 },
      },
      stockIsWrong: "The score is made of the client's empty list.",
    },
  ],
});
