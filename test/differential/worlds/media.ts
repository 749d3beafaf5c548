// Media: an entity interface whose implementations other subgraphs extend through interface objects, and unions.
import { type Data, find, type Row, type World } from '../graph/world.ts';

const subgraphs = {
  library: `
    type Query {
      media(id: ID!): Media
      allMedia: [Media!]!
      shelves: [[Media]!]
      anything: [Anything]
      book(id: ID! = "m1"): Book
    }
    interface Named { name: String! }
    interface Media @key(fields: "id") { id: ID! title: String! related(first: Int = 2): [Media!] }
    type Book implements Media @key(fields: "id") {
      id: ID! title: String! related(first: Int = 2): [Media!] pages: Int author: Person
    }
    type Film implements Media @key(fields: "id") {
      id: ID! title: String! related(first: Int = 2): [Media!] minutes: Int! cast: [Person!]
    }
    type Song implements Media @key(fields: "id") {
      id: ID! title: String! related(first: Int = 2): [Media!] singer: Person!
    }
    type Person implements Named @key(fields: "id") { id: ID! name: String! works: [Media]! }
    union Anything = Book | Film | Person
  `,
  stats: `
    type Query { mostViewed(first: Int = 2): [Media!]! }
    type Mutation { view(id: ID!, times: Int = 1): Media }
    type Media @key(fields: "id") @interfaceObject {
      id: ID!
      views: Int!
      likedBy(first: Int): [Fan!]!
      title: String! @external
      headline(loud: Boolean): String @requires(fields: "title")
      chart: Chart
    }
    type Chart { place: Int of: Media! rivals: [Media] }
    type Fan @key(fields: "id") { id: ID! since: Int }
  `,
  fans: `
    type Query { fans: [Fan!] }
    interface Named { name: String! }
    type Fan implements Named @key(fields: "id") { id: ID! name: String! favourite: Media friends: [Fan!]! }
    type Media @key(fields: "id") @interfaceObject { id: ID! note: String }
  `,
  cinema: `
    type Query { tonight: [Screening] awards: [Award!] }
    type Film @key(fields: "id") { id: ID! screenings: [Screening!]! }
    type Screening { at: String film: Film seats: [[Seat!]!]! }
    type Seat { row: String number: Int }
    type Person @key(fields: "id") { id: ID! awards: [Award] }
    union Award = Oscar | Medal
    type Oscar { year: Int! film: Film }
    type Medal { name: String year: Int }
  `,
};

