// Holds the check of fallbacks: what cannot stand in for a field is refused before anything fails.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parse } from 'graphql';
import { checkFallbacks } from '../../../supergraph/declaration/check-fallbacks.ts';
import {
  critical,
  type Fallback,
  field,
  lastKnown,
  omit,
  value,
} from '../../../supergraph/declaration/fallback-words.ts';

const library = parse(`
  schema
    @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)
    @link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY)
  { query: Query mutation: Change subscription: News }
  directive @join__type(graph: join__Graph!, key: join__FieldSet) repeatable on OBJECT | INTERFACE
  enum join__Graph { A }
  scalar join__FieldSet
  scalar JSON
  scalar Date
  type Query {
    book(id: ID!, format: Format = PAPER): Book
    books(first: Int, filter: Filter): [Book!]!
    popular(first: Int = 10): [Book]
    shelves: [[Book!]!]!
    found: Found
    titled: Titled
    count: Int!
    secret: Book @inaccessible
    first: Book
    second: Book
    third: Book
  }
  type Change { rename: Book }
  type News { sold: Book }
  interface Titled { title: String! sibling: Titled }
  type Book implements Titled @join__type(graph: A, key: "id") {
    id: ID!
    title: String!
    pages: Int
    weight: Float!
    format: Format
    formats: [Format!]!
    isNew: Boolean!
    data: JSON
    printed: Date!
    author: Author!
    sibling: Book
    related(first: Int): [Book!]!
    excerpt(of: Int!): String!
    shelf: Int! @inaccessible
  }
  type Film implements Titled @join__type(graph: A, key: "code { studio }") @join__type(graph: A, key: "code { studio } isan") {
    code: Code!
    isan: ID! @inaccessible
    title: String!
    rating: Rating
    sibling: Titled
  }
  type Reel @join__type(graph: A, key: "number") { number: Int @inaccessible length: Int }
  type Code { studio: String! }
  type Author { name: String! born: Rating }
  type Rating { average: Float! count: Int! }
  union Found = Book | Author | Hidden
  type Hidden @inaccessible { x: Int }
  enum Format { PAPER AUDIO LEDGER @inaccessible }
  input Filter { title: String! formats: [Format!] }
`);

const author = { name: 'Eliot' };
const wholeBook = {
  id: 'b1',
  title: 'Middlemarch',
  weight: 1.5,
  formats: ['PAPER'],
  isNew: false,
  printed: '1871-12-01',
  author,
  related: [],
};

const good: [string, Fallback | Fallback[]][] = [
  ['Book.pages', value(null)],
  ['Book.pages', value(-2147483648)],
  ['Book.id', value('7')],
  ['Book.weight', value(1)],
  ['Book.title', value('')],
  ['Book.isNew', value(false)],
  ['Book.format', value('AUDIO')],
  ['Book.formats', value([])],
  ['Book.data', value({ any: [1, 'x', null, { deep: true }] })],
  ['Book.printed', value(18711201)],
  ['Book.author', value(author)],
  ['Book.author', value({ __typename: 'Author', ...author, born: { average: 4.5, count: 2 } })],
  ['Book.sibling', value(wholeBook)],
  ['Query.found', value({ __typename: 'Author', ...author })],
  ['Query.titled', value({ __typename: 'Book', ...wholeBook })],
  ['Query.shelves', value([[], [wholeBook]])],
  ['Query.popular', value([null, wholeBook])],
  ['Query.count', lastKnown({ upTo: '10m' })],
  ['Book.pages', lastKnown({ upTo: '1d' })],
  ['Book.related', [omit, lastKnown({ upTo: '1m' }), field('Query.popular', { first: 3 }), value([])]],
  ['Book.sibling', field('Query.book', { id: 'b1', format: 'AUDIO' })],
  ['Query.books', field('Query.popular')],
  ['Query.popular', field('Query.books', { first: 2, filter: { title: 'x', formats: ['PAPER'] } })],
  ['Query.found', field('Query.first')],
  ['Query.titled', field('Query.first')],
  ['Titled.sibling', field('Query.titled')],
  ['Titled.title', value('Untitled')],
  ['Book.title', critical],
  ['Book.title', [lastKnown({ upTo: '1h' }), critical]],
];

