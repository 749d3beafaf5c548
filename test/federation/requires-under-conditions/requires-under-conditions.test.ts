// `@skip` and `@include` around fields with requirements: what is left out asks for nothing, what is left in gets all it needs.
import { federationCase } from '../harness/federation-case.ts';

const query = `query($cost: Boolean!, $hide: Boolean = false) {
  parcel { id ... @include(if: $cost) { cost weight @skip(if: $hide) } label @skip(if: $cost) }
}`;

federationCase({
  name: 'a requirement under conditions',
  subgraphs: {
    parcels: {
      sdl: `
        type Query { parcel: Parcel }
        type Parcel @key(fields: "id") { id: ID! weight: Int! label: String! }
      `,
      resolvers: { Query: { parcel: () => ({ id: 'p1', weight: 3, label: 'Gift' }) } },
    },
    costs: {
      sdl: `
        type Parcel @key(fields: "id") {
          id: ID!
          weight: Int! @external
          cost: Int @requires(fields: "weight")
        }
      `,
      resolvers: { Parcel: { cost: ({ weight }: { weight: number }) => weight * 2 } },
    },
  },
  operations: [
    {
      name: 'is not fetched when the field is left out',
      query,
      variables: { cost: false },
      expect: {
        data: { parcel: { id: 'p1', label: 'Gift' } },
        asked: [{ subgraph: 'parcels', selects: ['label'], omits: ['weight'] }],
      },
    },
    {
      name: 'is fetched when the field is there',
      query,
      variables: { cost: true },
      expect: {
        data: { parcel: { id: 'p1', cost: 6, weight: 3 } },
        asked: [
          { subgraph: 'parcels', selects: ['weight'], omits: ['label'] },
          { subgraph: 'costs', representations: [{ __typename: 'Parcel', id: 'p1', weight: 3 }] },
        ],
      },
    },
    {
      name: 'is fetched also where the client skips its own selection of what is required',
      query,
      variables: { cost: true, hide: true },
      expect: {
        data: { parcel: { id: 'p1', cost: 6 } },
        asked: [
          { subgraph: 'parcels', selects: ['weight'] },
          { subgraph: 'costs', representations: [{ __typename: 'Parcel', id: 'p1', weight: 3 }] },
        ],
      },
    },
  ],
});
