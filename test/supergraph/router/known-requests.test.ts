// Holds a router to one behaviour: whether Apollo Server reads a request or the router knows it, all that is seen is alike.
import { createHash } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { type FixtureGraph, startFixtureGraph } from '../fixtures/fixture-graph.ts';
import { deadUrl, type RawServer, startRawServer } from '../fixtures/raw-server.ts';
import { get, post, preflighted, type RouterPair, type Sent, startPair } from './router-pair.ts';

let graph: FixtureGraph;
let library: RawServer;
/** All subgraphs answer. */
let whole: RouterPair;
/** One of them is down. */
let broken: RouterPair;
/** One of them says things in headers, which clients get. */
let telling: RouterPair;

before(async () => {
  graph = await startFixtureGraph();
  library = await startRawServer(tell({}));
  const nobody = await deadUrl();
  whole = await startPair(graph, { headers: ['Accept-Language'] });
  broken = await startPair(graph, {}, (name) => (name === 'post' ? nobody : undefined));
  telling = await startPair(
    graph,
    { answerHeaders: ['Cache-Control', 'Set-Cookie', 'Vary', 'x-list'] },
    (name) => (name === 'library' ? library.url : undefined),
  );
});
after(async () => {
  for (const pair of [whole, broken, telling]) await pair?.stop();
  await library?.stop();
  await graph?.stop();
});

function tell(
  headers: Record<string, string | string[]>,
  answer = '{"data":{"ledger":"l"}}',
): RequestListener {
  return (_, response) => response.writeHead(200, headers).end(answer);
}

const deep = '['.repeat(100_000) + ']'.repeat(100_000);
const query = '{ books { title postage } }';
const byId = 'query($id: ID!) { book(id: $id) { title } }';
const first = 'query($n: Int = 1) { books(first: $n) { title } }';
const two = 'query A { book(id: "b1") { title } } query B { books { format } }';
const rename = 'mutation($title: String!) { rename(id: "b1", title: $title) { title postage } }';
const include =
  'query($more: Boolean!, $less: Boolean = false) { books { title @skip(if: $less) postage @include(if: $more) } }';
const sha256Hash = createHash('sha256').update(query).digest('hex');
const persistedQuery = { version: 1, sha256Hash };

