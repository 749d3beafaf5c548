// Holds subgraphs inside the process to the answers of those behind HTTP: the same data, the same errors, the same codes.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  GraphQLEnumType,
  GraphQLError,
  GraphQLInt,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLScalarType,
  GraphQLSchema,
  GraphQLString,
} from 'graphql';
import { Cancellation } from '../../../supergraph/foundation/cancellation.ts';
import { createInProcessClient } from '../../../supergraph/transport/in-process-client.ts';
import {
  type RequestContext,
  type SubgraphResponse,
  subgraphOperation,
} from '../../../supergraph/transport/subgraph-client.ts';
import { codeOf } from './subgraph-under-test.ts';

interface Context {
  requestId: string;
  signal: AbortSignal;
}

const AnyValue = new GraphQLScalarType({ name: 'AnyValue' });
const Day = new GraphQLScalarType({
  name: 'Day',
  parseValue(value) {
    if (typeof value === 'string' && !Number.isNaN(Date.parse(value))) return new Date(value);
    throw new GraphQLError('A day looks like 2026-11-15.');
  },
  serialize: (value) => (value instanceof Date ? value.toISOString().slice(0, 10) : value),
});
const kept = { a: 1 };

const field = (
  type: typeof AnyValue | typeof Day,
  resolve: (args: unknown, context: Context) => unknown,
) => ({
  type,
  resolve: (_: unknown, args: unknown, context: Context) => resolve(args, context),
});

const schema = new GraphQLSchema({
  query: new GraphQLObjectType<unknown, Context>({
    name: 'Query',
    fields: {
      day: { ...field(Day, (args) => (args as { after: Date }).after), args: { after: { type: Day } } },
      date: field(AnyValue, () => new Date(0)),
      kept: field(AnyValue, () => kept),
      notNumber: field(AnyValue, () => Number.NaN),
      big: field(AnyValue, () => 10n),
      who: { type: GraphQLString, resolve: (_, __, { requestId }) => requestId },
      size: {
        type: new GraphQLEnumType({ name: 'Size', values: { SMALL: { value: 1 } } }),
        resolve: () => 1,
      },
      crash: {
        type: GraphQLString,
        resolve() {
          throw new TypeError('x of undefined');
        },
      },
      denied: {
        type: GraphQLString,
        resolve() {
          throw new GraphQLError('No.', { extensions: { code: 'FORBIDDEN', since: new Date(0) } });
        },
      },
      hole: { type: new GraphQLNonNull(GraphQLString), resolve: () => null },
      never: {
        type: GraphQLString,
        resolve: (_, __, { signal }) =>
          new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      },
    },
  }),
  mutation: new GraphQLObjectType({
    name: 'Mutation',
    fields: { count: { type: GraphQLInt, resolve: () => 3 } },
  }),
});

function ask(
  document: string,
  options: {
    variables?: string;
    context?: Partial<RequestContext>;
    timeout?: number;
    remembered?: number;
  } = {},
): Promise<SubgraphResponse> {
  const { variables = '{}', context = {}, timeout = 2000, remembered = 10 } = options;
  const client = createInProcessClient({ schema, timeout, remembered, contextValue: (given) => given });
  const operation = subgraphOperation(document.startsWith('mutation') ? 'mutation' : 'query', document);
  return client({ operation, variables }, { requestId: 'r-1', headers: {}, ...context });
}

const answers: { name: string; document: string; variables?: string; response: SubgraphResponse }[] = [
  { name: 'data', document: '{ who size }', response: { data: { who: 'r-1', size: 'SMALL' } } },
  { name: 'a mutation', document: 'mutation { count }', response: { data: { count: 3 } } },
  {
    name: 'variables through their scalars',
    document: 'query($d: Day) { day(after: $d) }',
    variables: '{"d":"2026-11-15T12:00:00Z"}',
    response: { data: { day: '2026-11-15' } },
  },
  {
    name: 'values of no JSON type as JSON writes them',
    document: '{ date notNumber }',
    response: { data: { date: '1970-01-01T00:00:00.000Z', notNumber: null } },
  },
  {
    name: 'an error without a code',
    document: '{ crash }',
    response: {
      data: { crash: null },
      errors: [{ message: 'x of undefined', locations: [{ line: 1, column: 3 }], path: ['crash'] }],
    },
  },
  {
    name: 'an error with a code',
    document: '{ denied }',
    response: {
      data: { denied: null },
      errors: [
        {
          message: 'No.',
          locations: [{ line: 1, column: 3 }],
          path: ['denied'],
          extensions: { code: 'FORBIDDEN', since: '1970-01-01T00:00:00.000Z' },
        },
      ],
    },
  },
  {
    name: 'no data at all',
    document: '{ hole }',
    response: {
      data: null,
      errors: [
        {
          message: 'Cannot return null for non-nullable field Query.hole.',
          locations: [{ line: 1, column: 3 }],
          path: ['hole'],
        },
      ],
    },
  },
];