describe('may stand in:', () => {
  for (const [coordinate, fallback] of good) {
    // Of these the object Book would need what its interface's field does not give.
    const also = coordinate === 'Titled.sibling' ? { 'Book.sibling': value(null) } : {};
    test(`${JSON.stringify(fallback)} for ${coordinate}`, () => {
      assert.deepEqual(checkFallbacks({ [coordinate]: fallback, ...also }, library), []);
    });
  }

  test('nothing, where nothing is declared', () => {
    assert.deepEqual(checkFallbacks(undefined, library), []);
    assert.deepEqual(checkFallbacks({}, undefined), []);
  });
});

const circle: unknown[] = [];
circle.push({ circle });
const without = (key: string) =>
  Object.fromEntries(Object.entries(wholeBook).filter(([name]) => name !== key));

const refused: [coordinate: string, fallback: unknown, problem: string][] = [
  ['Book.titel', value(''), ': there is no such field. Did you mean "title"?'],
  ['Bok.title', value(''), ': there is no such type with fields. Did you mean "Book"?'],
  ['Book', value(null), ": write a coordinate, such as 'Book.id'."],
  ['Book.shelf', value(1), ': there is no such field.'],
  ['Hidden.x', value(1), ': there is no such type with fields.'],
  ['Format.PAPER', value(1), ': there is no such type with fields.'],
  ['Filter.title', value(''), ': there is no such type with fields. Did you mean "Film"?'],
  ['Change.rename', value(null), ': nothing stands in for what a mutation answers.'],
  ['News.sold', value(null), ': nothing stands in for what a subscription answers.'],

  ['Book.pages', [], ': says nothing that could stand in: leave it out.'],
  ['Book.pages', null, ': must be made by value(…), lastKnown(…), field(…), omit or critical.'],
  ['Book.pages', 7, ': must be made by value(…), lastKnown(…), field(…), omit or critical.'],
  ['Book.pages', { kind: 'last' }, ': must be made by value(…), lastKnown(…), field(…), omit or critical.'],
  ['Book.formats', [omit, 7], '.1: must be made by value(…), lastKnown(…), field(…), omit or critical.'],
  [
    'Book.pages',
    [value(1), lastKnown({ upTo: '1m' })],
    '.0: what comes after value is never reached: write it last.',
  ],
  [
    'Book.pages',
    [lastKnown({ upTo: '1m' }), lastKnown({ upTo: '1d' })],
    '.1: lastKnown is said before already: leave one of them out.',
  ],
  ['Book.related', [omit, omit], '.1: omit is said before already: leave one of them out.'],
  ['Book.pages', [critical, value(1)], '.0: what comes after critical is never reached: write it last.'],

  ['Book.pages', value(undefined), '.value: must be JSON, but is undefined.'],
  ['Book.data', value([() => 1]), '.value.0: must be JSON, but is a function.'],
  ['Book.data', value({ at: new Date(0) }), '.value.at: must be JSON, but is a Date.'],
  ['Book.data', value({ n: 1n }), '.value.n: must be JSON, but is a bigint.'],
  ['Book.data', value({ n: Number.NaN }), '.value.n: NaN cannot be said in JSON.'],
  ['Book.weight', value(Number.POSITIVE_INFINITY), '.value: Infinity cannot be said in JSON.'],
  ['Book.data', value(circle), '.value.0.circle: holds itself, which cannot be said in JSON.'],

  ['Book.title', value(null), '.value: must not be null: its type is String!.'],
  ['Book.title', value(7), '.value: must be a text (String), but is 7.'],
  ['Book.pages', value(1.5), '.value: must be a whole number of 32 bits (Int), but is 1.5.'],
  ['Book.pages', value(2147483648), '.value: must be a whole number of 32 bits (Int), but is 2147483648.'],
  ['Book.pages', value('1'), '.value: must be a whole number of 32 bits (Int), but is "1".'],
  ['Book.weight', value('1'), '.value: must be a number (Float), but is "1".'],
  ['Book.isNew', value(0), '.value: must be true or false (Boolean), but is 0.'],
  ['Book.id', value(7), '.value: must be a text (ID), but is 7.'],
  [
    'Book.format',
    value('PAPR'),
    '.value: must be one of Format (PAPER, AUDIO), but is "PAPR". Did you mean "PAPER"?',
  ],
  ['Book.format', value('LEDGER'), '.value: must be one of Format (PAPER, AUDIO), but is "LEDGER".'],
  ['Book.formats', value('PAPER'), '.value: must be a list ([Format!]), but is "PAPER".'],
  ['Book.formats', value([null]), '.value.0: must not be null: its type is Format!.'],
  ['Book.author', value('Eliot'), '.value: must be an object (Author), but is "Eliot".'],
  ['Book.author', value([author]), '.value: must be an object (Author), but is [{"name":"Eliot"}].'],
  ['Book.author', value({}), '.value.name: must be given: its type is String!.'],
  [
    'Book.author',
    value({ ...author, bron: null }),
    '.value.bron: Author has no such field. Did you mean "born"?',
  ],
  [
    'Book.author',
    value({ ...author, born: { average: 1 } }),
    '.value.born.count: must be given: its type is Int!.',
  ],
  [
    'Book.author',
    value({ ...author, __typename: 'Book' }),
    '.value.__typename: must be "Author", but is "Book".',
  ],
  ['Book.sibling', value({ ...wholeBook, shelf: 1 }), '.value.shelf: Book has no such field.'],
  ['Book.sibling', value(without('related')), '.value.related: must be given: its type is [Book!]!.'],
  ['Query.found', value(author), '.value.__typename: must say which Found it is, but is undefined.'],
  [
    'Query.found',
    value({ __typename: 'Auther', ...author }),
    '.value.__typename: must say which Found it is, but is "Auther". Did you mean "Author"?',
  ],
  [
    'Query.found',
    value({ __typename: 'Hidden', x: 1 }),
    '.value.__typename: must say which Found it is, but is "Hidden".',
  ],
  [
    'Query.titled',
    value({ __typename: 'Author', ...author }),
    '.value.__typename: must say which Titled it is, but is "Author".',
  ],

  [
    'Book.pages',
    lastKnown({ upTo: '5' as '5s' }),
    ".upTo: \"5\" is no duration: write e.g. '800ms', '5s', '10m', '2h' or '1d'.",
  ],
  [
    'Rating.average',
    lastKnown({ upTo: '5s' }),
    ': nothing is known of Rating by itself, because it has no @key: write it for the field that leads there.',
  ],
  [
    'Film.rating',
    lastKnown({ upTo: '5s' }),
    ': no @key of Film is made of plain fields that clients see alone, and without one nobody can say whose value it was.',
  ],
  [
    'Reel.length',
    lastKnown({ upTo: '5s' }),
    ': no @key of Reel is made of plain fields that clients see alone, and without one nobody can say whose value it was.',
  ],
  [
    'Titled.title',
    lastKnown({ upTo: '5s' }),
    ': no @key of Film is made of plain fields that clients see alone, and without one nobody can say whose value it was.',
  ],

  ['Query.books', field('Book.related'), ': must be a field of Query, but is "Book.related".'],
  ['Query.books', field('books'), ': must be a field of Query, but is "books".'],
  ['Query.books', field(7 as never), ": must name a field, such as 'Query.popularProducts'."],
  ['Query.books', field('Query.populr'), ': there is no field "Query.populr". Did you mean "popular"?'],
  ['Query.first', field('Query.secret'), ': there is no field "Query.secret". Did you mean "second"?'],
  ['Query.first', field('Query.count'), ': Query.count is of the type Int!, which cannot stand for Book.'],
  ['Query.first', field('Query.found'), ': Query.found is of the type Found, which cannot stand for Book.'],
  [
    'Query.first',
    field('Query.books'),
    ': Query.books is of the type [Book!]!, which cannot stand for Book.',
  ],
  [
    'Query.books',
    field('Query.first'),
    ': Query.first is of the type Book, which cannot stand for [Book!]!.',
  ],
  [
    'Query.shelves',
    field('Query.books'),
    ': Query.books is of the type [Book!]!, which cannot stand for [[Book!]!]!.',
  ],
  ['Query.first', field('Query.book'), '.arguments.id: must be given.'],
  [
    'Query.first',
    field('Query.book', { id: 'b1', formt: 'PAPER' }),
    '.arguments.formt: there is no such argument. Did you mean "format"?',
  ],
  [
    'Query.first',
    field('Query.book', { id: 'b1', format: 'LEDGER' }),
    '.arguments.format: Value "LEDGER" does not exist in "Format" enum.',
  ],
  [
    'Query.popular',
    field('Query.books', { filter: { title: null } }),
    '.arguments.filter.title: Expected non-nullable type "String!" not to be null.',
  ],
  ['Query.first', field('Query.book', [] as never), '.arguments: must be an object of arguments.'],
  ['Query.first', field('Query.book', { id: undefined }), '.arguments.id: must be JSON, but is undefined.'],
  ['Query.books', field('Query.books'), ': would stand in for itself: Query.books → Query.books.'],

  ['Book.author', omit, ': omit is for lists, and Book.author is of the type Author!.'],
];

