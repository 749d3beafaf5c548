// Owns what a page of a list is: every row once, in order, with clear errors for bad arguments; on both engines.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { databaseEngines } from '../../support/databases.ts';
import { startTestSubgraph, type TestSubgraph } from '../../support/subgraph.ts';
import { librarySubgraph } from './library/library.ts';

interface Page {
  edges: { cursor: string; node: { id: string } }[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
  totalCount: number;
}
const FIELDS =
  'totalCount edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';

/** Deterministic for a seed, so a failure can be run again. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

for (const engine of databaseEngines()) {
  describe(`connections on ${engine.name}`, () => {
    const seed = Math.floor(Math.random() * 2 ** 32);
    const random = randomFrom(seed);
    let library: TestSubgraph;
    before(async () => {
      library = await startTestSubgraph(librarySubgraph(), engine);
    });
    after(() => library?.stop());

    async function books(variables: object): Promise<Page> {
      const { body } = await library.query(
        `query ($first: Int, $after: String, $sort: BookSort) { books(first: $first, after: $after, sort: $sort) { ${FIELDS} } }`,
        { variables: { ...variables } },
      );
      assert.equal(body.errors, undefined, JSON.stringify(body.errors));
      return body.data?.['books'] as Page;
    }

    async function notes(bookId: string, variables: object): Promise<Page> {
      const { body } = await library.query(
        `query ($id: ID!, $first: Int, $after: String, $loud: Boolean)
         { book(id: $id) { notes(first: $first, after: $after, loud: $loud) { ${FIELDS} } } }`,
        { variables: { id: bookId, ...variables } },
      );
      assert.equal(body.errors, undefined, JSON.stringify(body.errors));
      const { book } = body.data as { book: { notes: Page } };
      return book.notes;
    }

    /** Walks a list in pages of random size and checks each page's own claims on the way. */
    async function walk(ask: (variables: object) => Promise<Page>): Promise<string[]> {
      const seen: string[] = [];
      for (let cursor: string | null = null, more = true; more; ) {
        const first = 1 + Math.floor(random() * 17);
        const page: Page = await ask({ first, after: cursor });
        assert.ok(page.edges.length <= first);
        assert.equal(page.pageInfo.hasPreviousPage, cursor !== null);
        assert.equal(page.pageInfo.startCursor, page.edges.at(0)?.cursor ?? null);
        assert.equal(page.pageInfo.endCursor, page.edges.at(-1)?.cursor ?? null);
        seen.push(...page.edges.map(({ node }) => node.id));
        more = page.pageInfo.hasNextPage;
        cursor = page.pageInfo.endCursor;
        assert.ok(seen.length <= page.totalCount, `seed ${seed}: more rows than there are`);
      }
      return seen;
    }

    for (const sort of ['NEWEST', 'TITLE']) {
      it(`visits each row once over microseconds, nulls and equal values, sorted by ${sort}`, async () => {
        for (let round = 0; round < 5; round++) {
          const seen = await walk((variables) => books({ ...variables, sort }));
          assert.equal(seen.length, 120, `seed ${seed}`);
          assert.equal(new Set(seen).size, 120, `seed ${seed}`);
        }
      });
    }

    it('keeps the order of the whole list across pages', async () => {
      const whole = await books({ first: 100 });
      const seen = await walk((variables) => books(variables));
      assert.deepEqual(
        seen.slice(0, 100),
        whole.edges.map(({ node }) => node.id),
        `seed ${seed}`,
      );
    });

    it("visits each of a parent's rows once, also filtered", async () => {
      for (const [filter, count] of [
        [{}, 8],
        [{ loud: true }, 2],
        [{ loud: false }, 4],
      ] as const) {
        const seen = await walk((variables) => notes('book-8', { ...variables, ...filter }));
        assert.equal(new Set(seen).size, count, `seed ${seed}`);
        assert.equal(seen.length, count, `seed ${seed}`);
      }
    });

    it('is an empty page for a parent without rows', async () => {
      assert.deepEqual(await notes('book-9', {}), {
        edges: [],
        pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
        totalCount: 0,
      });
    });

    it('counts only when asked', async () => {
      library.statements.length = 0;
      await library.query('{ books(first: 3) { edges { node { id } } } }');
      assert.equal(library.statements.length, 1);
      await library.query('{ books(first: 3) { totalCount } }');
      assert.equal(library.statements.length, 3);
    });

    it('asks once for the pages of many parents, and once more for their counts', async () => {
      library.statements.length = 0;
      const { body } = await library.query(
        '{ books(first: 100) { edges { node { notes(first: 3) { totalCount edges { node { id } } } } } } }',
      );
      assert.equal(body.errors, undefined);
      assert.equal(library.statements.length, 3, library.statements.join('\n'));
    });

    it('gives 20 rows when no size is asked', async () => {
      assert.equal((await books({})).edges.length, 20);
    });

    const titleCursor = Buffer.from('nope["Title 1","book-1"]').toString('base64url');
    const badPages: [what: string, variables: object, argument: string][] = [
      ['no rows', { first: 0 }, 'first'],
      ['a negative size', { first: -1 }, 'first'],
      ['more than 100 rows', { first: 101 }, 'first'],
      ['a garbage cursor', { after: '§§§' }, 'after'],
      ['an empty cursor', { after: '' }, 'after'],
      ['a cursor of another order', { after: titleCursor }, 'after'],
    ];
    for (const [what, variables, argument] of badPages) {
      it(`refuses ${what}, naming "${argument}"`, async () => {
        for (const field of [
          'books(first: $first, after: $after)',
          'book(id: "book-1") { notes(first: $first, after: $after)',
        ]) {
          const close = field.startsWith('book(') ? '} }' : '}';
          const { body } = await library.query(
            `query ($first: Int, $after: String) { ${field} { totalCount } ${close}`,
            { variables: { ...variables } },
          );
          assert.equal(body.errors?.[0]?.extensions?.['code'], 'BAD_USER_INPUT', JSON.stringify(body));
          assert.equal(body.errors?.[0]?.extensions?.['argument'], argument);
          assert.match(body.errors?.[0]?.message ?? '', new RegExp(`"${argument}"`));
        }
      });
    }

    it('refuses a cursor whose values its column cannot hold', async () => {
      const { edges } = await books({ first: 1 });
      const mark = Buffer.from(edges[0]?.cursor ?? '', 'base64url')
        .toString()
        .slice(0, 4);
      const after = Buffer.from(`${mark}["30 February","book-1"]`).toString('base64url');
      const { body } = await library.query('query ($after: String) { books(after: $after) { totalCount } }', {
        variables: { after },
      });
      assert.equal(body.errors?.[0]?.extensions?.['code'], 'BAD_USER_INPUT', JSON.stringify(body));
    });
  });
}