const operations: [string, ...Sent[]][] = [
  ['data of two subgraphs', post(200, { query })],
  ['null for what is not there', post(200, { query: '{ book(id: "b9") { title } }' })],
  ['errors beside data', post(200, { query: '{ books { title } fail(with: FORBIDDEN) }' })],
  ['errors without a place for them', post(200, { query: '{ a: fail(with: CRASH) b: fail(with: LEAK) }' })],
  [
    'a caller without a token, and one with it',
    post(200, { query: '{ whoami }' }),
    post(200, { query: '{ whoami }' }, { authorization: 'Bearer t' }),
  ],
  [
    'headers that subgraphs get',
    post(200, { query }, { 'accept-language': 'de' }),
    post(200, { query }, { 'accept-language': '' }),
    post(200, { query }),
  ],
  [
    'variables, and what is none',
    ...[{ id: 'b1' }, { id: 'b2', other: 1 }, { id: 7 }].map((variables) =>
      post(200, { query: byId, variables }),
    ),
    ...[{ id: null }, { id: {} }, {}, null, undefined].map((variables) =>
      post(400, { query: byId, variables }),
    ),
  ],
  [
    'variables that are no object',
    post(200, { query: first }),
    ...['x', [], 7, true].map((variables) => post(400, { query: first, variables })),
  ],
  [
    'a variable with a default value',
    ...[{ n: 2 }, { n: null }, {}, null, undefined].map((variables) =>
      post(200, { query: first, variables }),
    ),
    post(400, { query: first, variables: { n: 'many' } }),
  ],
  [
    'a variable that only the subgraph can judge',
    ...['a, b', 'a'].map((a) =>
      post(200, { query: 'query($a: Address!) { isGood(address: $a) }', variables: { a } }),
    ),
  ],
  [
    'conditions by variables',
    ...[{ more: true }, { more: false }, { more: true, less: true }, { more: false, less: true }].map(
      (variables) => post(200, { query: include, variables }),
    ),
    post(400, { query: include }),
  ],
  [
    'one text with several operations',
    post(200, { query: two, operationName: 'A' }),
    post(200, { query: two, operationName: 'B' }),
    ...['C', '', null, undefined].map((operationName) => post(400, { query: two, operationName })),
  ],
  [
    'the name of the only operation',
    post(200, { query: 'query A { __typename }', operationName: 'A' }),
    post(200, { query: 'query A { __typename }' }),
    post(200, { query: 'query A { __typename }', operationName: null }),
    post(400, { query: 'query A { __typename }', operationName: 'null' }),
    post(400, { query: 'query A { __typename }', operationName: 7 }),
  ],
  [
    'texts that differ in white space',
    ...['{books{title}}', '{ books { title } }', ' { books { title } }\n', '{ books { title } } # b'].map(
      (query) => post(200, { query }),
    ),
  ],
  [
    'texts with escapes',
    post(200, '{"query":"{ books { t\\u0069tle } }"}'),
    post(200, '{"query":"{ books { title } }"}'),
    post(400, '{"query":"{ books { title } }\\u0000"}'),
  ],
  [
    'bodies that differ in their order',
    post(200, '{"query":"query A { __typename }","operationName":"A"}'),
    post(200, ' { "operationName" : "A" , "query" : "query A { __typename }" } '),
  ],
  ['a key that is there twice', post(200, '{"query":"{ books { title } }","query":"{ books { format } }"}')],
  ['keys that nobody knows', post(200, { query, id: 7, doc: { query: '{' } })],
  [
    'a mutation',
    ...['x', 'y', 'x'].map((title) => post(200, { query: rename, variables: { title } })),
    post(400, { query: rename }),
  ],
  [
    'mutations of which one fails',
    post(200, {
      query:
        'mutation { a: rename(id: "b1", title: "x") { title } b: rename(id: "b9", title: "x") { format } }',
    }),
  ],
  [
    '__typename alone',
    post(200, { query: '{ __typename }' }),
    post(200, { query: 'mutation { a: __typename }' }),
  ],
  [
    'introspection',
    post(200, { query: '{ __schema { queryType { name fields { name } } } }' }),
    ...['Book', 'Shelf'].map((n) =>
      post(200, {
        query: 'query($n: String!) { __type(name: $n) { name kind } books { title } }',
        variables: { n },
      }),
    ),
  ],
  [
    'aliases and fragments',
    post(200, { query: '{ b: books { ...f t: title } } fragment f on Book { postage title }' }),
  ],
  [
    'what is refused by its text',
    ...['{', '{ shelf }', 'subscription { x }', 'fragment f on Book { title }', ''].map((query) =>
      post(400, { query }),
    ),
  ],
  [
    'an operation that is too large',
    post(400, {
      query: `{ ${Array.from({ length: 2_001 }, (_, index) => `a${index}: __typename`).join(' ')} }`,
    }),
  ],
  ['a very long text', post(200, { query: `{ books { title } } #${'x'.repeat(900_000)}` })],
  ['a body that is too long', post(413, { query: `{ books { title } } #${'x'.repeat(1_100_000)}` })],
];

const accepted: [string | undefined, number, number][] = [
  [undefined, 200, 400],
  ['', 200, 400],
  ['*/*', 200, 400],
  ['application/*', 200, 400],
  ['application/json', 200, 200],
  ['application/json; charset=utf-8', 200, 200],
  ['application/graphql-response+json', 200, 400],
  ['application/graphql-response+json, application/json;q=0.9', 200, 400],
  ['application/graphql-response+json;q=0.1, application/json;q=0.9', 200, 400],
  ['application/json;q=0', 406, 406],
  ['text/html', 406, 406],
  ['text/html, */*;q=0.1', 200, 400],
  ['multipart/mixed', 406, 406],
  ['\u00e4', 406, 406],
];

