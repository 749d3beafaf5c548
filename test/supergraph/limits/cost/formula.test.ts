// Holds costs to the formula: by type, by @cost, by the sizes of lists, by what variables say, and never out of bounds.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { GraphQLError } from 'graphql';
import { reckon } from './reckon.ts';

const sdl = `
  directive @cost(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR
  directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION
  type Query {
    book: Book
    books: [Book!]!
    name: String
    names: [String]
    priced: String @cost(weight: 7)
    pricedBook: Book @cost(weight: 7)
    pricedBooks: [Book] @cost(weight: 7) @listSize(assumedSize: 3)
    ten: [Book] @listSize(assumedSize: 2)
    grid: [[Book]] @listSize(assumedSize: 2)
    page(first: Int): [Book] @listSize(slicingArguments: ["first"], assumedSize: 5, requireOneSlicingArgument: false)
    usual(first: Int = 4): [Book] @listSize(slicingArguments: ["first"], assumedSize: 5)
    loose(first: Int = 4): [Book] @listSize(slicingArguments: ["first"], assumedSize: 50, requireOneSlicingArgument: false)
    within(paging: Paging = { first: 4 }): [Book] @listSize(slicingArguments: ["paging.first"], requireOneSlicingArgument: false)
    both(first: Int, last: Int): [Book] @listSize(slicingArguments: ["first", "last"], requireOneSlicingArgument: false)
    one(first: Int, last: Int): [Book] @listSize(slicingArguments: ["first", "last"])
    connection(first: Int = 20): Connection! @listSize(slicingArguments: ["first"], sizedFields: ["edges", "nodes"])
    nested(paging: Paging): [Book] @listSize(slicingArguments: ["paging.first"], assumedSize: 5, requireOneSlicingArgument: false)
    byIds(ids: [ID!]!): [Book] @listSize(slicingArguments: ["ids"])
    found: [Found!] @listSize(assumedSize: 2)
    node: Node
    nodes: [Node] @listSize(assumedSize: 2)
    search(filter: Filter, deep: Boolean @cost(weight: 3), tags: [Tag!] @cost(weight: 2)): String
    cheap(discount: Boolean @cost(weight: -5)): Book
    negative: Book @cost(weight: -3)
    coloured: Colour
    stamp: Stamp
    filtered(filters: [Filter!]): String
  }
  type Mutation { rename(name: String): Book sell: Boolean @cost(weight: 20) }
  type Book implements Node { id: ID title: String author: Author reviews: [Review] @listSize(assumedSize: 4) pages(first: Int): [Page] @listSize(slicingArguments: ["first"], assumedSize: 9) }
  type Author { name: String books: [Book] }
  type Review { text: String author: Author }
  type Page @cost(weight: 3) { number: Int }
  type Film implements Node { id: ID title: String @cost(weight: 6) reviews: [Review] scenes: [Page] }
  type Connection { edges: [Edge] nodes: [Book] others: [Book] info: Info }
  type Edge { node: Book }
  type Info { more: Boolean }
  union Found = Book | Film | Page
  interface Node { id: ID }
  enum Colour @cost(weight: 2) { RED }
  scalar Stamp @cost(weight: 4)
  scalar Tag
  input Paging { first: Int after: Paging }
  input Filter { text: String @cost(weight: 8) colour: Colour all: [Filter!] }
`;

