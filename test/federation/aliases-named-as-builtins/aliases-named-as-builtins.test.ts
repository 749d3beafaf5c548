// Names that mean something in JavaScript mean nothing in GraphQL: as aliases, as fields, as types.

import type { FieldResolver } from '../harness/case-subgraph.ts';
import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';
import { says } from '../harness/says.ts';

const names = [
  'constructor',
  'toString',
  '__proto__',
  'hasOwnProperty',
  'valueOf',
  'then',
  'toJSON',
  'length',
];
const each = <T>(value: (name: string) => T) => Object.fromEntries(names.map((name) => [name, value(name)]));

const tellValue: FieldResolver = (_, args) => (Object.hasOwn(args, 'valueOf') ? args['valueOf'] : 'nothing');

federationCase({
  name: 'names of JavaScript’s own',
  subgraphs: {
    things: {
      sdl: `
        type Query { thing: Thing! things: [Thing!]! constructor: toString! hasOwnProperty(valueOf: String): String }
        type Thing @key(fields: "id") { id: ID! name: String! }
        type toString @key(fields: "constructor") { constructor: ID! valueOf: String }
      `,
      resolvers: {
        Query: {
          thing: () => ({ id: '1', name: 'Lamp' }),
          things: () => [{ id: '1', name: 'Lamp' }],
          constructor: () => ({ constructor: 'c1', valueOf: 'v' }),
          hasOwnProperty: tellValue,
        },
      },
    },
    prices: {
      sdl: `
        type Thing @key(fields: "id") { id: ID! price: Int toString: String }
        type toString @key(fields: "constructor") { constructor: ID! toJSON: Int length: Int }
      `,
      resolvers: {
        Thing: { __resolveReference: entityIn([{ id: '1', price: 9, toString: 'lamp!' }]) },
        toString: { __resolveReference: () => ({ constructor: 'c1', toJSON: 3, length: 4 }) },
      },
    },
  },
  operations: [
    {
      name: 'are aliases of plain fields',
      query: `{ thing { ${names.map((name) => `${name}: name`).join(' ')} } }`,
      expect: { data: { thing: each(() => 'Lamp') } },
    },
    {
      name: 'are aliases of fields from another subgraph',
      query: `{ thing { ${names.map((name) => `${name}: price`).join(' ')} name } }`,
      expect: { data: { thing: { ...each(() => 9), name: 'Lamp' } }, asked: { things: 1, prices: 1 } },
    },
    {
      name: 'are aliases of objects and lists at the root',
      query: `{ ${names.map((name) => `${name}: thing { price name }`).join(' ')} prototype: things { price } }`,
      expect: {
        data: { ...each(() => ({ price: 9, name: 'Lamp' })), prototype: [{ price: 9 }] },
        asked: { things: 1, prices: 1 },
      },
    },
    {
      name: 'are names of fields, arguments, types and keys',
      query:
        '{ constructor { toJSON valueOf length constructor } hasOwnProperty(valueOf: "x") thing { toString } }',
      expect: {
        data: {
          constructor: { toJSON: 3, valueOf: 'v', length: 4, constructor: 'c1' },
          hasOwnProperty: 'x',
          thing: { toString: 'lamp!' },
        },
        asked: { things: 1, prices: 1 },
      },
    },
    {
      name: 'are names of variables, operations and fragments',
      query: `query constructor($constructor: String, $toString: Boolean!, $valueOf: String = "v") {
        hasOwnProperty(valueOf: $constructor) ...toString @include(if: $toString) b: hasOwnProperty(valueOf: $valueOf)
      } fragment toString on Query { thing { ...valueOf } } fragment valueOf on Thing { price }`,
      variables: { constructor: 'given', toString: true },
      expect: { data: { hasOwnProperty: 'given', thing: { price: 9 }, b: 'v' } },
    },
    {
      name: 'are not read from objects where a variable of that name is missing',
      query: `query ($toString: String, $constructor: String) {
        a: hasOwnProperty(valueOf: $toString) b: hasOwnProperty(valueOf: $constructor)
      }`,
      variables: {},
      expect: { data: { a: 'nothing', b: 'nothing' } },
    },
    {
      name: 'are not read from objects where an answer leaves something out',
      query: '{ thing { name toString price } }',
      misbehaving: { prices: says({ _entities: [{ price: 9, toString: null }] }) },
      expect: { data: { thing: { name: 'Lamp', toString: null, price: 9 } } },
    },
  ],
});
