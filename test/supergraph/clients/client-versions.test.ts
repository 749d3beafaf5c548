// Holds a router to what is declared of its clients: floors, sunsets, bounds of arguments, fields for some of them.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { compose } from '../../../supergraph/composition/compose.ts';
import type { ClientsDeclaration } from '../../../supergraph/declaration/clients-declaration.ts';
import { defineBff } from '../../../supergraph/declaration/define-bff.ts';
import { allowedFor } from '../../../supergraph/declaration/rule-words.ts';
import { systemClock } from '../../../supergraph/foundation/clock.ts';
import { type FixtureGraph, schemaOf, startFixtureGraph } from '../fixtures/fixture-graph.ts';
import { type Answer, type RouterUnderTest, startTestRouter } from '../fixtures/router-under-test.ts';

let graph: FixtureGraph;
before(async () => {
  graph = await startFixtureGraph();
});
after(() => graph?.stop());

const store = 'https://apps.example/tributary';
const clients: ClientsDeclaration = {
  ios: { minimum: '3.0.0', sunset: { '3.4.0': '2027-03-31', '3.2.0': '2026-12-31' }, store },
  android: { minimum: '3.2.0' },
  web: { arguments: { first: { default: 1, maximum: 2 } } },
};
const headersOf = (name?: string, version?: string): Record<string, string> => ({
  ...(name !== undefined && { 'apollographql-client-name': name }),
  ...(version !== undefined && { 'apollographql-client-version': version }),
});
const codes = ({ body }: Answer): unknown =>
  body.errors?.map(({ extensions }) => extensions['code']) ?? body.data;
const titles = '{ books { title } }';

describe('versions', () => {
  let router: RouterUnderTest;
  let now = Date.parse('2026-12-01T00:00:00Z');
  before(async () => {
    router = await startTestRouter(graph.supergraphSdl, {
      bff: defineBff({ name: 'test', port: 0, clients }),
      clock: { ...systemClock, now: () => now },
    });
  });
  after(() => router?.stop());

  const cases: [string, string | undefined, string | undefined, string, string | number | undefined][] = [
    ['a version below the floor is refused', 'ios', '2.9.9', '2026-12-01', 426],
    ['so is one without a version', 'ios', undefined, '2026-12-01', 426],
    ['or with one that is none', 'ios', 'latest', '2026-12-01', 426],
    ['the floor itself is answered', 'android', '3.2', '2026-12-01', undefined],
    ['whatever stands behind the number', 'android', 'v3.2.0-beta (451)', '2026-12-01', undefined],
    ['numbers are compared as numbers', 'android', '3.10.0', '2026-12-01', undefined],
    ['the first sunset that concerns it is told', 'ios', '3.1.0', '2026-12-01', '2026-12-31'],
    ['another concerns newer ones', 'ios', '3.3.9', '2026-12-01', '2027-03-31'],
    ['and none the newest', 'ios', '3.4.0', '2026-12-01', undefined],
    ['until its day it is answered', 'ios', '3.1.0', '2026-12-30T23:59:59.999Z', '2026-12-31'],
    ['and from then on no more', 'ios', '3.1.0', '2026-12-31', 426],
    ['while newer ones are', 'ios', '3.3.0', '2026-12-31', '2027-03-31'],
    ['clients of which nothing is said are answered', 'partner', '0.0.1', '2028-01-01', undefined],
    ['so are those that say nothing', undefined, undefined, '2028-01-01', undefined],
    ['and those that say too much', 'x'.repeat(5000), '1', '2028-01-01', undefined],
    ['a number may begin with zeros', 'ios', '03.04.0', '2026-12-01', undefined],
    ['a name of every object is no client', 'constructor', '1.0.0', '2028-01-01', undefined],
  ];
  for (const [name, client, version, at, expected] of cases) {
    test(name, async () => {
      now = Date.parse(at);
      graph.seen.length = 0;
      // The second time it is known.
      for (const _ of [1, 2]) {
        const answer = await router.ask(titles, { headers: headersOf(client, version) });
        if (expected === 426) {
          assert.equal(answer.status, 426);
          assert.deepEqual(answer.body.errors, [
            {
              message: 'This version is too old to be answered: get a newer one.',
              extensions: { code: 'CLIENT_UPGRADE_REQUIRED', ...(client === 'ios' && { store }) },
            },
          ]);
          assert.deepEqual(graph.seen, []);
        } else {
          assert.equal(answer.status, 200);
          const sunset = expected === undefined ? null : new Date(expected).toUTCString();
          assert.equal(answer.headers.get('sunset'), sunset);
          assert.equal(answer.headers.get('link'), sunset && `<${store}>; rel="sunset"`);
        }
      }
    });
  }

  test('a refusal is of the type that the client takes for GraphQL', async () => {
    const accepting = 'application/graphql-response+json,application/json;q=0.9';
    const { headers } = await router.ask(titles, {
      headers: { ...headersOf('ios', '1.0.0'), accept: accepting },
    });
    assert.match(headers.get('content-type') ?? '', /^application\/graphql-response\+json/);
  });
});

