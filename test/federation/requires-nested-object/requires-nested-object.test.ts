// `@requires` of fields inside objects: representations have their shape, with nothing of what only the client asked for.
import { federationCase } from '../harness/federation-case.ts';

const parcels = [
  { id: 'a', size: { width: 2, height: 3, unit: { name: 'cm', factor: 1 } }, label: 'Box' },
  { id: 'b', size: null, label: 'Letter' },
  { id: 'c', size: { width: 1, height: 1, unit: null }, label: 'Cube' },
];

interface Size {
  width: number;
  height: number;
  unit: { factor: number } | null;
}

federationCase({
  name: 'a field that requires fields of a nested object',
  subgraphs: {
    parcels: {
      sdl: `
        type Query { parcels: [Parcel!]! }
        type Parcel @key(fields: "id") { id: ID! size: Size label: String! }
        type Size { width: Int! height: Int! unit: Unit }
        type Unit { name: String! factor: Int! }
      `,
      resolvers: { Query: { parcels: () => parcels } },
    },
    postage: {
      sdl: `
        type Parcel @key(fields: "id") {
          id: ID!
          size: Size @external
          postage: Int @requires(fields: "size { width height unit { factor } }")
        }
        type Size { width: Int! @external height: Int! @external unit: Unit @external }
        type Unit { factor: Int! @external }
      `,
      resolvers: {
        Parcel: {
          postage: ({ size }: { size?: Size | null }) => {
            if (size === undefined) throw new Error('no size was sent');
            return size === null ? 1 : size.width * size.height * (size.unit?.factor ?? 10);
          },
        },
      },
    },
  },
  operations: [
    {
      name: 'gets them in their shape, nulls included',
      query: '{ parcels { postage } }',
      expect: {
        data: { parcels: [{ postage: 6 }, { postage: 1 }, { postage: 10 }] },
        asked: [
          { subgraph: 'parcels', selects: ['width', 'height', 'factor'], omits: ['name', 'label'] },
          {
            subgraph: 'postage',
            representations: [
              { __typename: 'Parcel', id: 'a', size: { width: 2, height: 3, unit: { factor: 1 } } },
              { __typename: 'Parcel', id: 'b', size: null },
              { __typename: 'Parcel', id: 'c', size: { width: 1, height: 1, unit: null } },
            ],
          },
        ],
      },
    },
    {
      name: 'does not mix them with what the client selects of the same object',
      query: '{ parcels { size { unit { label: name } height } postage label } }',
      expect: {
        data: {
          parcels: [
            { size: { unit: { label: 'cm' }, height: 3 }, postage: 6, label: 'Box' },
            { size: null, postage: 1, label: 'Letter' },
            { size: { unit: null, height: 1 }, postage: 10, label: 'Cube' },
          ],
        },
        asked: [
          { subgraph: 'parcels' },
          {
            subgraph: 'postage',
            representations: [
              { __typename: 'Parcel', id: 'a', size: { width: 2, height: 3, unit: { factor: 1 } } },
              { __typename: 'Parcel', id: 'b', size: null },
              { __typename: 'Parcel', id: 'c', size: { width: 1, height: 1, unit: null } },
            ],
          },
        ],
      },
    },
    {
      name: 'is not confused by an alias of the object that is required',
      query: '{ parcels { box: size { w: width } size: label postage } }',
      expect: {
        data: {
          parcels: [
            { box: { w: 2 }, size: 'Box', postage: 6 },
            { box: null, size: 'Letter', postage: 1 },
            { box: { w: 1 }, size: 'Cube', postage: 10 },
          ],
        },
        asked: { parcels: 1, postage: 1 },
      },
      stockIsWrong: 'It sends the label under the alias "size" as the required object.',
    },
  ],
});