const cases: [why: string, operation: string, cost: number, variables?: Record<string, unknown>][] = [
  ['scalars cost nothing', '{ name }', 0],
  ['lists of scalars cost nothing', '{ names }', 0],
  ['an object costs 1', '{ book { title } }', 1],
  ['objects in objects are added', '{ book { author { name } } }', 2],
  ['a list of which nothing is said has 10', '{ books { title } }', 10],
  ['lists within lists are multiplied', '{ books { author { books { title } } } }', 10 * (1 + 1 + 10)],
  ['@listSize says how many', '{ ten { title } }', 2],
  ['a list of lists has as many lists, and 10 in each', '{ grid { title } }', 20],
  ['@cost on a scalar field', '{ priced }', 7],
  ["@cost on a field stands in the object's place", '{ pricedBook { title } }', 7],
  ['with what is selected in it', '{ pricedBook { author { name } } }', 8],
  ['for each item of a list', '{ pricedBooks { author { name } } }', 3 * 8],
  ['@cost on a type', '{ book { pages(first: 2) { number } } }', 1 + 2 * 3],
  ['@cost on an enum', '{ coloured }', 2],
  ['@cost on a scalar', '{ stamp }', 4],
  ['each field of a mutation costs 10', 'mutation { rename { title } }', 11],
  ['each of them', 'mutation { a: rename { title } b: rename { title } }', 22],
  ['and what @cost says', 'mutation { sell }', 30],
  ['a slicing argument', '{ page(first: 3) { title } }', 3],
  ['a slicing argument of none', '{ page(first: 0) { title } }', 0],
  ['left out, the assumed size', '{ page { title } }', 5],
  ['null is left out', '{ page(first: null) { title } }', 5],
  ['below zero it says nothing', '{ page(first: -1) { title } }', 5],
  ['below zero it says no more than its default', '{ usual(first: -9) { title } }', 4],
  ['left out, its default before the assumed size', '{ usual { title } }', 4],
  ['given, and not its default', '{ usual(first: 40) { title } }', 40],
  ['null is not its default', '{ loose(first: null) { title } }', 50],
  [
    'null in a variable is not its default',
    'query ($n: Int) { loose(first: $n) { title } }',
    50,
    { n: null },
  ],
  [
    "null in a variable is not the variable's",
    'query ($n: Int = 9) { loose(first: $n) { title } }',
    50,
    { n: null },
  ],
  ['a variable that is not there is its default', 'query ($n: Int) { loose(first: $n) { title } }', 4],
  [
    'a variable called as what every object has',
    'query ($toString: Int) { loose(first: $toString) { title } }',
    4,
  ],
  ['an input object that is left out is its default', '{ within { title } }', 4],
  ['an input object that is null is not its default', '{ within(paging: null) { title } }', 10],
  ['an input object without it is not the default of the whole', '{ within(paging: {}) { title } }', 10 + 1],
  ['of two one that is null', '{ one(first: null, last: 6) { title } }', 6],
  ['in a variable', 'query ($n: Int) { page(first: $n) { title } }', 6, { n: 6 }],
  ['in a variable that is not there', 'query ($n: Int) { page(first: $n) { title } }', 5],
  ['in a variable that is not there, with a default', 'query ($n: Int) { usual(first: $n) { title } }', 4],
  ['in a variable that is null', 'query ($n: Int) { page(first: $n) { title } }', 5, { n: null }],
  ['in a variable with a default of its own', 'query ($n: Int = 8) { page(first: $n) { title } }', 8],
  ['of two the larger', '{ both(first: 3, last: 8) { title } }', 8],
  ['of two the larger, in variables', 'query ($n: Int) { both(first: 3, last: $n) { title } }', 9, { n: 9 }],
  ['of two none', '{ both { title } }', 10],
  ['one of two, where one must be', '{ one(last: 6) { title } }', 6],
  ['in an input object', '{ nested(paging: { first: 7 }) { title } }', 7 + 1],
  ['in a variable in it', 'query ($n: Int) { nested(paging: { first: $n }) { title } }', 8, { n: 7 }],
  ['in it in a variable', 'query ($p: Paging) { nested(paging: $p) { title } }', 8, { p: { first: 7 } }],
  ['an input object without it', '{ nested(paging: {}) { title } }', 5 + 1],
  ['a list of ids says how many by its length', '{ byIds(ids: ["1", "2", "3"]) { title } }', 3],
  ['in a variable', 'query ($i: [ID!]!) { byIds(ids: $i) { title } }', 2, { i: ['1', '2'] }],
  ['sized fields have the size', '{ connection(first: 3) { edges { node { title } } } }', 1 + 3 * 2],
  ['each of them', '{ connection(first: 3) { edges { node { title } } nodes { title } } }', 1 + 6 + 3],
  ['with its default', '{ connection { edges { node { title } } } }', 1 + 20 * 2],
  ['other fields have not', '{ connection(first: 3) { others { title } info { more } } }', 1 + 10 + 1],
  ['under other names', '{ connection(first: 3) { x: edges { node { title } } } }', 1 + 6],
  [
    'through fragments',
    '{ connection(first: 3) { ...F } } fragment F on Connection { edges { node { title } } }',
    7,
  ],
  ['in variables', 'query ($n: Int!) { connection(first: $n) { edges { node { title } } } }', 11, { n: 5 }],
  [
    'the dearest of a union',
    '{ found { ... on Book { title } ... on Film { title } ... on Page { number } } }',
    2 * 7,
  ],
  ['whatever is selected', '{ found { __typename } }', 2 * 3],
  ['the dearest of an interface', '{ node { id ... on Film { scenes { number } } } }', 1 + 10 * 3],
  [
    'by variables',
    'query ($n: Int) { node { ... on Book { pages(first: $n) { number } } ... on Film { title } } }',
    1 + 3 * 4,
    { n: 4 },
  ],
  [
    'by variables, where they are few',
    'query ($n: Int) { node { ... on Book { pages(first: $n) { number } } ... on Film { title } } }',
    7,
    { n: 1 },
  ],
  ['arguments cost what is said of them', '{ search(deep: true) }', 3],
  ['not given they cost nothing', '{ search }', 0],
  ['null costs nothing', '{ search(deep: null, filter: null) }', 0],
  ['in a variable too', 'query ($d: Boolean) { search(deep: $d) }', 3, { d: false }],
  ['that is not there', 'query ($d: Boolean) { search(deep: $d) }', 0],
  ['each item of a list', '{ search(tags: ["a", "b", "c"]) }', 6],
  ['each in a variable', 'query ($t: [Tag!]) { search(tags: $t) }', 4, { t: ['a', 'b'] }],
  ['an input object costs 1, its fields what is said of them', '{ search(filter: { text: "a" }) }', 9],
  ['and what is said of their types', '{ search(filter: { colour: RED }) }', 3],
  ['within each other', '{ search(filter: { all: [{ text: "a" }, { text: "b" }] }) }', 1 + 2 * 9],
  [
    'in variables',
    'query ($f: Filter) { search(filter: $f) }',
    19,
    { f: { all: [{ text: 'a' }, { text: 'b' }] } },
  ],
  ['in lists', '{ filtered(filters: [{}, {}, {}]) }', 3],
  [
    'arguments are counted for each object, and not for each item',
    '{ ten { pages(first: 1) { number } } }',
    2 * (1 + 3),
  ],
  ['a weight below zero makes nothing cheaper than nothing', '{ cheap(discount: true) { title } }', 0],
  ['nor what stands beside it', '{ cheap(discount: true) { title } book { title } }', 1],
  ['a field either', '{ negative { title } book { title } }', 1],
  ['aliases count each', '{ a: book { title } b: book { title } }', 2],
  ['the same twice counts once', '{ book { title } book { author { name } } }', 2],
  ['what is skipped does not count', '{ book @skip(if: true) { title } name }', 0],
  ['what is included does', '{ book @include(if: true) { title } }', 1],
  [
    'introspection costs nothing',
    '{ __schema { types { fields { type { fields { name } } } } } __typename }',
    0,
  ],
];

