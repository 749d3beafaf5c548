// Interfaces that implement interfaces, of which one subgraph knows more than another.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

const nodes = [
  { __typename: 'User', id: 'u1', name: 'Ada', age: 36 },
  { __typename: 'Group', id: 'g1', name: 'Staff', size: 3 },
  { __typename: 'File', id: 'f1', path: '/tmp' },
];

federationCase({
  name: 'interfaces that implement interfaces',
  subgraphs: {
    people: {
      sdl: `
        type Query { nodes: [Node!]! named: [Named] }
        interface Node { id: ID! }
        interface Named implements Node { id: ID! name: String }
        type User implements Node & Named @key(fields: "id") { id: ID! name: String age: Int }
        type Group implements Node & Named @key(fields: "id") { id: ID! name: String size: Int }
        type File implements Node @key(fields: "id") { id: ID! path: String }
      `,
      resolvers: {
        Query: { nodes: () => nodes, named: () => [nodes[1], null, nodes[0]] },
        User: { __resolveReference: entityIn(nodes) },
        Group: { __resolveReference: entityIn(nodes) },
      },
    },
    rights: {
      sdl: `
        interface Node { id: ID! owner: Named }
        interface Named implements Node { id: ID! owner: Named }
        type User implements Node & Named @key(fields: "id") { id: ID! owner: Named }
        type Group implements Node & Named @key(fields: "id") { id: ID! owner: Named }
        type File implements Node @key(fields: "id") { id: ID! owner: Named }
      `,
      resolvers: {
        User: { __resolveReference: entityIn([{ id: 'u1', owner: null }]) },
        Group: { __resolveReference: entityIn([{ id: 'g1', owner: { __typename: 'User', id: 'u1' } }]) },
        File: { __resolveReference: entityIn([{ id: 'f1', owner: { __typename: 'Group', id: 'g1' } }]) },
      },
    },
    names: {
      sdl: `
        type User @key(fields: "id") { id: ID! nick: String }
        type Group @key(fields: "id") { id: ID! nick: String }
      `,
      resolvers: { User: { nick: () => 'countess' }, Group: { nick: ({ id }) => `the ${id}` } },
    },
  },
  operations: [
    {
      name: 'are seen through on both levels',
      query:
        '{ nodes { id ... on Named { name ... on User { age } ... on Group { size } } ... on File { path } } }',
      expect: {
        data: {
          nodes: [
            { id: 'u1', name: 'Ada', age: 36 },
            { id: 'g1', name: 'Staff', size: 3 },
            { id: 'f1', path: '/tmp' },
          ],
        },
        asked: { people: 1 },
      },
    },
    {
      name: 'get a field of the outer one from another subgraph, for all of them at once',
      query: '{ nodes { owner { id __typename } } }',
      expect: {
        data: {
          nodes: [
            { owner: null },
            { owner: { id: 'u1', __typename: 'User' } },
            { owner: { id: 'g1', __typename: 'Group' } },
          ],
        },
        asked: [
          { subgraph: 'people' },
          {
            subgraph: 'rights',
            representations: [
              { __typename: 'User', id: 'u1' },
              { __typename: 'Group', id: 'g1' },
              { __typename: 'File', id: 'f1' },
            ],
          },
        ],
      },
    },
    {
      name: 'lead on from what the other subgraph answered',
      query:
        '{ nodes { ... on Named { owner { ... on User { nick } } } ... on File { owner { ... on Group { nick name } } } } }',
      expect: {
        data: {
          nodes: [
            { owner: null },
            { owner: { nick: 'countess' } },
            { owner: { nick: 'the g1', name: 'Staff' } },
          ],
        },
      },
    },
    {
      name: 'keep nulls of a list in their place',
      query: '{ named { ... on Node { id } ... on User { nick } ... on Group { nick } } }',
      expect: {
        data: { named: [{ id: 'g1', nick: 'the g1' }, null, { id: 'u1', nick: 'countess' }] },
        asked: { people: 1, names: 1 },
      },
    },
  ],
});
