// Values of other types than the schema says never reach the client: they are null, and an error says where.

import { federationCase } from '../harness/federation-case.ts';
import { says } from '../harness/says.ts';

const strange = 'it answers an internal error for the whole operation';
const loose = 'it takes any number for any number';
const blind = 'it shows null without an error';

/** What a subgraph says for a field that may be null, and what the client gets; null and an error when left out. */
const values: { name: string; field: string; is: unknown; shown?: unknown; stockIsWrong?: string }[] = [
  { name: 'an Int that is text', field: 'int', is: '7' },
  { name: 'an Int with a fraction', field: 'int', is: 1.5 },
  { name: 'an Int beyond 32 bits', field: 'int', is: 2 ** 31, stockIsWrong: loose },
  { name: 'an Int at the end of 32 bits', field: 'int', is: -(2 ** 31), shown: -(2 ** 31) },
  { name: 'an Int that is true', field: 'int', is: true },
  { name: 'an Int that is a list', field: 'int', is: [1] },
  { name: 'an Int that is an object', field: 'int', is: { valueOf: 1 } },
  { name: 'a Float that is whole', field: 'float', is: 7, shown: 7 },
  { name: 'a Float that is text', field: 'float', is: '1.5' },
  { name: 'a Float near nothing', field: 'float', is: -1.5e-7, shown: -1.5e-7 },
  { name: 'a Float beyond all measure', field: 'float', is: 1e308, shown: 1e308 },
  { name: 'a Boolean that is text', field: 'bool', is: 'true' },
  { name: 'a Boolean that is a number', field: 'bool', is: 1 },
  { name: 'a Boolean that is false', field: 'bool', is: false, shown: false },
  { name: 'a String that is a number', field: 'text', is: 5 },
  { name: 'a String that is false', field: 'text', is: false },
  { name: 'a String that is an object', field: 'text', is: { toString: 'x' } },
  { name: 'a String that is a list', field: 'text', is: ['x'] },
  { name: 'a String that is empty', field: 'text', is: '', shown: '' },
  { name: 'an ID that is an object', field: 'code', is: {} },
  { name: 'an ID that is a fraction', field: 'code', is: 1.5 },
  {
    name: 'an ID that is a whole number, as many subgraphs write it',
    field: 'code',
    is: 7,
    shown: '7',
    stockIsWrong: loose,
  },
  { name: 'an enum value that nobody knows', field: 'color', is: 'PURPLE' },
  { name: 'an enum value in other letters', field: 'color', is: 'red' },
  { name: 'an enum value that all objects know', field: 'color', is: 'constructor' },
  { name: 'an enum value that is a number', field: 'color', is: 0 },
  { name: 'an enum value', field: 'color', is: 'RED', shown: 'RED' },
  { name: 'a list that is one value', field: 'ints', is: 1, stockIsWrong: strange },
  { name: 'a list that is text', field: 'words', is: 'abc', stockIsWrong: strange },
  { name: 'a list that is an object', field: 'ints', is: { 0: 1, length: 1 }, stockIsWrong: strange },
  { name: 'an object that is text', field: 'price { amount }', is: '9 EUR', stockIsWrong: blind },
  { name: 'an object that is a number', field: 'price { amount }', is: 9, stockIsWrong: blind },
  { name: 'an object that is a list', field: 'price { amount }', is: [{ amount: 9 }] },
  { name: 'an object that is an empty list', field: 'price { amount }', is: [] },
];