describe('what an operation may cost', () => {
  for (const [why, operation, cost, variables] of cases) {
    test(`${why}: ${operation} ${variables ? JSON.stringify(variables) : ''}`, () => {
      const reckoned = reckon(sdl, operation);
      assert.equal(reckoned.estimate(variables), cost);
      // And again: what is remembered of one working out is not taken for the next.
      assert.equal(reckoned.estimate(variables), cost);
    });
  }

  test('is worked out anew for each request', () => {
    const { estimate } = reckon(sdl, 'query ($n: Int) { page(first: $n) { reviews { text } } }');
    assert.deepEqual(
      [1, 100, undefined, 1, 0].map((n) => estimate(n === undefined ? {} : { n })),
      [5, 500, 25, 5, 0],
    );
  });

  test('is by what the declaration says of lists', () => {
    const { estimate } = reckon(sdl, '{ books { author { books { title } } } ten { title } }', {
      assumedListSize: 3,
    });
    assert.equal(estimate(), 3 * (1 + 1 + 3) + 2);
  });

  test('never goes over what a number can hold', () => {
    const deep = (levels: number): string =>
      levels === 0 ? '{ title }' : `{ author { books ${deep(levels - 1)} } }`;
    const { estimate } = reckon(sdl, `query ($n: Int) { page(first: $n) ${deep(40)} }`);
    assert.equal(estimate({ n: 2_147_483_647 }), Number.MAX_SAFE_INTEGER);
    assert.equal(estimate({ n: 0 }), 0);
    assert.equal(reckon(sdl, `{ books ${deep(40)} }`).estimate(), Number.MAX_SAFE_INTEGER);
  });

  test('is there at once, however many types there are on each level and however they differ', () => {
    const types = Array.from({ length: 12 }, (_, at) => `T${at}`);
    const many = `
      directive @listSize(assumedSize: Int, slicingArguments: [String!], requireOneSlicingArgument: Boolean) on FIELD_DEFINITION
      type Query { start: Many }
      interface Many { next(first: Int): [Many] }
      ${types.map((name, at) => `type ${name} implements Many { next(first: Int): [Many] @listSize(assumedSize: ${at}, slicingArguments: ["first"], requireOneSlicingArgument: false) }`).join('\n')}
    `;
    const deep = (levels: number): string =>
      levels === 0 ? '{ __typename }' : `{ next(first: $n) ${deep(levels - 1)} }`;
    const { estimate } = reckon(many, `query ($n: Int) { start ${deep(45)} }`);
    assert.equal(estimate({ n: 1 }), 46);
    assert.ok(estimate({}) > 1_000_000);
  });

  test('is refused where costs are bounded and the size of a list is not given as it must be', () => {
    const limits = { cost: 100 };
    for (const [operation, variables] of [
      ['{ one { title } }', {}],
      ['{ one(first: 1, last: 2) { title } }', {}],
      ['query ($n: Int) { one(first: $n) { title } }', {}],
      ['query ($n: Int) { one(first: 3, last: $n) { title } }', { n: 2 }],
    ] as const) {
      const { estimate } = reckon(sdl, operation, limits);
      assert.throws(
        () => estimate(variables),
        (error) =>
          error instanceof GraphQLError &&
          error.extensions['code'] === 'BAD_USER_INPUT' &&
          /"one" needs exactly one of the arguments "first", "last"/.test(error.message),
        operation,
      );
      assert.equal(typeof reckon(sdl, operation).estimate(variables), 'number');
    }
    assert.equal(reckon(sdl, '{ one(first: 6) { title } }', limits).estimate(), 6);
    assert.equal(reckon(sdl, '{ usual { title } }', limits).estimate(), 4);
  });
});

