// Holds the masking of errors: which codes and words pass, and that what looks like a detail of ours never does.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { errorTable } from '../../../supergraph/foundation/errors.ts';
import { maskError, maskSubgraphErrors } from '../../../supergraph/foundation/mask-errors.ts';

const maskSubgraphError = (error: unknown, query: string) => maskSubgraphErrors([error], query)[0];

const query = '{ find(text: "x") }';

describe('an error of a subgraph with a code for clients', () => {
  const leaking = [
    'http://10.0.0.7/x refused',
    'redis://cache is gone',
    'connect to 10.0.0.7',
    'cannot reach catalog-db:5432',
    'localhost:4102 refused',
    'TypeError: x\n    at f (/app/x.js:1:1)',
    'failed in /srv/app/resolvers.ts',
    'read ECONNRESET',
    'getaddrinfo ENOTFOUND catalog.internal',
    'x'.repeat(1001),
    '',
  ];
  for (const message of leaking) {
    test(`has other words than ${JSON.stringify(message.slice(0, 40))}`, () => {
      assert.deepEqual(maskSubgraphError({ message, extensions: { code: 'NOT_FOUND' } }, query), {
        message: errorTable.NOT_FOUND.message,
        extensions: { code: 'NOT_FOUND' },
      });
    });
  }

  const fine = [
    'Only 3 are left.',
    'Use a date such as 2026-11-15T12:00:00Z.',
    'Half/half is no size.',
    'At 10:30 it was gone.',
  ];
  for (const message of fine) {
    test(`keeps ${JSON.stringify(message)}, and its path`, () => {
      const error = { message, path: ['a', 0], extensions: { code: 'CONFLICT', internal: 1 } };
      assert.deepEqual(maskSubgraphError(error, query), {
        message,
        path: ['a', 0],
        extensions: { code: 'CONFLICT' },
      });
    });
  }
});

describe('an error of a subgraph becomes INTERNAL_SERVER_ERROR when', () => {
  const cases: [string, unknown][] = [
    ['it has no code', { message: 'x' }],
    ['its code is unknown', { message: 'x', extensions: { code: 'E_POOL' } }],
    ['its code is the routers own', { message: 'x', extensions: { code: 'SUBGRAPH_TIMEOUT' } }],
    [
      'it is about a field of our query',
      {
        message: 'Cannot query field',
        locations: [{ line: 1, column: 3 }],
        extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
      },
    ],
    [
      'it is about our own variable',
      { message: 'Variable "$representations"', extensions: { code: 'BAD_USER_INPUT' } },
    ],
    ['it is no object', 'x'],
    ['it is null', null],
  ];
  for (const [name, error] of cases) {
    test(name, () => {
      assert.deepEqual(maskSubgraphError(error, query), {
        message: errorTable.INTERNAL_SERVER_ERROR.message,
        extensions: { code: 'INTERNAL_SERVER_ERROR' },
      });
    });
  }
});

test('a validation error at a literal is the mistake of the client who wrote it', () => {
  const error = {
    message: 'No such text.',
    locations: [{ line: 1, column: 14 }],
    extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
  };
  assert.deepEqual(maskSubgraphError(error, query), {
    message: 'No such text.',
    extensions: { code: 'BAD_USER_INPUT' },
  });
});

test('the last net keeps the words of rows that have a reason, and takes those of the table for all others', () => {
  const path = ['a'];
  const locations = [{ line: 1, column: 1 }];
  assert.deepEqual(
    maskError({
      message: 'why',
      path,
      locations,
      extensions: { code: 'BAD_USER_INPUT', stacktrace: ['at'] },
    }),
    {
      message: 'why',
      path,
      locations,
      extensions: { code: 'BAD_USER_INPUT' },
    },
  );
  for (const code of ['INTERNAL_SERVER_ERROR', 'E_POOL', undefined]) {
    assert.deepEqual(maskError({ message: 'secret', extensions: { code } }), {
      message: errorTable.INTERNAL_SERVER_ERROR.message,
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    });
  }
});
