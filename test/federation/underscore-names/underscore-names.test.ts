// Fields whose names begin with an underscore, as names begin that routers make up themselves.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

federationCase({
  name: 'names that begin with an underscore',
  subgraphs: {
    catalog: {
      sdl: `
        type Query { _things: [_Thing!]! _0__things: Int e0: Int r0: String }
        type _Thing @key(fields: "_id _") { _id: ID! _: Int! _name(_: Int, _case: String): String! }
      `,
      resolvers: {
        Query: { _things: () => [{ _id: '1', _: 7 }], _0__things: () => 1, e0: () => 2, r0: () => 'r' },
        _Thing: { _name: (_, args) => `name ${args['_']} ${args['_case']}` },
      },
    },
    prices: {
      sdl: `
        type Query { e1: String }
        type _Thing @key(fields: "_id _") { _id: ID! _: Int! _price: Int e0: Int }
      `,
      resolvers: {
        Query: { e1: () => 'e' },
        _Thing: { __resolveReference: entityIn([{ _id: '1', _: 7, _price: 9, e0: 3 }]) },
      },
    },
  },
  operations: [
    {
      name: 'are fields, types, arguments and keys as others',
      query: '{ _things { _price _name(_: 1) _ } _0__things }',
      expect: { data: { _things: [{ _price: 9, _name: 'name 1 undefined', _: 7 }], _0__things: 1 } },
    },
    {
      name: 'may be aliases that hide keys',
      query: '{ _things { _: _name _id: _price a: _id b: _ } _1__things: _things { _0__price: _price } }',
      stockIsWrong: 'it reads keys from the client’s names',
      expect: {
        data: {
          _things: [{ _: 'name undefined undefined', _id: 9, a: '1', b: 7 }],
          _1__things: [{ _0__price: 9 }],
        },
      },
    },
    {
      name: 'may be told apart by arguments and variables',
      query: `query ($_: Int, $_0: Int, $_v0: String, $r0: Int) {
        _things { a: _name(_: $_, _case: $_v0) b: _name(_: $_0) c: _name(_: $r0) _price }
        other: _things { e0 _price }
      }`,
      variables: { _: 1, _0: 2, _v0: 'x', r0: 3 },
      expect: {
        data: {
          _things: [{ a: 'name 1 x', b: 'name 2 undefined', c: 'name 3 undefined', _price: 9 }],
          other: [{ e0: 3, _price: 9 }],
        },
        asked: { catalog: 1, prices: 1 },
      },
    },
    {
      name: 'do not get in the way of those that the router gives to lists of entities',
      query: '{ e0: _things { e0 } e1: _things { e0 _price } e2: e0 e3: e1 r0 }',
      expect: {
        data: { e0: [{ e0: 3 }], e1: [{ e0: 3, _price: 9 }], e2: 2, e3: 'e', r0: 'r' },
        asked: { catalog: 1, prices: 2 },
      },
    },
  ],
});
