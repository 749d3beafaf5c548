// Sends a router operations and bodies that nobody would write: it answers each, in the words of its table, and stays awake.
import fc from 'fast-check';
import type { GraphQLSchema } from 'graphql';
import { generateOperation } from '../differential/operations/generate-operation.ts';
import { scalarLiterals } from '../security/shop/generated-answers.ts';
import { type FuzzReport, type Sent, startFuzzedRouter } from './fuzzed-router.ts';

interface FuzzOptions {
  /** How many operations, and as many bodies. */
  count: number;
  seed: number;
}

/** Of operations and of bodies, by these names. */
export async function fuzz({
  count,
  seed,
}: FuzzOptions): Promise<Record<'operations' | 'bodies', FuzzReport>> {
  const router = await startFuzzedRouter(120_000 + count * 60);
  try {
    const { clientSchema } = router;
    return {
      operations: await router.sendAll(sampled(operations(clientSchema), count, seed)),
      bodies: await router.sendAll(sampled(bodies(clientSchema), count, seed)),
    };
  } finally {
    await router.stop();
  }
}

function* sampled<Value>(arbitrary: fc.Arbitrary<Value>, count: number, seed: number): Iterable<Value> {
  const portion = 500;
  for (let from = 0; from < count; from += portion) {
    yield* fc.sample(arbitrary, { numRuns: Math.min(portion, count - from), seed: seed + from });
  }
}

/** Operations of the schema, of which most are changed in some places. */
function operations(schema: GraphQLSchema): fc.Arbitrary<Sent> {
  const given = drawn(schema);
  const changed = fc
    .tuple(given, fc.array(textChange(), { minLength: 1, maxLength: 2 }))
    .map(([operation, changes]) => ({
      ...operation,
      query: changes.reduce((text, change) => change(text), operation.query),
    }));
  return fc.oneof({ weight: 1, arbitrary: given }, { weight: 3, arbitrary: changed }).chain(asRequest);
}

interface Drawn {
  query: string;
  variables: unknown;
}

function drawn(schema: GraphQLSchema): fc.Arbitrary<Drawn> {
  return fc.integer({ min: 0, max: 2 ** 30 }).map((seed) => {
    const { source, variables } = generateOperation({ api: schema, literals: scalarLiterals, seed, runs: 1 });
    return { query: source, variables: variables[0] };
  });
}

const json = { 'content-type': 'application/json' };

function asRequest(operation: Drawn): fc.Arbitrary<Sent> {
  const variables = fc.oneof(
    { weight: 4, arbitrary: fc.constant(operation.variables) },
    { weight: 1, arbitrary: fc.object({ maxDepth: 4 }) },
  );
  return fc.tuple(variables, fc.integer({ min: 0, max: 9 })).map(([variables, way]): Sent => {
    const body = { query: operation.query, variables };
    if (way === 0) {
      const search = new URLSearchParams({ query: body.query, variables: JSON.stringify(variables) ?? '' });
      const headers = { 'apollo-require-preflight': 'x' };
      return { method: 'GET', path: `/graphql?${search}`, headers, body: undefined };
    }
    const text = JSON.stringify(way === 1 ? [body, body] : body);
    return { method: 'POST', path: '/graphql', headers: json, body: text };
  });
}

/** Pieces that mean something where they do not belong. */
const pieces = [
  ...['{', '}', '(', ')', '[', ']', ':', '!', '$', '@', '...', '"', '"""', '#', ',', '\\u{110000}', '\0'],
  ...['{ __typename', '__schema { types { name } }', '__type(name: "Product") { name }', '@skip(if: $no)'],
  ...[
    'fragment F on Query { ...F }',
    '...F',
    'subscription { x }',
    'mutation',
    'query Q',
    'query Q { me { id } }',
  ],
  ...[
    'null',
    'true',
    '-0',
    '1e999',
    '99999999999999999999',
    '"\\ud800"',
    '@defer',
    '@stream(initialCount: 1)',
  ],
  ...[
    '_entities(representations: [{ __typename: "User", id: "user-0001" }]) { __typename }',
    '_service { sdl }',
  ],
  ...['a: name a: id', '@include(if: true) '.repeat(30), '{ a '.repeat(60), '[['.repeat(80)],
  ...['constructor', '__proto__', 'toString', 'first: 2147483648', 'id: {}', 'é', '\uFEFF', '​'],
];

const selections = [
  ...[
    '__typename',
    'id',
    'name',
    'a: id',
    'id: name',
    '... { __typename }',
    '... @include(if: true) { id }',
    'x { y }',
  ],
  ...['...F', '...on User { email }', '...on Product { related(first: 24) { related(first: 24) { name } } }'],
  ...['__schema { types { name fields { name } } }', 'me { orders(first: 100) { nodes { number } } }'],
  ...[
    'products(first: 100) { nodes { name related(first: 24) { name reviews(first: 50) { nodes { body } } } } }',
  ],
  many(150, (index) => `a${index}: __typename`),
  `${'... { '.repeat(40)}__typename${' }'.repeat(40)}`,
  many(300, (index) => `...on Query @skip(if: ${index % 2 === 0}) { __typename }`),
];

function many(count: number, write: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => write(index)).join(' ');
}

type TextChange = (text: string) => string;

