// Two subgraphs add fields to an interface without its implementations, and lead from one to the other.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

const animals = [
  { __typename: 'Cat', id: 'c', name: 'Tom', lives: 9 },
  { __typename: 'Dog', id: 'd', name: 'Rex', tricks: ['sit'] },
];

federationCase({
  name: 'interface objects of two subgraphs',
  subgraphs: {
    zoo: {
      sdl: `
        type Query { animals: [Animal!]! }
        interface Animal @key(fields: "id") { id: ID! name: String! }
        type Cat implements Animal @key(fields: "id") { id: ID! name: String! lives: Int! }
        type Dog implements Animal @key(fields: "id") { id: ID! name: String! tricks: [String!] }
      `,
      resolvers: {
        Query: { animals: () => animals },
        Animal: { __resolveReference: entityIn(animals) },
        Cat: { __resolveReference: entityIn(animals) },
        Dog: { __resolveReference: entityIn(animals) },
      },
    },
    vet: {
      sdl: `
        type Query { patients: [Animal!]! }
        type Animal @key(fields: "id") @interfaceObject { id: ID! healthy: Boolean! friend: Animal }
      `,
      resolvers: {
        Query: { patients: () => [{ id: 'd' }, { id: 'c' }] },
        Animal: {
          healthy: ({ id }) => id === 'c',
          friend: ({ id }) => ({ id: id === 'c' ? 'd' : 'c' }),
        },
      },
    },
    kitchen: {
      sdl: `type Animal @key(fields: "id") @interfaceObject { id: ID! food: String! }`,
      resolvers: { Animal: { food: ({ id }) => `food for ${id}` } },
    },
  },
  operations: [
    {
      name: 'join without anybody who knows the type, when nobody asks for it',
      query: '{ patients { healthy food friend { food } } }',
      expect: {
        data: {
          patients: [
            { healthy: false, food: 'food for d', friend: { food: 'food for c' } },
            { healthy: true, food: 'food for c', friend: { food: 'food for d' } },
          ],
        },
        asked: [
          { subgraph: 'vet' },
          {
            subgraph: 'kitchen',
            representations: [
              { __typename: 'Animal', id: 'd' },
              { __typename: 'Animal', id: 'c' },
            ],
          },
        ],
      },
    },
    {
      name: 'keep fields of one implementation to it',
      query: '{ patients { ... on Cat { food lives } ... on Dog { tricks healthy } } }',
      expect: {
        data: {
          patients: [
            { tricks: ['sit'], healthy: false },
            { food: 'food for c', lives: 9 },
          ],
        },
      },
    },
    {
      name: 'take a common field under two names in two implementations',
      query: '{ patients { ... on Cat { it: food } ... on Dog { it: name } friend { __typename name } } }',
      expect: {
        data: {
          patients: [
            { it: 'Rex', friend: { __typename: 'Cat', name: 'Tom' } },
            { it: 'food for c', friend: { __typename: 'Dog', name: 'Rex' } },
          ],
        },
      },
      stockIsWrong: 'It writes the food of all animals under that name.',
    },
    {
      name: 'add to what the subgraph with the implementations lists',
      query: '{ animals { food healthy __typename } }',
      expect: {
        data: {
          animals: [
            { food: 'food for c', healthy: true, __typename: 'Cat' },
            { food: 'food for d', healthy: false, __typename: 'Dog' },
          ],
        },
        asked: { zoo: 1, vet: 1, kitchen: 1 },
      },
    },
  ],
});