function createData(): Data {
  const people = ['Woolf', 'Varda', 'Björk'].map((name, index) => ({
    __typename: 'Person',
    id: `n${index + 1}`,
    name,
    works: [] as unknown[],
    awards: null as unknown,
  }));
  const media: Row[] = [
    { __typename: 'Book', id: 'm1', title: 'Orlando', pages: 300, author: people[0] },
    { __typename: 'Film', id: 'm2', title: 'Cléo', minutes: 90, cast: [people[1], people[2]] },
    { __typename: 'Song', id: 'm3', title: 'Jóga', singer: people[2] },
    { __typename: 'Book', id: 'm4', title: '', pages: null, author: null },
    { __typename: 'Film', id: 'm5', title: 'Sans toit', minutes: 0, cast: null },
  ];
  const at = (index: number): Row | null => media[index] ?? null;
  for (const [index, row] of media.entries()) {
    row['related'] = index === 3 ? null : [at((index + 1) % 5), at((index + 2) % 5), at(index)];
    row['views'] = (index * 7) % 5;
    row['note'] = index % 2 === 0 ? `note ${index}` : null;
    row['chart'] =
      index === 4
        ? null
        : { place: index, of: row, rivals: [at((index + 1) % 5), null, at((index + 3) % 5)] };
    if (row['__typename'] === 'Film') {
      const seats = [[{ row: 'A', number: 1 }], [], [{ row: null, number: 2 }]];
      row['screenings'] = [
        { at: '20:00', film: row, seats },
        { at: null, film: null, seats: [] },
      ];
    }
  }
  for (const [index, person] of people.entries()) person.works = [at(index), null, at(4 - index)];
  const [woolf, varda] = people;
  if (woolf) woolf.awards = [];
  if (varda) {
    varda.awards = [
      { __typename: 'Oscar', year: 2017, film: at(1) },
      null,
      { __typename: 'Medal', name: 'Gold', year: null },
    ];
  }
  const fans = ['f1', 'f2', 'f3'].map((id, index) => ({
    __typename: 'Fan',
    id,
    name: `Fan ${index}`,
    since: index === 1 ? null : 2000 + index,
    favourite: index === 2 ? null : at(index + 1),
    friends: [] as Row[],
  }));
  for (const fan of fans) fan.friends = fans.filter((other) => other !== fan);
  for (const [index, row] of media.entries()) row['likedBy'] = fans.slice(index % 3);
  // The one that mutations change leads to others, and none leads back through another subgraph: when a second mutation
  // has run and the rest of the first is not read yet, what is read is a plan's own choice.
  const changing: Row = { __typename: 'Book', id: 'm6', title: 'Flush', pages: 160, author: people[0] };
  Object.assign(changing, { related: [at(0), at(1)], views: 0, note: null, likedBy: fans });
  changing['chart'] = { place: 6, of: changing, rivals: [at(2)] };
  media.push(changing);
  const ofType = (name: string): Row[] => media.filter((row) => row['__typename'] === name);
  return {
    media,
    Book: ofType('Book'),
    Film: ofType('Film'),
    Song: ofType('Song'),
    Person: people,
    Fan: fans,
  };
}

const headline = (title: unknown, loud: unknown): string => (loud ? `${title}!`.toUpperCase() : `${title}.`);

export const media: World = {
  name: 'media',
  subgraphs,
  createData,
  resolvers: {
    Query: {
      media: (_, { id }, data) => find(data, 'media', { id }),
      allMedia: (_, __, data) => data['media'],
      shelves: (_, __, { media: rows = [] }) => [[rows[0], null, rows[1]], [], [rows[2], rows[0]]],
      anything: (_, __, { media: rows = [], Person: people = [] }) => [rows[1], people[0], null, rows[0]],
      book: (_, { id }, data) => find(data, 'Book', { id }),
      mostViewed: (_, { first }, { media: rows = [] }) =>
        [...rows].sort((a, b) => Number(b['views']) - Number(a['views'])).slice(0, first ?? 9),
      fans: (_, __, data) => data['Fan'],
      tonight: (_, __, { Film: films = [] }) => [...((films[0]?.['screenings'] as Row[]) ?? []), null],
      awards: (_, __, { Person: people = [] }) =>
        ((people[1]?.['awards'] as unknown[]) ?? []).filter((award) => award !== null),
    },
    Mutation: {
      view(_, { id }, data) {
        const row = find(data, 'media', { id });
        // Twice is as once: what a first mutation has changed may be read when a second has run, which is a plan's own choice.
        if (row) row['views'] = 1;
        return row;
      },
    },
    Media: {
      related: (row, { first }) => (row['related'] as Row[] | null)?.slice(0, first ?? 9),
      likedBy: (row, { first }) => (row['likedBy'] as Row[]).slice(0, first ?? 9),
      headline: (row, { loud }) => headline(row['title'], loud),
    },
  },
  required: { stats: { Media: { headline: (sent, { loud }) => headline(sent['title'], loud) } } },
  literals: {
    'Query.media.id': ['"m1"', '"m2"', '"m3"', '"m4"', '"none"'],
    'Query.book.id': ['"m1"', '"m4"', '"m2"'],
    'Mutation.view.id': ['"m6"', '"m6"', '"none"'],
    Int: ['1', '2', '3'],
  },
};
