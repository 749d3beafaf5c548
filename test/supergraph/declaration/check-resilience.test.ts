// Holds the check of timeouts, retries, breakers and bounds: every mistake is found, with a hint where a name is nearly right.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'graphql';
import { checkBff } from '../../../supergraph/declaration/check-bff.ts';
import { type BffDeclaration, defineBff } from '../../../supergraph/declaration/define-bff.ts';

const graph = {
  subgraphs: new Map([['library', 'http://127.0.0.1:1/']]),
  tags: new Set<string>(),
  document: parse(`
    schema @link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY) { query: Query mutation: Change }
    type Query { books: [Book!]! }
    type Change { rename(to: String!): Book }
    interface Titled { title: String }
    interface Coloured { colour: String }
    type Book implements Titled @join__type(graph: LIBRARY, key: "isbn shelf { number }") {
      isbn: ID! shelf: Shelf title: String weight: Int @inaccessible cover: Cover
    }
    type Shelf { number: Int }
    type Cover implements Coloured { colour: String }
    type Ledger @inaccessible { sum: Int }
    scalar Weight
  `),
};
const declared = (changes: object): BffDeclaration => ({ name: 'x', port: 0, ...changes });
const library = (policy: object): object => ({ subgraphs: { library: policy } });
const title = (policy: unknown): object => ({ fields: { 'Book.title': policy } });

test('policies without mistakes have no problems', () => {
  const bff = defineBff<{
    coordinate: 'Query.books' | 'Book.isbn' | 'Book.title' | 'Cover.colour' | 'Titled.title';
    subgraph: 'library';
  }>({
    name: 'x',
    port: 0,
    timeout: '10s',
    subgraphs: {
      every: {
        timeout: '800ms',
        retry: { attempts: 2, budget: '20%' },
        concurrency: 100,
        breaker: { opensAt: '50%', of: 20, for: '2s' },
        hedge: { after: '200ms', budget: '5%' },
      },
      library: {
        timeout: '1d',
        retry: 'never',
        breaker: 'never',
        hedge: 'never',
        concurrency: { most: 1, waiting: 0 },
      },
    },
    fields: {
      'Query.books': { timeout: '300ms', breaker: {} },
      'Book.title': { breaker: 'never' },
      'Titled.title': { timeout: '1s' },
      'Cover.colour': { breaker: { of: 5 } },
      'Book.isbn': { timeout: '1s', breaker: 'never' },
    },
  });
  assert.deepEqual(checkBff(bff, graph), []);
  const least = { retry: {}, breaker: { opensAt: '1%', of: 1 }, hedge: { after: '1ms', budget: '100%' } };
  assert.deepEqual(checkBff(declared(library({ ...least, concurrency: { most: 3 } })), graph), []);
  assert.deepEqual(checkBff(declared(library({ breaker: { opensAt: '99.5%' } })), graph), []);
});