describe('bounds of arguments', () => {
  let router: RouterUnderTest;
  before(async () => {
    router = await startTestRouter(graph.supergraphSdl, {
      bff: defineBff({ name: 'test', port: 0, clients }),
    });
  });
  after(() => router?.stop());

  const one = { books: [{ title: 'Middlemarch' }] };
  const two = { books: [{ title: 'Middlemarch' }, { title: 'War and Peace' }] };
  const cases: [string, string | undefined, string, object, unknown][] = [
    ['what is left out is the default', 'web', titles, {}, one],
    ['for this client alone', 'ios-web', titles, {}, two],
    ['and nobody', undefined, titles, {}, two],
    ['in a fragment too', 'web', '{ ...F } fragment F on Query { books { title } }', {}, one],
    ['what is given is taken', 'web', '{ books(first: 2) { title } }', {}, two],
    ['too much is refused', 'web', '{ books(first: 3) { title } }', {}, ['BAD_USER_INPUT']],
    ['for this client alone, too', undefined, '{ books(first: 3) { title } }', {}, two],
    ['in a variable', 'web', 'query ($n: Int) { books(first: $n) { title } }', { n: 3 }, ['BAD_USER_INPUT']],
    ['a variable is taken', 'web', 'query ($n: Int) { books(first: $n) { title } }', { n: 2 }, two],
    ['one that is left out is the default', 'web', 'query ($n: Int) { books(first: $n) { title } }', {}, one],
    ['but its own default is its own', 'web', 'query ($n: Int = 2) { books(first: $n) { title } }', {}, two],
    [
      'which may be too much',
      'web',
      'query ($n: Int = 3) { books(first: $n) { title } }',
      {},
      ['BAD_USER_INPUT'],
    ],
    [
      'named as a member of every object',
      'web',
      'query ($toString: Int) { books(first: $toString) { title } }',
      { toString: 3 },
      ['BAD_USER_INPUT'],
    ],
    [
      'its default likewise',
      'web',
      'query ($valueOf: Int = 3) { books(first: $valueOf) { title } }',
      {},
      ['BAD_USER_INPUT'],
    ],
    ['and left out', 'web', 'query ($constructor: Int) { books(first: $constructor) { title } }', {}, one],
    ['null is as good as nothing', 'web', '{ books(first: null) { title } }', {}, one],
    ['in a variable, too', 'web', 'query ($n: Int) { books(first: $n) { title } }', { n: null }, one],
    [
      'a variable named as ours is theirs',
      'web',
      'query ($bound0: Int, $n: Int) { books(first: $n) { title } a: books(first: $bound0) { title } }',
      { bound0: 2 },
      { ...one, a: two.books },
    ],
    [
      'one that is sent and not declared is nothing',
      'web',
      'query ($n: Int) { books(first: $n) { title } }',
      { bound0: 2 },
      one,
    ],
    [
      'of several operations each has its own',
      'web',
      'query A { books(first: 3) { title } }',
      {},
      ['BAD_USER_INPUT'],
    ],
  ];
  for (const [name, client, query, variables, expected] of cases) {
    test(name, async () => {
      for (const _ of [1, 2]) {
        const answer = await router.ask(query, { variables, headers: headersOf(client, '1.0.0') });
        assert.deepEqual(codes(answer), expected);
      }
    });
  }
});