federationCase({
  name: 'a subgraph says',
  subgraphs: {
    catalog: {
      sdl: `
        type Query { product: Product! }
        type Product @key(fields: "id") { id: ID! name: String }
      `,
      resolvers: { Query: { product: () => ({ id: 'p1', name: 'Table' }) } },
    },
    facts: {
      sdl: `
        type Product @key(fields: "id") {
          id: ID! int: Int float: Float bool: Boolean text: String code: ID color: Color ints: [Int] words: [String]
          strict: [Int!] matrix: [[Int]] price: Price prices: [Price] must: Price! any: JSON
        }
        type Price { amount: Int! note: String }
        enum Color { RED BLUE }
        scalar JSON
      `,
    },
  },
  operations: [
    ...values.map(({ name, field, is, shown = null, stockIsWrong }) => ({
      name,
      query: `{ product { name value: ${field} } }`,
      misbehaving: { facts: says({ _entities: [{ [field.split(' ')[0] ?? '']: is }] }) },
      expect: {
        data: { product: { name: 'Table', value: shown } },
        errors: shown === null ? [{ path: ['product', 'value'], code: 'SUBGRAPH_MALFORMED' }] : [],
      },
      ...(stockIsWrong !== undefined && { stockIsWrong }),
    })),
    {
      name: 'one item of a list that is of another type',
      query: '{ product { ints } }',
      misbehaving: { facts: says({ _entities: [{ ints: [1, 'x', null, 3] }] }) },
      expect: {
        data: { product: { ints: [1, null, null, 3] } },
        errors: [{ path: ['product', 'ints', 1], code: 'SUBGRAPH_MALFORMED' }],
      },
    },
    {
      name: 'one item that may not be null',
      query: '{ product { strict } }',
      misbehaving: { facts: says({ _entities: [{ strict: [1, null, 3] }] }) },
      expect: {
        data: { product: { strict: null } },
        errors: [{ path: ['product', 'strict', 1], code: 'SUBGRAPH_VALUE_MISSING' }],
      },
    },
    {
      name: 'a list that is less deep than it should be',
      query: '{ product { matrix } }',
      misbehaving: { facts: says({ _entities: [{ matrix: [1, [2]] }] }) },
      stockIsWrong: strange,
      expect: {
        data: { product: { matrix: [null, [2]] } },
        errors: [{ path: ['product', 'matrix', 0], code: 'SUBGRAPH_MALFORMED' }],
      },
    },
    {
      name: 'an object with something promised left out',
      query: '{ product { name prices { amount note } } }',
      misbehaving: {
        facts: says({ _entities: [{ prices: [{ amount: 1, note: null }, { note: 'x' }] }] }),
      },
      expect: {
        data: { product: { name: 'Table', prices: [{ amount: 1, note: null }, null] } },
        errors: [{ path: ['product', 'prices', 1, 'amount'], code: 'SUBGRAPH_VALUE_MISSING' }],
      },
    },
    {
      name: 'null for an object that it promised',
      query: '{ product { name must { amount } } }',
      misbehaving: { facts: says({ _entities: [{ must: null }] }) },
      expect: { data: null, errors: [{ path: ['product', 'must'], code: 'SUBGRAPH_VALUE_MISSING' }] },
    },
    {
      name: 'nothing at all of a field that it was asked for',
      query: '{ product { name text } }',
      misbehaving: { facts: says({ _entities: [{}] }) },
      expect: {
        data: { product: { name: 'Table', text: null } },
        errors: [{ path: ['product', 'text'], code: 'SUBGRAPH_VALUE_MISSING' }],
      },
      stockIsWrong: blind,
    },
    {
      name: 'more than it was asked for, which nobody sees',
      query: '{ product { name text } }',
      misbehaving: {
        facts: says({
          _entities: [{ text: 'x', name: 'Overwritten', int: 1, id: 'p9', __typename: 'Product' }],
          more: 1,
        }),
      },
      stockIsWrong: 'it merges whatever it gets',
      expect: { data: { product: { name: 'Table', text: 'x' } } },
    },
    {
      name: 'keys that change objects of JavaScript, which changes nothing',
      query: '{ product { name text price { amount note } int } }',
      misbehaving: {
        facts: says(
          JSON.parse(`{"_entities":[{"text":"x","__proto__":{"int":7,"note":"n"},"constructor":{"prototype":{"note":"n"}},
            "price":{"amount":1,"note":null,"__proto__":{"note":"n"}},"int":null}],"__proto__":{"x":1}}`),
        ),
      },
      expect: {
        data: { product: { name: 'Table', text: 'x', price: { amount: 1, note: null }, int: null } },
      },
    },
    {
      name: 'a value of a custom scalar, whatever it is',
      query: '{ product { any } }',
      misbehaving: { facts: says({ _entities: [{ any: [{ amount: 'x' }, 1, null] }] }) },
      expect: { data: { product: { any: [{ amount: 'x' }, 1, null] } } },
    },
    {
      name: 'at the root something that is no object',
      query: '{ product { name } }',
      misbehaving: { catalog: says({ product: 'p1' }) },
      stockIsWrong: strange,
      expect: { data: null, errors: [{ path: ['product'], code: 'SUBGRAPH_MALFORMED' }] },
    },
    {
      name: 'at the root nothing of what was promised',
      query: '{ product { name } }',
      misbehaving: { catalog: says({}) },
      expect: { data: null, errors: [{ path: ['product'], code: 'SUBGRAPH_VALUE_MISSING' }] },
    },
  ],
});
