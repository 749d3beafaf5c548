// Holds the check of cache rules: every mistake is found, with a hint where a name is nearly right.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'graphql';
import { checkCache } from '../../../supergraph/declaration/check-cache.ts';

const library = parse(`
  schema { query: Query mutation: Change }
  type Query { books: [Book!]! }
  type Change { rename: Book }
  interface Titled { title: String }
  type Book implements Titled { title: String weight: Int @inaccessible }
  scalar Weight
  enum Format { PAPER }
  input Filter { title: String }
  union Found = Book
`);
const rule = { maxAge: '60s', scope: 'public' };
const cached = (changes: object): object => ({ cache: { Book: { ...rule, ...changes } } });

test('rules without mistakes have no problems', () => {
  const cache = {
    Book: { maxAge: '60s', scope: 'public', staleWhileRevalidate: '10s', staleIfError: '1h', absent: '2s' },
    Titled: { maxAge: '1d', scope: { claim: 'https://a.example/tenant' }, tags: ['books', 'a.b:c-1_d'] },
    'Book.weight': 'never',
    'Query.books': { maxAge: '5s', scope: 'viewer' },
  };
  assert.deepEqual(checkCache(cache, 'viewer', library), []);
  assert.deepEqual(checkCache(cache, undefined, undefined), []);
  assert.deepEqual(checkCache(undefined, undefined, library), []);
});

const mistakes: [{ cache?: unknown; responseCache?: unknown }, string][] = [
  [{ cache: true }, 'cache: must be an object of types, or coordinates, and the rule of each.'],
  [{ cache: ['Book'] }, 'cache: must be an object of types, or coordinates, and the rule of each.'],
  [{ cache: { Book: 'allways' } }, `cache.Book: must be a rule or 'never', but is "allways".`],
  [{ cache: { Book: null } }, "cache.Book: must be a rule or 'never', but is null."],
  [{ cache: { Book: { scope: 'public' } } }, "cache.Book.maxAge: must say how long it is kept, e.g. '60s'."],
  [cached({ maxage: '5s' }), 'cache.Book.maxage: there is no such key. Did you mean "maxAge"?'],
  ...['0s', '5', 60, '', ['5s'], null].map((maxAge): [object, string] => [
    cached({ maxAge }),
    `cache.Book.maxAge: ${JSON.stringify(maxAge)} is no duration: write e.g. '800ms', '5s', '10m', '2h' or '1d'; what is not to be kept has 'never' for a rule.`,
  ]),
  ...['staleWhileRevalidate', 'staleIfError', 'absent'].map((key): [object, string] => [
    cached({ [key]: '5 min' }),
    `cache.Book.${key}: "5 min" is no duration: write e.g. '800ms', '5s', '10m', '2h' or '1d'.`,
  ]),
  [
    { cache: { Book: { maxAge: '5s' } } },
    "cache.Book.scope: must be 'public', 'viewer' or { claim: '…' }, but is undefined.",
  ],
  [
    cached({ scope: 'private' }),
    `cache.Book.scope: must be 'public', 'viewer' or { claim: '…' }, but is "private".`,
  ],
  [
    cached({ scope: { clam: 'tenant', claim: 'tenant' } }),
    'cache.Book.scope.clam: there is no such key. Did you mean "claim"?',
  ],
  [cached({ scope: {} }), 'cache.Book.scope.claim: must be the name of a claim.'],
  [cached({ scope: { claim: '' } }), 'cache.Book.scope.claim: must be the name of a claim.'],
  [cached({ tags: 'books' }), 'cache.Book.tags: must list words.'],
  ...['two words', '', 7, 'x'.repeat(101), 'ä'].map((tag): [object, string] => [
    cached({ tags: ['books', tag] }),
    `cache.Book.tags: ${JSON.stringify(tag)} is no word of at most 100 letters, digits, "_", ".", ":" and "-".`,
  ]),
  [
    { cache: { Query: rule } },
    "cache.Query: write a rule for each of its fields that may be kept, such as 'Query.products'.",
  ],
  [{ cache: { Mutation: rule } }, 'cache.Mutation: a mutation is never kept.'],
  [{ cache: { 'Subscription.sold': rule } }, 'cache.Subscription.sold: a subscription is never kept.'],
  [
    { responseCache: 'public' },
    'responseCache: there are no rules in cache, and without them no answer is kept: leave it out.',
  ],
  [
    { cache: {}, responseCache: 'everybody' },
    `responseCache: must be 'never', 'public' or 'viewer', but is "everybody".`,
  ],
];

for (const [{ cache, responseCache }, problem] of mistakes) {
  test(`finds the mistake in ${JSON.stringify({ cache, responseCache })}`, () => {
    assert.deepEqual(checkCache(cache, responseCache, undefined), [problem]);
  });
}

const unknownNames: [name: string, problem: string][] = [
  ['Bok', 'there is no such type with fields. Did you mean "Book"?'],
  ['Bok.title', 'there is no such type with fields. Did you mean "Book"?'],
  ['Book.titel', 'there is no such field. Did you mean "title"?'],
  ['Book.*', 'there is no such field.'],
  ['Book.title.x', 'there is no such field. Did you mean "title"?'],
  ['Query.boks', 'there is no such field. Did you mean "books"?'],
  ['toString', 'there is no such type with fields.'],
  ['Weight', 'Weight is a scalar, and only objects and interfaces have rules.'],
  ['Format', 'Format is an enum, and only objects and interfaces have rules.'],
  ['Format.PAPER', 'Format is an enum, and only objects and interfaces have rules.'],
  ['Filter', 'Filter is an input, and only objects and interfaces have rules.'],
  ['Found', 'Found is a union, and only objects and interfaces have rules.'],
  ['Change', 'a mutation is never kept.'],
  ['Change.rename', 'a mutation is never kept.'],
];

for (const [name, problem] of unknownNames) {
  test(`finds that ${name} can have no cache rule on this graph`, () => {
    const problems = checkCache({ [name]: rule }, undefined, library);
    assert.deepEqual(problems, [`cache.${name}: ${problem}`]);
    assert.deepEqual(checkCache({ [name]: 'never' }, undefined, library), problems);
  });
}

test('finds all mistakes at once', () => {
  const cache = { Bok: { maxAge: 5, scope: '', tags: ['', 'ä'], x: 1 }, 'Book.titel': 'never' };
  assert.equal(checkCache(cache, 'all', library).length, 8);
});
