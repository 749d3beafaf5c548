// A field of an interface comes from another subgraph for each implementation.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

const rex = { __typename: 'Dog', id: 'd1', name: 'Rex' };
const tom = { __typename: 'Cat', id: 'c1', name: 'Tom' };

federationCase({
  name: 'a field of an interface',
  subgraphs: {
    animals: {
      sdl: `
        type Query { animals: [Animal!]! dogs: [Dog!]! favourite: Animal }
        interface Animal { id: ID! name: String! }
        type Dog implements Animal @key(fields: "id") { id: ID! name: String! }
        type Cat implements Animal @key(fields: "id") { id: ID! name: String! }
      `,
      resolvers: { Query: { animals: () => [rex, tom], dogs: () => [rex], favourite: () => null } },
    },
    kennel: {
      sdl: `
        interface Animal { id: ID! sound: String }
        type Dog implements Animal @key(fields: "id") { id: ID! sound: String tricks: [String!] }
      `,
      resolvers: {
        Dog: { __resolveReference: entityIn([{ id: 'd1', sound: 'woof', tricks: ['roll', 'sit'] }]) },
      },
    },
    cattery: {
      sdl: `
        interface Animal { id: ID! sound: String }
        type Cat implements Animal @key(fields: "id") { id: ID! sound: String lives: Int }
      `,
      resolvers: { Cat: { __resolveReference: entityIn([{ id: 'c1', sound: 'meow', lives: 9 }]) } },
    },
  },
  operations: [
    {
      name: 'comes from the subgraph of each implementation',
      query: '{ animals { sound name } }',
      expect: {
        data: {
          animals: [
            { sound: 'woof', name: 'Rex' },
            { sound: 'meow', name: 'Tom' },
          ],
        },
        asked: [
          { subgraph: 'animals', selects: ['name'], omits: ['sound'] },
          { subgraph: 'kennel', representations: [{ __typename: 'Dog', id: 'd1' }] },
          { subgraph: 'cattery', representations: [{ __typename: 'Cat', id: 'c1' }] },
        ],
      },
    },
    {
      name: 'keeps its place beside fields of one implementation',
      query: `{ animals { ... on Dog { tricks } sound ... on Animal { name } ... on Cat { lives } id } }`,
      expect: {
        data: {
          animals: [
            { tricks: ['roll', 'sit'], sound: 'woof', name: 'Rex', id: 'd1' },
            { sound: 'meow', name: 'Tom', lives: 9, id: 'c1' },
          ],
        },
        asked: { animals: 1, kennel: 1, cattery: 1 },
      },
    },
    {
      name: 'is asked for under an interface fragment inside an object type',
      query: '{ dogs { ... on Animal { sound ... on Dog { tricks } ... on Cat { lives } } } }',
      expect: {
        data: { dogs: [{ sound: 'woof', tricks: ['roll', 'sit'] }] },
        asked: { animals: 1, kennel: 1 },
      },
    },
    {
      name: 'has a different place in the answer for each alias',
      query: '{ animals { loud: sound ... on Dog { sound } soft: sound } }',
      expect: {
        data: {
          animals: [
            { loud: 'woof', sound: 'woof', soft: 'woof' },
            { loud: 'meow', soft: 'meow' },
          ],
        },
        asked: { animals: 1, kennel: 1, cattery: 1 },
      },
    },
    {
      name: 'fails for one implementation alone',
      query: '{ animals { name sound } }',
      misbehaving: { cattery: 'hang up' },
      expect: {
        data: {
          animals: [
            { name: 'Rex', sound: 'woof' },
            { name: 'Tom', sound: null },
          ],
        },
        errors: [{ path: ['animals', 1, 'sound'], code: 'SUBGRAPH_UNAVAILABLE' }],
      },
    },
    {
      name: 'is not asked for where the object is null',
      query: '{ favourite { sound } }',
      expect: { data: { favourite: null }, asked: { animals: 1 } },
    },
  ],
});
