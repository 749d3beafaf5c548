// Subgraphs that know different values of one enum: answers may hold any of them, and nothing that none of them knows.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';
import { says } from '../harness/says.ts';

federationCase({
  name: 'an enum',
  subgraphs: {
    catalog: {
      sdl: `
        type Query { shirts: [Shirt!]! shirt: Shirt! sized(size: Size! = M): Size }
        type Shirt @key(fields: "id") { id: ID! color: Color! size: Size! }
        enum Color { RED BLUE }
        enum Size { S M L @inaccessible }
      `,
      resolvers: {
        Query: {
          shirts: () => [
            { id: '1', color: 'RED', size: 'S' },
            { id: '2', color: 'BLUE', size: 'M' },
          ],
          shirt: () => ({ id: '1', color: 'BLUE', size: 'S' }),
          sized: (_, { size }) => size,
        },
      },
    },
    print: {
      sdl: `
        type Shirt @key(fields: "id") { id: ID! print: Color prints: [Color!] size: Size! @external fits: Size @requires(fields: "size") }
        enum Color { RED GREEN }
        enum Size { S M L }
      `,
      resolvers: {
        Shirt: {
          __resolveReference: entityIn([
            { id: '1', print: 'GREEN', prints: ['RED', 'GREEN'] },
            { id: '2', print: 'RED', prints: [] },
          ]),
          fits: ({ size }) => size,
        },
      },
    },
  },
  operations: [
    {
      name: 'in answers may have values that only one subgraph knows',
      query: '{ shirts { color print prints } }',
      expect: {
        data: {
          shirts: [
            { color: 'RED', print: 'GREEN', prints: ['RED', 'GREEN'] },
            { color: 'BLUE', print: 'RED', prints: [] },
          ],
        },
      },
    },
    {
      name: 'travels in representations and arguments',
      query:
        'query ($size: Size!) { shirts { fits } sized(size: $size) literal: sized(size: S) left: sized }',
      variables: { size: 'S' },
      expect: { data: { shirts: [{ fits: 'S' }, { fits: 'M' }], sized: 'S', literal: 'S', left: 'M' } },
    },
    ...['PURPLE', 'green', '', 'toString', '__proto__', 7, true, ['RED'], { value: 'RED' }].map((value) => ({
      name: `may not be ${JSON.stringify(value)}, which no subgraph declares`,
      query: '{ shirt { color print } }',
      misbehaving: { print: says({ _entities: [{ print: value }] }) },
      expect: {
        data: { shirt: { color: 'BLUE', print: null } },
        errors: [{ path: ['shirt', 'print'], code: 'SUBGRAPH_MALFORMED' }],
      },
    })),
    {
      name: 'may not be a value that clients must not see',
      query: '{ shirt { id suits: fits } }',
      misbehaving: { print: says({ _entities: [{ fits: 'L' }] }) },
      expect: {
        data: { shirt: { id: '1', suits: null } },
        errors: [{ path: ['shirt', 'suits'], code: 'SUBGRAPH_MALFORMED' }],
      },
    },
    {
      name: 'may not be unknown in one item of a list, which takes the list',
      query: '{ shirt { color prints } }',
      misbehaving: { print: says({ _entities: [{ prints: ['RED', 'PINK'] }] }) },
      expect: {
        data: { shirt: { color: 'BLUE', prints: null } },
        errors: [{ path: ['shirt', 'prints', 1], code: 'SUBGRAPH_MALFORMED' }],
      },
    },
  ],
});