describe('fields for certain clients', () => {
  let router: RouterUnderTest;
  before(async () => {
    const [library, post] = graph.schemas;
    assert.ok(library && post);
    const { loc } = library.document;
    const sdl = (loc?.source.body ?? '')
      .replace(
        'extend schema',
        'extend schema @link(url: "https://specs.tributary.dev/clients/v0.1", import: ["@allowedFor"]) @composeDirective(name: "@allowedFor")',
      )
      .replace('"@tag"', '"@tag", "@composeDirective"')
      .replace('ledger: String', 'ledger: String @allowedFor(clients: ["ios >=3.2.0", "web"])');
    const typeDefs = `${sdl}\ndirective @allowedFor(clients: [String!]!) on FIELD_DEFINITION`;
    router = await startTestRouter(compose([schemaOf('library', typeDefs, library.url), post]), {
      bff: defineBff({
        name: 'test',
        port: 0,
        permissions: { Book: { title: allowedFor('ios <4', 'web', 'tv >=1 <2') } },
      }),
    });
  });
  after(() => router?.stop());

  const ledger = '{ ledger }';
  const title = '{ book(id: "b1") { title } }';
  const cases: [string, string, string | undefined, string | undefined, boolean][] = [
    ['a version from a number on', ledger, 'ios', '3.2.0', true],
    ['an older one may not', ledger, 'ios', '3.1.9', false],
    ['one that says no version may not', ledger, 'ios', undefined, false],
    ['another client, whatever its version', ledger, 'web', undefined, true],
    ['others may not', ledger, 'tv', '9.0.0', false],
    ['nor those that say nothing', ledger, undefined, undefined, false],
    ['in a declaration: a version below a number', title, 'ios', '3.9.9', true],
    ['one above may not', title, 'ios', '4.0.0', false],
    ['one between two', title, 'tv', '1.5', true],
    ['others may not here either', title, undefined, '1.0.0', false],
  ];
  for (const [name, query, client, version, isAllowed] of cases) {
    test(name, async () => {
      for (const _ of [1, 2]) {
        const answer = await router.ask(query, { headers: headersOf(client, version) });
        const denied = answer.body.errors?.map(({ extensions, path }) => [extensions['code'], path?.at(-1)]);
        const field = query === ledger ? 'ledger' : 'title';
        assert.deepEqual(denied, isAllowed ? undefined : [['FORBIDDEN', field]]);
      }
    });
  }
});

describe('deprecations', () => {
  test('are told to whoever asks', async (t) => {
    const [library, post] = graph.schemas;
    assert.ok(library && post);
    const sdl = (library.document.loc?.source.body ?? '').replace(
      'ledger: String',
      'ledger: String @deprecated(reason: "Use Query.books instead. Ends 2027-03-31.")',
    );
    const router = await startTestRouter(compose([schemaOf('library', sdl, library.url), post]));
    t.after(() => router.stop());
    for (const _ of [1, 2]) {
      const told = await router.ask('{ ledger }', { headers: { 'x-deprecations': '1' } });
      assert.deepEqual(told.body.extensions, {
        deprecations: [
          {
            coordinate: 'Query.ledger',
            reason: 'Use Query.books instead. Ends 2027-03-31.',
            successor: 'Query.books',
            ends: '2027-03-31',
          },
        ],
      });
      assert.equal((await router.ask('{ ledger }')).body.extensions, undefined);
    }
  });
});