function textChange(): fc.Arbitrary<TextChange> {
  const place = fc.double({ min: 0, max: 1, noNaN: true });
  return fc.oneof(
    // Where a selection begins most pieces are still GraphQL.
    {
      weight: 4,
      arbitrary: fc.tuple(place, fc.constantFrom(...selections)).map(([at, piece]): TextChange => {
        return (text) => {
          const begins = text.indexOf('{', Math.floor(at * text.lastIndexOf('{')));
          return `${text.slice(0, begins + 1)} ${piece} ${text.slice(begins + 1)}`;
        };
      }),
    },
    fc.tuple(place, fc.constantFrom(...pieces)).map(([at, piece]): TextChange => {
      return (text) => inserted(text, at, ` ${piece} `);
    }),
    fc.tuple(place, fc.integer({ min: 1, max: 12 })).map(([at, length]): TextChange => {
      return (text) => text.slice(0, at * text.length) + text.slice(at * text.length + length);
    }),
    fc.tuple(place, place, place).map(([from, to, at]): TextChange => {
      return (text) => inserted(text, at, text.slice(from * text.length, to * text.length));
    }),
    fc.tuple(place, fc.string({ maxLength: 5 })).map(([at, given]): TextChange => {
      return (text) => inserted(text, at, given);
    }),
  );
}

function inserted(text: string, at: number, piece: string): string {
  const index = Math.floor(at * text.length);
  return text.slice(0, index) + piece + text.slice(index);
}

/** Bodies that were good before somebody changed bytes of them, or what is said of them. */
function bodies(schema: GraphQLSchema): fc.Arbitrary<Sent> {
  const whole = fc.oneof(
    drawn(schema).map((one) => JSON.stringify(one)),
    drawn(schema).map((one) => JSON.stringify({ ...one, operationName: 'x', extensions: { a: 1 } })),
    drawn(schema).map((one) => JSON.stringify([one, one])),
    fc.json({ maxDepth: 6 }),
    fc.constantFrom(
      ...[
        '',
        'null',
        '[]',
        '[null]',
        '{}',
        '{"query":null}',
        '{"query":{}}',
        '"',
        '\u0000',
        '{"query":"{__typename}"',
      ],
      ...['{"query":"{ __typename }","variables":[]}', '{"__proto__":{"query":"{ __typename }"}}'],
      '{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"ab"}}}',
      '{"query":"{__typename}","extensions":{"persistedQuery":{"version":2}}}',
      ...[
        '['.repeat(3_000),
        `{"query":"{ __typename }","variables":${'{"a":'.repeat(2_000)}1${'}'.repeat(2_000)}}`,
      ],
    ),
  );
  const change = fc.tuple(
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.integer({ min: 0, max: 3 }),
    fc.uint8Array({ minLength: 1, maxLength: 4 }),
  );
  const bytes = fc.tuple(whole, fc.array(change, { maxLength: 2 })).map(([text, changes]) =>
    changes.reduce((buffer, [at, dropped, put]) => {
      const index = Math.floor(at * buffer.length);
      return Buffer.concat([buffer.subarray(0, index), put, buffer.subarray(index + dropped)]);
    }, Buffer.from(text)),
  );
  return fc
    .tuple(bytes, headers(), fc.constantFrom(...paths))
    .map(([body, headers, path]): Sent => ({ method: 'POST', path, headers, body }));
}

/** The usual one most of all. */
const paths = [
  ...Array.from({ length: 20 }, () => '/graphql'),
  ...['/graphql?query={__typename}', '/graphql?', '/graphql/', '//graphql', '/graphql?variables=1'],
];

function headers(): fc.Arbitrary<Record<string, string>> {
  const types = [
    ...['application/json', 'application/json', 'application/json', 'application/json; charset=utf-8'],
    ...[
      'application/json; charset=latin1',
      'application/graphql',
      'text/plain',
      'multipart/form-data; boundary=x',
    ],
    ...['application/x-www-form-urlencoded', 'application/json, text/plain', ';', 'application/graphql+json'],
  ];
  const accepts = [
    '*/*',
    'application/json',
    'application/graphql-response+json',
    'text/html',
    'image/png',
    ', ,',
    'a'.repeat(500),
  ];
  const encodings = ['identity', 'gzip', 'br', 'deflate', 'gzip, gzip', 'zstd', 'x'];
  return fc
    .record(
      {
        // With another most are read no further.
        'content-type': fc.constantFrom(...Array.from({ length: 60 }, () => 'application/json'), ...types),
        accept: fc.constantFrom(...accepts),
        'content-encoding': fc.constantFrom(...Array.from({ length: 40 }, () => 'identity'), ...encodings),
        'accept-encoding': fc.constantFrom('gzip', 'br;q=1, *;q=0', ';;q=', 'identity;q=0'),
        authorization: fc.constantFrom(
          ...Array.from({ length: 40 }, () => ''),
          'Bearer x',
          'Bearer',
          'Basic eDp5',
          'bearer a.b.c',
          '\u00e9',
        ),
        'apollographql-client-name': fc.constantFrom('web', '__proto__', 'constructor', 'x'.repeat(300)),
        'x-query-plan': fc.constant('1'),
        'x-cache': fc.constant('1'),
        'x-cost': fc.constant('1'),
        'tributary-write': fc.constantFrom('x', '1.2.3', '='),
        'x-request-id': fc.constantFrom('a', '../../etc', 'x'.repeat(200)),
      },
      { requiredKeys: ['content-type'] },
    )
    .map((given) => {
      const said = Object.entries(given).filter(([name, value]) => name !== 'authorization' || value !== '');
      return Object.fromEntries(said);
    });
}