describe('directives are read', () => {
  const spec = 'https://specs.apollo.dev/cost/v0.1';
  const other = 'https://specs.other.dev/cost/v1';
  const links: [link: string, cost: string, listSize: string, expected: number][] = [
    [`@link(url: "${spec}", import: ["@listSize"])`, '@cost(weight: 3)', '@listSize(assumedSize: 4)', 12],
    [
      `@link(url: "${spec}", import: [{ name: "@listSize", as: "@size" }])`,
      '@cost(weight: 3)',
      '@size(assumedSize: 4)',
      12,
    ],
    [`@link(url: "${spec}", as: "price")`, '@price(weight: 3)', '@price__listSize(assumedSize: 4)', 12],
    [
      `@link(url: "${spec}", as: "price", import: [{ name: "@cost", as: "@weighs" }])`,
      '@weighs(weight: 3)',
      '@price__listSize(assumedSize: 4)',
      12,
    ],
    [`@link(url: "${spec}")`, '@cost(weight: 3)', '@cost__listSize(assumedSize: 4)', 12],
    ['', '@cost(weight: 3)', '@listSize(assumedSize: 4)', 12],
    ['', '@cost(weight: "3")', '@listSize(assumedSize: 4)', 12],
    ['', '@cost(weight: "1.3")', '@listSize(assumedSize: 1)', 2],
    ['', '@cost(weight: "a lot")', '@listSize(assumedSize: 4)', 4],
    ['', '@cost(weight: "")', '@listSize(assumedSize: 4)', 4],
    ['', '@cost(weight: 3)', '@listSize(assumedSize: -4)', 0],
    [`@link(url: "${other}")`, '@cost(weight: 3)', '', 10],
  ];
  for (const [link, cost, listSize, expected] of links) {
    test(`as ${cost} ${listSize} with ${link || 'no link'}`, () => {
      const names = [...`${cost} ${listSize}`.matchAll(/@(\w+)/g)].map(([, name]) => name);
      const linked = `
        schema ${link} { query: Query }
        directive @link(url: String, as: String, import: [Import]) repeatable on SCHEMA
        scalar Import
        scalar Any
        ${names.map((name) => `directive @${name}(weight: Any, assumedSize: Int) on FIELD_DEFINITION`).join('\n')}
        type Query { things: [Thing] ${cost} ${listSize} }
        type Thing { id: ID }
      `;
      assert.equal(reckon(linked, '{ things { id } }').estimate(), expected);
    });
  }
});