const at = 'subgraphs.library';
const mistakes: [object, string][] = [
  ...['5', '0s', '5 s', ''].map((timeout): [object, string] => [
    { timeout },
    `timeout: ${JSON.stringify(timeout)} is no duration: write e.g. '800ms', '5s', '10m', '2h' or '1d'.`,
  ]),
  [{ timeout: 5 }, "timeout: 5 is no duration: write e.g. '800ms', '5s', '10m', '2h' or '1d'."],
  [{ timeout: ['5s'] }, `timeout: ["5s"] is no duration: write e.g. '800ms', '5s', '10m', '2h' or '1d'.`],
  [{ timeout: '2d' }, "timeout: must be at most '1d', but is '2d'."],
  [library({ timeout: '25h' }), `${at}.timeout: must be at most '1d', but is '25h'.`],
  [library({ retrys: {} }), `${at}.retrys: there is no such key. Did you mean "retry"?`],
  [library({ retry: 2 }), `${at}.retry: must be a policy or 'never', but is 2.`],
  [library({ retry: true }), `${at}.retry: must be a policy or 'never', but is true.`],
  [library({ retry: { attemps: 2 } }), `${at}.retry.attemps: there is no such key. Did you mean "attempts"?`],
  ...[1, 0, -1, 2.5, '2'].map((attempts): [object, string] => [
    library({ retry: { attempts } }),
    `${at}.retry.attempts: must be a whole number from 2 on, but is ${JSON.stringify(attempts)}; who is to be asked once has 'never'.`,
  ]),
  ...['0%', '0.5%', '101%', '20', '-1%', '1e1%', 20, ['20%']].map((budget): [object, string] => [
    library({ retry: { budget } }),
    `${at}.retry.budget: must be a share between '1%' and '100%', but is ${JSON.stringify(budget)}.`,
  ]),
  [library({ breaker: 'allways' }), `${at}.breaker: must be a policy or 'never', but is "allways".`],
  [
    library({ breaker: { openAt: '5%' } }),
    `${at}.breaker.openAt: there is no such key. Did you mean "opensAt"?`,
  ],
  [
    library({ breaker: { opensAt: 0.5 } }),
    `${at}.breaker.opensAt: must be a share between '1%' and '100%', but is 0.5.`,
  ],
  [library({ breaker: { of: 0 } }), `${at}.breaker.of: must be a whole number from 1 on, but is 0.`],
  [
    library({ breaker: { for: 'ever' } }),
    `${at}.breaker.for: "ever" is no duration: write e.g. '800ms', '5s', '10m', '2h' or '1d'.`,
  ],
  [library({ concurrency: 0 }), `${at}.concurrency: must be a whole number from 1 on, but is 0.`],
  [library({ concurrency: '9' }), `${at}.concurrency: must be a whole number from 1 on, but is "9".`],
  [
    library({ concurrency: { waiting: 3 } }),
    `${at}.concurrency.most: must say how many questions are asked at the same time.`,
  ],
  [
    library({ concurrency: { most: 3, waiting: -1 } }),
    `${at}.concurrency.waiting: must be a whole number from 0 on, but is -1.`,
  ],
  [library({ concurrency: { most: 3, wait: 1 } }), `${at}.concurrency.wait: there is no such key.`],
  [library({ hedge: '200ms' }), `${at}.hedge: must be a policy or 'never', but is "200ms".`],
  [library({ hedge: {} }), `${at}.hedge.after: must say how long the first may take, e.g. '200ms'.`],
  [
    library({ hedge: { after: '200' } }),
    `${at}.hedge.after: "200" is no duration: write e.g. '800ms', '5s', '10m', '2h' or '1d'.`,
  ],
  [{ fields: ['Book.title'] }, 'fields: must be an object of coordinates, and the policy of each.'],
  [{ fields: { 'Book.titel': {} } }, 'fields.Book.titel: there is no such field. Did you mean "title"?'],
  [
    { fields: { 'Bok.title': {} } },
    'fields.Bok.title: there is no such type with fields. Did you mean "Book"?',
  ],
  [{ fields: { Book: {} } }, "fields.Book: write a coordinate, such as 'Book.isbn'."],
  [{ fields: { 'Book.weight': {} } }, 'fields.Book.weight: there is no such field.'],
  [{ fields: { 'Ledger.sum': {} } }, 'fields.Ledger.sum: there is no such type with fields.'],
  [{ fields: { 'Weight.x': {} } }, 'fields.Weight.x: there is no such type with fields.'],
  [{ fields: { 'Book.title.x': {} } }, 'fields.Book.title.x: there is no such field. Did you mean "title"?'],
  [{ fields: { 'Book.toString': {} } }, 'fields.Book.toString: there is no such field.'],
  [title('5s'), 'fields.Book.title: must be a policy, but is "5s".'],
  [
    title({ timeout: 'x' }),
    `fields.Book.title.timeout: "x" is no duration: write e.g. '800ms', '5s', '10m', '2h' or '1d'.`,
  ],
  [title({ retry: {} }), 'fields.Book.title.retry: is for whole subgraphs; a field has timeout and breaker.'],
  [title({ retries: {} }), 'fields.Book.title.retries: there is no such key.'],
  [
    { fields: { 'Change.rename': { timeout: '1s' } } },
    'fields.Change.rename: a mutation is asked for as it is, by the policy of its subgraph: leave it out.',
  ],
  [
    { fields: { 'Cover.colour': { timeout: '1s', breaker: {} } } },
    'fields.Cover.colour.timeout: Cover has no @key, so its fields are never asked for by themselves: leave it out.',
  ],
  [
    { fields: { 'Coloured.colour': { timeout: '1s' } } },
    'fields.Coloured.colour.timeout: Coloured has no @key, so its fields are never asked for by themselves: leave it out.',
  ],
  [
    { fields: { 'Book.shelf': { breaker: {} } } },
    'fields.Book.shelf.breaker: it is in a @key of Book, so it is always asked for: leave it out.',
  ],
  [
    title({ breaker: { opensAt: '200%' } }),
    `fields.Book.title.breaker.opensAt: must be a share between '1%' and '100%', but is "200%".`,
  ],
];

for (const [changes, problem] of mistakes) {
  test(`finds the mistake in ${JSON.stringify(changes)}`, () => {
    assert.deepEqual(checkBff(declared(changes), graph), [problem]);
  });
}

test('finds all mistakes at once, also where no graph is there to look names up', () => {
  const changes = {
    timeout: 0,
    subgraphs: {
      library: { retry: { attempts: 0, budget: 0 }, breaker: { of: 0, for: 0, opensAt: 0 }, hedge: {} },
    },
    fields: { 'Book.titel': { timeout: 0, x: 1 } },
  };
  assert.equal(checkBff(declared(changes), graph).length, 10);
  const { document: _, ...without } = graph;
  assert.equal(checkBff(declared(changes), without).length, 9);
});
