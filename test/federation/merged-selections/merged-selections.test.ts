// One response name selected several times is one field with all that is selected below it; types that exclude each other share names.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

const dune = {
  __typename: 'Book',
  id: 'b1',
  title: 'Dune',
  blurb: 'Sand.',
  writer: { id: 'a1' },
  maker: { id: 'm1', name: 'Ace' },
};
const alien = {
  __typename: 'Film',
  id: 'f1',
  name: 'Alien',
  director: { id: 'a2', nick: 'Rid' },
  studio: { name: 'Fox' },
};

federationCase({
  name: 'one name selected several times',
  subgraphs: {
    media: {
      sdl: `
        type Query { media: [Medium!]! book: Book! made: [Made!]! }
        interface Made { id: ID! maker: Maker! }
        type Album implements Made @key(fields: "id") { id: ID! maker: Maker! }
        union Medium = Book | Film
        type Book implements Made @key(fields: "id") { id: ID! title: String! blurb(words: Int): String! writer: Author! maker: Maker! }
        type Film @key(fields: "id") { id: ID! name: String! director: Director! studio: Studio! }
        type Author @key(fields: "id") { id: ID! }
        type Director @key(fields: "id") { id: ID! nick: String! }
        type Maker @key(fields: "id") { id: ID! name: String! }
        type Studio { name: String! }
      `,
      resolvers: {
        Query: {
          media: () => [dune, alien],
          book: () => dune,
          made: () => [{ ...dune, __typename: 'Album' }, dune],
        },
      },
    },
    people: {
      sdl: `
        type Author @key(fields: "id") { id: ID! label: String! books: Int! }
        type Director @key(fields: "id") { id: ID! label: String! films: Int! }
        type Maker @key(fields: "id") { id: ID! country: Country! }
        type Country { code: String! name: String! }
        type Film @key(fields: "id") { id: ID! title: String! }
      `,
      resolvers: {
        Author: { __resolveReference: entityIn([{ id: 'a1', label: 'Frank', books: 20 }]) },
        Director: { __resolveReference: entityIn([{ id: 'a2', label: 'Ridley', films: 28 }]) },
        Maker: { __resolveReference: entityIn([{ id: 'm1', country: { code: 'US', name: 'States' } }]) },
        Film: { __resolveReference: entityIn([{ id: 'f1', title: 'ALIEN' }]) },
      },
    },
  },
  operations: [
    {
      name: 'in two fragments has what both select, also from two subgraphs',
      query: `{ book { ...A ...B } }
        fragment A on Book { maker { name country { name } } }
        fragment B on Book { id maker { id country { code name } } }`,
      expect: {
        data: {
          book: { maker: { name: 'Ace', country: { name: 'States', code: 'US' }, id: 'm1' }, id: 'b1' },
        },
        asked: { media: 1, people: 1 },
      },
    },
    {
      name: 'at the root is one field',
      query: '{ book { title } one: book { title } book { maker { country { code } } } }',
      expect: {
        data: { book: { title: 'Dune', maker: { country: { code: 'US' } } }, one: { title: 'Dune' } },
        asked: { media: 1, people: 1 },
      },
    },
    {
      name: 'for an interface and for its types has what all that hold select',
      query: `{ made {
        ... on Book { maker { name } } maker { country { code } }
        ... on Made { maker { id } } ... on Album { maker { country { name } } }
      } }`,
      expect: {
        data: {
          made: [
            { maker: { country: { code: 'US', name: 'States' }, id: 'm1' } },
            { maker: { name: 'Ace', country: { code: 'US' }, id: 'm1' } },
          ],
        },
        asked: { media: 1, people: 1 },
      },
    },
    {
      name: 'for different types means different fields',
      query: '{ media { ... on Book { label: title text: blurb } ... on Film { text: name label: title } } }',
      expect: {
        data: {
          media: [
            { label: 'Dune', text: 'Sand.' },
            { text: 'Alien', label: 'ALIEN' },
          ],
        },
        asked: { media: 1, people: 1 },
      },
    },
    {
      name: 'for different types means objects of different types',
      query: `{ media {
        ... on Book { who: writer { label count: books } }
        ... on Film { who: director { count: films label } }
      } }`,
      expect: {
        data: { media: [{ who: { label: 'Frank', count: 20 } }, { who: { count: 28, label: 'Ridley' } }] },
        asked: { media: 1, people: 1 },
      },
    },
    {
      name: 'for different types means objects of which one is an entity, and one is not',
      query:
        '{ media { ... on Book { by: maker { name country { code } } } ... on Film { by: studio { name } } } }',
      expect: {
        data: { media: [{ by: { name: 'Ace', country: { code: 'US' } } }, { by: { name: 'Fox' } }] },
        asked: { media: 1, people: 1 },
      },
    },
    {
      name: 'for different types takes different arguments',
      query: '{ media { ... on Book { text: blurb(words: 3) } ... on Film { text: title } } }',
      expect: { data: { media: [{ text: 'Sand.' }, { text: 'ALIEN' }] }, asked: { media: 1, people: 1 } },
    },
    {
      name: 'that is the key of the types means other fields of theirs',
      query:
        '{ media { ... on Book { id: title maker { id: name country { code } } } ... on Film { id: name title } } }',
      stockIsWrong: 'it reads keys from the client’s names',
      expect: {
        data: {
          media: [
            { id: 'Dune', maker: { id: 'Ace', country: { code: 'US' } } },
            { id: 'Alien', title: 'ALIEN' },
          ],
        },
        asked: { media: 1, people: 1 },
      },
    },
  ],
});