describe('may not stand in:', () => {
  for (const [coordinate, fallback, problem] of refused) {
    test(`for ${coordinate}, because${problem}`, () => {
      const [first, ...more] = checkFallbacks({ [coordinate]: fallback }, library);
      const heir = / So it is for \w+\.\w+, which has no fallback of its own\.$/;
      assert.deepEqual([first?.replace(heir, ''), ...more], [`fallbacks.${coordinate}${problem}`]);
    });
  }

  test('what leads back to itself through others', () => {
    const fallbacks = {
      'Query.first': [lastKnown({ upTo: '1m' }), field('Query.second')],
      'Query.second': field('Query.third'),
      'Query.third': field('Query.first'),
    };
    assert.deepEqual(checkFallbacks(fallbacks, library), [
      'fallbacks.Query.first: would stand in for itself: Query.first → Query.second → Query.third → Query.first.',
    ]);
  });

  test('what fits an interface, and not an object that has no fallback of its own', () => {
    assert.deepEqual(checkFallbacks({ 'Titled.sibling': field('Query.titled') }, library), [
      'fallbacks.Titled.sibling: Query.titled is of the type Titled, which cannot stand for Book. ' +
        'So it is for Book.sibling, which has no fallback of its own.',
    ]);
  });

  test('what is no object of coordinates', () => {
    for (const fallbacks of [true, 'value', [value(1)], null])
      assert.deepEqual(checkFallbacks(fallbacks, library), [
        'fallbacks: must be an object of coordinates, and what stands in for each.',
      ]);
  });
});

test('finds all mistakes at once, and those of shape also where no graph is there', () => {
  const fallbacks = {
    'Book.titel': value(undefined),
    'Book.title': [value(null), omit],
    'Book.author': value({ name: 7, x: 1 }),
    'Change.rename': 7,
  };
  assert.equal(checkFallbacks(fallbacks, library).length, 9);
  assert.equal(checkFallbacks(fallbacks, undefined).length, 3);
});