const requests: [string, ...Sent[]][] = [
  [
    'other content types',
    ...[
      'application/json; charset=utf-8',
      'Application/JSON',
      'application/json;charset=latin1',
      'application/json; x',
    ].map((type) => post(200, { query }, { 'content-type': type })),
    ...[
      'application/graphql+json',
      'application/xml',
      'application/jsonx',
      'multipart/form-data; boundary=x',
    ].map((type) => post(415, { query }, { 'content-type': type })),
  ],
  [
    'plain text, as any page could send it',
    post(400, { query }, { 'content-type': 'text/plain' }),
    post(400, { query }, { 'content-type': 'text/plain', ...preflighted }),
  ],
  ['a byte order mark', post(200, `\ufeff${JSON.stringify({ query })}`)],
  [
    'what is no JSON',
    ...['', ' ', '{', '{"query":', `${JSON.stringify({ query })}x`, 'null', '7', '"x"', '[]', '{}'].map(
      (body) => post(400, body),
    ),
  ],
  [
    'extensions nested very deep',
    ...['persistedQuery', 'other'].map((name) =>
      post(400, `{"query":"{ ledger }","extensions":{"${name}":${deep}}}`),
    ),
  ],
  ['a batch', post(400, [{ query }]), post(400, [{ query }, { query }])],
  [
    'a query that is no text',
    ...[7, null, [], { kind: 'Document' }, true, undefined].map((query) => post(400, { query, id: 1 })),
  ],
  [
    'keys that reach for prototypes',
    ...[
      '{"query":"{ __typename }","__proto__":{"variables":{}}}',
      '{"query":"{ __typename }","variables":{"__proto__":{}}}',
      '{"__proto__":{"query":"{ __typename }"}}',
      '{"query":"{ __typename }","constructor":{"prototype":{}}}',
      '{"query":"{ __typename }","extensions":{"__proto__":{"persistedQuery":1}}}',
    ].map((body) => post(400, body)),
    post(200, '{"query":"{ __typename }","constructor":1,"toString":2}'),
  ],
  [
    'extensions',
    ...[{}, null, { clientLibrary: { name: 'c', version: '1' } }, { toString: 1 }].map((extensions) =>
      post(200, { query, extensions }),
    ),
    ...['x', [], 7].map((extensions) => post(400, { query, extensions })),
  ],
  [
    'a persisted query',
    post(200, { query }),
    post(200, { query, extensions: { persistedQuery } }),
    post(200, { extensions: { persistedQuery } }),
    post(200, { query, extensions: { persistedQuery: null } }),
    post(400, { query: '{ __typename }', extensions: { persistedQuery } }),
    post(400, { query, extensions: { persistedQuery: { ...persistedQuery, version: 2 } } }),
  ],
  [
    'a persisted query that nobody sent',
    post(200, { extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } }),
  ],
  [
    'the plan beside the answer',
    post(200, { query }),
    ...['1', '0', ''].map((plan) => post(200, { query }, { 'x-query-plan': plan })),
    post(200, { query }),
  ],
  [
    'who the client is',
    ...['ios', 'android', ''].map((name) =>
      post(200, { query }, { 'apollographql-client-name': name, 'apollographql-client-version': '1' }),
    ),
  ],
  [
    'another origin',
    ...['https://shop.example', 'https://evil.example'].map((origin) => post(200, { query }, { origin })),
  ],
  [
    'an address with a query of its own',
    { ...post(200, { query }), path: '/graphql?query=%7B&operationName=X' },
  ],
  [
    'a GET',
    get(200, { query }, preflighted),
    get(200, { query: byId, variables: '{"id":"b1"}' }, preflighted),
    get(400, { query: byId }, preflighted),
    get(400, {}, preflighted),
    get(400, { query }),
  ],
  ['a GET that says it has JSON', get(200, { query }, { 'content-type': 'application/json' })],
  [
    'a mutation by GET',
    get(405, { query: 'mutation { rename(id: "b1", title: "x") { title } }' }, preflighted),
  ],
  [
    'a GET after a POST of the same',
    post(200, { query }),
    get(400, { query }),
    get(200, { query }, preflighted),
  ],
  [
    'a GET with the body of a POST',
    {
      ...post(400, { query }),
      method: 'GET',
      headers: { ...preflighted, 'content-length': '39', 'content-type': 'application/json' },
    },
  ],
  ['HEAD', { ...get(405, { query }, preflighted), method: 'HEAD' }],
  [
    'OPTIONS',
    {
      ...post(204, ''),
      method: 'OPTIONS',
      headers: { origin: 'https://shop.example', 'access-control-request-method': 'POST' },
    },
    { ...post(400, ''), method: 'OPTIONS' },
  ],
  ['another method', { ...post(404, { query }), method: 'PUT' }],
  [
    'a body that is packed',
    post(200, gzipSync(JSON.stringify({ query })), { 'content-encoding': 'gzip' }),
    post(400, { query }, { 'content-encoding': 'gzip' }),
  ],
];

