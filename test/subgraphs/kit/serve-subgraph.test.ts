// Owns what a subgraph answers over HTTP: data, masked and clear errors, health; on both engines.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { databaseEngines } from '../../support/databases.ts';
import { startTestSubgraph, type TestSubgraph } from '../../support/subgraph.ts';
import { librarySubgraph } from './library/library.ts';

for (const engine of databaseEngines()) {
  describe(`a subgraph on ${engine.name}`, () => {
    let library: TestSubgraph;
    before(async () => {
      library = await startTestSubgraph(librarySubgraph(), engine);
    });
    after(() => library?.stop());

    const post = (body: string, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
      fetch(library.url, { method: 'POST', headers, body, signal: AbortSignal.timeout(10_000) });

    it('answers a query with rows, dates as RFC 3339 text', async () => {
      const { status, body } = await library.query(
        '{ book(id: "book-3") { isbn title printedAt noteCount pages { number } } }',
      );
      assert.equal(status, 200);
      assert.deepEqual(body, {
        data: {
          book: {
            isbn: 'isbn-3',
            title: 'Title 3',
            printedAt: '2026-01-01T00:00:00.000Z',
            noteCount: 3,
            pages: [{ number: 3 }, { number: 2 }, { number: 1 }],
          },
        },
      });
    });

    it('answers null for an id that does not exist', async () => {
      const { body } = await library.query('{ book(id: "nobody") { id } }');
      assert.deepEqual(body, { data: { book: null } });
    });

    it('gives its SDL to the composition', async () => {
      const { body } = await library.query('{ _service { sdl } }');
      assert.match(JSON.stringify(body), /type Book/);
    });

    it('masks an unexpected error: no SQL, no stack', async () => {
      const { status, body } = await library.query('{ fails }');
      assert.equal(status, 200);
      assert.equal(body.errors?.[0]?.extensions?.['code'], 'INTERNAL_SERVER_ERROR');
      assert.deepEqual(body.errors?.[0]?.path, ['fails']);
      assert.doesNotMatch(JSON.stringify(body), /secret_column|nowhere|select|stack/);
    });

    it('masks what the engine itself complains about', async () => {
      const { body } = await library.query('{ fallsShort }');
      assert.equal(body.errors?.[0]?.extensions?.['code'], 'INTERNAL_SERVER_ERROR');
    });

    it('passes an error with a code', async () => {
      const { body } = await library.query('{ refuses }');
      assert.equal(body.errors?.[0]?.message, 'Not on Sundays.');
      assert.equal(body.errors?.[0]?.extensions?.['code'], 'CLOSED');
    });

    const badRequests: [
      what: string,
      body: string,
      headers: Record<string, string> | undefined,
      status: number,
    ][] = [
      ['broken JSON', '{"query":', undefined, 400],
      ['no query', '{}', undefined, 400],
      ['an unknown field', '{"query":"{ nothing }"}', undefined, 400],
      ['another content type', 'query', { 'content-type': 'text/csv' }, 415],
      ['a body over 1 MB', JSON.stringify({ query: `# ${'x'.repeat(1_100_000)}` }), undefined, 413],
    ];
    for (const [what, body, headers, status] of badRequests) {
      it(`answers ${status} with a GraphQL error for ${what}`, async () => {
        const response = await post(body, headers);
        assert.equal(response.status, status);
        const { errors } = (await response.json()) as {
          errors: { message: string; extensions: { code: string } }[];
        };
        assert.ok(errors[0]?.message);
        assert.ok(errors[0]?.extensions.code);
      });
    }

    it('is live and ready', async () => {
      for (const path of ['live', 'ready']) {
        const response = await fetch(new URL(`/health/${path}`, library.url));
        assert.equal(response.status, 200);
        assert.deepEqual(await response.json(), { status: path });
      }
    });

    describe('resolving entities', () => {
      const numbers = Array.from({ length: 100 }, (_, index) => index + 1);

      it('asks once per table for 100 representations by mixed keys, repeated, shuffled and unknown', async () => {
        const representations = numbers.map((n) => {
          if (n % 10 === 0) return { __typename: 'Book', id: `unknown-${n}` };
          return n % 2
            ? { __typename: 'Book', id: `book-${(n % 40) + 1}` }
            : { __typename: 'Book', isbn: `isbn-${n}` };
        });
        library.statements.length = 0;
        const { entities, body } = await library.entities(
          representations,
          '... on Book { id isbn noteCount pages { number } notes(first: 2) { totalCount edges { node { text } } } }',
        );
        assert.equal(body.errors, undefined);
        // books, pages, notes counted, notes paged, notes counted for the connection
        assert.equal(library.statements.length, 5, library.statements.join('\n'));
        const ids = entities.map((book) => (book as { id?: string } | null)?.id ?? null);
        assert.deepEqual(
          ids,
          numbers.map((n) => (n % 10 === 0 ? null : n % 2 ? `book-${(n % 40) + 1}` : `book-${n}`)),
        );
      });

      it('answers null for a key that no column can hold, and the rest of its batch', async () => {
        const { entities } = await library.entities(
          [
            { __typename: 'Book', id: 'book-1\0' },
            { __typename: 'Book', id: 'book-1' },
            { __typename: 'Book' },
          ],
          '... on Book { id noteCount }',
        );
        assert.deepEqual(entities, [null, { id: 'book-1', noteCount: 1 }, null]);
      });

      it('asks once for 100 representations when only rows are wanted', async () => {
        library.statements.length = 0;
        const representations = numbers.map((n) => ({ __typename: 'Book', id: `book-${n}` })).reverse();
        const { entities } = await library.entities(representations, '... on Book { title }');
        assert.equal(entities.length, 100);
        assert.equal(library.statements.length, 1);
      });
    });
  });
}