describe('a subgraph inside the process answers', () => {
  for (const { name, document, variables = '{}', response } of answers) {
    test(name, async () => {
      assert.deepEqual(await ask(document, { variables }), response);
    });
  }

  const refusals: [string, string, string, RegExp][] = [
    ['{ nothing }', '{}', 'GRAPHQL_VALIDATION_FAILED', /Cannot query field "nothing"/],
    ['{ who', '{}', 'GRAPHQL_PARSE_FAILED', /Syntax Error/],
    ['query($d: Day) { day(after: $d) }', '{"d":"soon"}', 'BAD_USER_INPUT', /A day looks like/],
  ];
  for (const [document, variables, code, message] of refusals) {
    test(`${document} with ${variables} by ${code}`, async () => {
      const { data, errors } = await ask(document, { variables });
      const [error] = errors as [{ message: string; extensions: object }];
      assert.equal(data, undefined);
      assert.deepEqual(error.extensions, { code });
      assert.match(error.message, message);
    });
  }

  test('with nothing that a resolver keeps', async () => {
    const { data } = await ask('{ kept }');
    assert.deepEqual(data, { kept });
    assert.notEqual(data?.['kept'], kept);
  });

  test('the same when it remembers the document, and when it has forgotten it', async () => {
    const client = createInProcessClient({
      schema,
      timeout: 2000,
      remembered: 2,
      contextValue: (given) => given,
    });
    for (let round = 0; round < 3; round += 1) {
      for (const alias of ['a', 'b', 'c', 'a', 'a']) {
        const request = { operation: subgraphOperation('query', `{ ${alias}: who }`), variables: '{}' };
        const { data } = await client(request, { requestId: 'r', headers: {} });
        assert.deepEqual(data, { [alias]: 'r' });
      }
    }
  });
});

describe('a subgraph inside the process fails', () => {
  test('in its time limit, and its resolvers learn of it', async () => {
    let ended: AbortSignal | undefined;
    const client = createInProcessClient({
      schema,
      timeout: 50,
      contextValue(context) {
        ended = context.signal;
        return context;
      },
    });
    const request = { operation: subgraphOperation('query', '{ never }'), variables: '{}' };
    assert.equal(await codeOf(client(request, { requestId: 'r', headers: {} })), 'SUBGRAPH_TIMEOUT');
    assert.equal(ended?.aborted, true);
  });

  test('when the request’s own time is over, of which its resolvers learn what is left', async () => {
    const told: (number | undefined)[] = [];
    const client = createInProcessClient({
      schema,
      timeout: 5000,
      contextValue(context) {
        told.push(context.deadline);
        return context;
      },
    });
    const request = { operation: subgraphOperation('query', '{ never }'), variables: '{}' };
    const began = performance.now();
    for (const deadline of [began + 50, began]) {
      const code = await codeOf(client(request, { requestId: 'r', headers: {}, deadline }));
      assert.equal(code, 'SUBGRAPH_TIMEOUT');
    }
    assert.ok(performance.now() - began < 2000);
    assert.equal(told.length, 1, 'what has no time does not begin');
    assert.ok(Math.abs((told[0] ?? 0) - began - 50) < 5);
  });

  test('when nobody waits any more, at once or before it began', async () => {
    const signal = new Cancellation();
    const code = codeOf(ask('{ never }', { context: { signal } }));
    signal.abort(new Error('gone'));
    assert.equal(await code, 'REQUEST_CANCELLED');
    assert.equal(await codeOf(ask('{ who }', { context: { signal } })), 'REQUEST_CANCELLED');
  });

  const broken: [string, () => Promise<unknown>][] = [
    ['its context cannot be made', () => askWith(() => assert.fail('no context'))],
    ['its context is never made', () => askWith(() => Promise.reject(new Error('no context')))],
    ['an answer has no form in JSON', () => ask('{ big }')],
    ['the variables are no JSON', () => ask('{ who }', { variables: '{' })],
  ];
  for (const [name, asking] of broken) {
    test(`with a code of the table when ${name}`, async () => {
      assert.equal(await codeOf(asking()), 'INTERNAL_SERVER_ERROR');
    });
  }
  function askWith(contextValue: () => unknown): Promise<unknown> {
    const client = createInProcessClient({ schema, timeout: 2000, contextValue });
    const request = { operation: subgraphOperation('query', '{ who }'), variables: '{}' };
    return client(request, { requestId: 'r', headers: {} });
  }
});

test('a subgraph inside the process leaves no listener behind', async () => {
  const signal = new Cancellation();
  const asked = ['{ who }', '{ crash }', '{ nothing }', '{ never }'].flatMap((document) =>
    Array.from({ length: 25 }, () => codeOf(ask(document, { timeout: 50, context: { signal } }))),
  );
  await Promise.all(asked);
  assert.equal(signal.size, 0);
});

test('says nothing about being kept', async () => {
  const told: [string, string][] = [];
  await ask('{ who }', { context: { answerHeader: (name, value) => told.push([name, value]) } });
  assert.deepEqual(told, [['cache-control', '']]);
});