describe('a request is answered alike, whether it is known or not:', () => {
  for (const [name, ...all] of [...operations, ...requests]) test(name, () => whole.compare(all));

  for (const [accept, good, bad] of accepted) {
    test(`accept: ${accept ?? 'nothing'}`, () =>
      whole.compare([
        post(good, { query }, accept === undefined ? {} : { accept }),
        post(bad, { query: byId }, accept === undefined ? {} : { accept }),
      ]));
  }

  test('every accept by turns', () =>
    whole.compare(
      accepted.map(([accept, good]) => post(good, { query }, accept === undefined ? {} : { accept })),
    ));
});

describe('a request that a subgraph does not answer is answered alike, whether it is known or not:', () => {
  const cases: [string, ...Sent[]][] = [
    ['errors beside data', post(200, { query: '{ books { title reservations } }' })],
    ['no data at all, because what is missing must not be null', post(200, { query })],
    ['a mutation of which a part cannot be told', post(200, { query: rename, variables: { title: 'x' } })],
  ];
  for (const [name, ...all] of cases) test(name, () => broken.compare(all));
});

describe('what subgraphs say in headers is told alike, whether the request is known or not:', () => {
  const minute = { 'cache-control': 'public, max-age=60' };
  const cases: [string, RequestListener][] = [
    ['nothing', tell({})],
    ['how long it may be kept', tell(minute)],
    ['cookies', tell({ ...minute, 'set-cookie': ['a=1', 'b=2', 'a=1'] })],
    ['lists', tell({ ...minute, vary: 'x-a', 'x-list': ['1', '2'], 'x-other': '3' })],
    ['another content type', tell({ ...minute, 'content-type': 'application/graphql-response+json' })],
    ['an error beside', tell(minute, '{"data":{"ledger":null},"errors":[{"message":"x"}]}')],
    ['no answer', (request) => request.socket.destroy()],
  ];
  for (const [name, listener] of cases) {
    test(name, async () => {
      library.answerWith(listener);
      await telling.compare([
        post(200, { query: '{ ledger }' }),
        post(200, { query: '{ ledger }' }, { origin: 'https://shop.example' }),
      ]);
    });
  }

  test('a mutation is never kept', async () => {
    library.answerWith(tell({ ...minute, 'set-cookie': 'a=1' }, '{"data":{"rename":{"format":"PAPER"}}}'));
    await telling.compare([post(200, { query: 'mutation { rename(id: "b1", title: "x") { format } }' })]);
  });
});
