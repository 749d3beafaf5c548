// A type may promise more than its interface: what is selected on the interface keeps the promise of the object's type.
import { federationCase } from '../harness/federation-case.ts';
import { says } from '../harness/says.ts';

federationCase({
  name: 'a field that an object promises and its interface does not',
  subgraphs: {
    library: {
      sdl: `
        type Query { media: [Media] best: Media }
        interface Media { title: String maker: Maker }
        interface Maker { name: String }
        type Author implements Maker { name: String! born: Int }
        type Book implements Media { title: String! maker: Author! }
        type Film implements Media { title: String maker: Maker }
      `,
      resolvers: {
        Query: {
          media: () => [
            { __typename: 'Book', title: 'Emma', maker: { name: 'Jane', born: 1775 } },
            { __typename: 'Film', title: null, maker: null },
          ],
        },
      },
    },
  },
  operations: [
    {
      name: 'is answered as on the interface when it is there',
      query: '{ media { title maker { name } } }',
      expect: {
        data: {
          media: [
            { title: 'Emma', maker: { name: 'Jane' } },
            { title: null, maker: null },
          ],
        },
      },
    },
    {
      name: 'takes its object away when it is null, and that of a type without the promise stays',
      query: '{ media { title } }',
      misbehaving: {
        library: says({
          media: [
            { __typename: 'Book', title: null },
            { __typename: 'Film', title: null },
          ],
        }),
      },
      expect: {
        data: { media: [null, { title: null }] },
        errors: [{ path: ['media', 0, 'title'], code: 'SUBGRAPH_VALUE_MISSING' }],
      },
    },
    {
      name: 'keeps the promise of objects further down',
      query: '{ media { maker { name } } }',
      misbehaving: {
        library: says({
          media: [
            { __typename: 'Book', maker: { __typename: 'Author', name: null } },
            { __typename: 'Film', maker: { __typename: 'Author', name: null } },
            { __typename: 'Film', maker: { __typename: 'Author', name: 'Agnès' } },
          ],
        }),
      },
      expect: {
        data: { media: [null, { maker: null }, { maker: { name: 'Agnès' } }] },
        errors: [
          { path: ['media', 0, 'maker', 'name'], code: 'SUBGRAPH_VALUE_MISSING' },
          { path: ['media', 1, 'maker', 'name'], code: 'SUBGRAPH_VALUE_MISSING' },
        ],
      },
    },
  ],
});
