// Holds what is asked of `_entities` to naming entities by their keys: what does not is told so alone, and is no failure of ours.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type RunningSubgraph, serveSubgraph } from '../../../subgraphs/kit/serve-subgraph.ts';
import { startEmbedded, type TestEmbedded } from '../../support/databases.ts';
import type { GraphQLBody } from '../../support/subgraph.ts';
import { librarySubgraph } from './library/library.ts';

describe('a representation', { timeout: 60_000 }, () => {
  let database: TestEmbedded;
  let library: RunningSubgraph;
  before(async () => {
    database = await startEmbedded();
    library = await serveSubgraph(librarySubgraph(), {
      host: '127.0.0.1',
      port: 0,
      database,
      jwksUrl: 'http://127.0.0.1:1/',
      issuer: 'nobody',
      audience: 'nobody',
      logLevel: 'error',
    });
  });
  after(async () => {
    await library?.stop();
    await database?.stop();
  });
  const good = { __typename: 'Book', id: 'book-1' };
  async function ask(representations: readonly unknown[]): Promise<GraphQLBody> {
    const query = `query ($given: [_Any!]!) { _entities(representations: $given) { ... on Book { id } } }`;
    const response = await fetch(library.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables: { given: representations } }),
    });
    return (await response.json()) as GraphQLBody;
  }

  const refused: [what: string, representation: unknown, sentence: RegExp][] = [
    ['that is a text', 'book-1', /must be an object/],
    ['that is a list', [good], /must be an object/],
    ['without a type', { id: 'book-1' }, /must name an entity/],
    ['whose type is an object', { __typename: { toString: 1 }, id: 'book-1' }, /must name an entity/],
    ['of a type that is not there', { __typename: 'Film', id: '1' }, /must name an entity/],
    ['of a type without a key', { __typename: 'Page', number: 1 }, /must name an entity/],
    ['of a root', { __typename: 'Query' }, /must name an entity/],
    ['of the union of all entities', { __typename: '_Entity', id: '1' }, /must name an entity/],
    ['of what every object has', { __typename: 'constructor', id: '1' }, /must name an entity/],
    ['without a key', { __typename: 'Book', title: 'Title 1' }, /must have one of its keys/],
    ['whose key is null', { __typename: 'Book', id: null }, /must have one of its keys/],
    ['whose key is a list', { __typename: 'Book', id: ['book-1'] }, /texts or numbers/],
    ['whose key is an empty list', { __typename: 'Book', isbn: [] }, /texts or numbers/],
    ['whose key is an object', { __typename: 'Book', id: { id: 'book-1' } }, /texts or numbers/],
    ['whose key is a truth', { __typename: 'Book', id: true }, /texts or numbers/],
    ['one of whose keys is an object', { __typename: 'Book', id: 'book-1', isbn: {} }, /texts or numbers/],
  ];
  for (const [what, representation, sentence] of refused) {
    test(`${what} is refused, and others beside it are answered`, async (t) => {
      const { mock } = t.mock.method(process.stderr, 'write', () => true);
      const { data, errors } = await ask([good, representation, { __typename: 'Book', isbn: 'isbn-2' }]);
      assert.deepEqual(data, { _entities: [{ id: 'book-1' }, null, { id: 'book-2' }] });
      assert.deepEqual(
        errors?.map(({ path, extensions }) => [path, extensions?.['code']]),
        [[['_entities', 1], 'BAD_USER_INPUT']],
      );
      assert.match(errors?.[0]?.message ?? '', sentence);
      assert.deepEqual(mock.calls, [], 'nothing is in the log');
    });
  }

  test('may say whatever it likes beside its key', async () => {
    const more = { ...good, pages: [{ number: 1 }], lent: { to: ['nobody'] }, shelf: true };
    assert.deepEqual(await ask([more]), { data: { _entities: [{ id: 'book-1' }] } });
  });
});