const answers: [why: string, operation: string, data: unknown, cost: number][] = [
  ['lists have their lengths', '{ books { title } }', { books: [{ title: 'a' }, { title: 'b' }] }, 2],
  [
    'within each other',
    '{ books { reviews { text } } }',
    { books: [{ reviews: [{}, {}] }, { reviews: [] }] },
    4,
  ],
  ['and lists of lists', '{ grid { title } }', { grid: [[{}, {}], [], [{}]] }, 3],
  ['null costs nothing', '{ book { author { name } } }', { book: { author: null } }, 1],
  ['nor items that are null', '{ books { title } }', { books: [null, { title: 'a' }] }, 1],
  ['nor lists', '{ ten { title } }', { ten: null }, 0],
  ['nor an answer', '{ ten { title } }', null, 0],
  ['but arguments', '{ search(deep: true) }', { search: null }, 3],
  [
    'weights are those of the schema',
    '{ pricedBooks { author { name } } }',
    { pricedBooks: [{ author: {} }, { author: null }] },
    15,
  ],
  [
    'sized fields have theirs',
    '{ connection(first: 9) { edges { node { title } } } }',
    { connection: { edges: [{ node: {} }] } },
    3,
  ],
  ['under the names of the client', '{ a: books { b: reviews { text } } }', { a: [{ b: [{}] }] }, 2],
  [
    'types are those that were',
    '{ found { __typename ... on Film { title } } }',
    { found: [{ __typename: 'Film', title: 'x' }, { __typename: 'Book' }, { __typename: 'Page' }] },
    7 + 1 + 3,
  ],
  ['or the dearest that they may have been', '{ node { id } }', { node: { id: '1' } }, 1],
  ['mutations cost what they do', 'mutation { rename { title } sell }', { rename: null, sell: true }, 40],
  ['names of objects mean nothing', '{ book { constructor: title } }', { book: {} }, 1],
];

describe('what an operation has cost', () => {
  for (const [why, operation, data, cost] of answers) {
    test(`${why}: ${operation}`, () => assert.equal(reckon(sdl, operation).actual(data), cost));
  }
});
