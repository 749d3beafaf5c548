// Owns that what a person may take along comes through composition and a router, with a part for each domain that is there.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { parse, Source } from 'graphql';
import { compose } from '../../../../supergraph/composition/compose.ts';
import { defineBff } from '../../../../supergraph/declaration/define-bff.ts';
import { type RunningSubgraph, startCaseSubgraph } from '../../../federation/harness/case-subgraph.ts';
import { type RouterUnderTest, startTestRouter } from '../../../supergraph/fixtures/router-under-test.ts';
import { startEmbedded, type TestEmbedded } from '../../../support/databases.ts';
import { startTestSubgraph, type TestSubgraph } from '../../../support/subgraph.ts';
import { bookclubSubgraph } from './bookclub/bookclub.ts';

const odd = { deep: [{ 'a "key"': null, list: [1.5, -0.25, 1e21, true, []], text: '\u2028 "ÅÄÖ" 🐢 \\' }] };

describe('exportMyData by a router', { timeout: 120_000 }, () => {
  let database: TestEmbedded;
  let bookclub: TestSubgraph;
  let points: RunningSubgraph;
  let router: RouterUnderTest;
  let arePointsAway = false;
  before(async () => {
    database = await startEmbedded();
    bookclub = await startTestSubgraph(bookclubSubgraph(), database);
    points = await startCaseSubgraph(
      'points',
      {
        sdl: 'scalar JSON type MyData @key(fields: "userId") { userId: ID! points: JSON }',
        resolvers: { MyData: { __resolveReference: (given) => given, points: () => odd } },
      },
      { write: () => {}, misbehaviour: () => (arePointsAway ? 'hang up' : undefined) },
    );
    const { issuer, audience, jwksUrl } = bookclub.identity;
    const sdl = readFileSync(new URL('bookclub/schema.graphql', import.meta.url), 'utf8');
    const document = parse(new Source(sdl, 'bookclub'));
    router = await startTestRouter(
      compose([{ name: 'bookclub', url: bookclub.url, document }, points.schema]),
      {
        bff: defineBff({
          name: 'test',
          port: 0,
          identity: { issuers: [{ issuer, audiences: [audience], jwks: jwksUrl }] },
        }),
      },
    );
  });
  after(async () => {
    await router?.stop();
    points?.stop();
    await bookclub?.stop();
    await database?.stop();
  });

  const ask = async (userId?: string) => {
    const token = userId && (await bookclub.identity.tokenFor({ userId }));
    const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
    const { body } = await router.ask('{ exportMyData { userId bookclub points } }', { headers });
    return body;
  };
  const mine = {
    readers: [
      { user_id: 'user-2', name: 'Reader 2', email: 'reader-2@example.com', born: 2001, id: 'reader-2' },
    ],
    loans: [],
    reminders: [],
  };

  it('has what each domain keeps, as JSON of whatever shape', async () => {
    assert.deepEqual(await ask('user-2'), {
      data: { exportMyData: { userId: 'user-2', bookclub: mine, points: odd } },
    });
  });

  it('has the rest where a domain is away', async () => {
    arePointsAway = true;
    const { data, errors } = await ask('user-2');
    arePointsAway = false;
    assert.deepEqual(data, { exportMyData: { userId: 'user-2', bookclub: mine, points: null } });
    assert.deepEqual(
      errors?.map(({ path }) => path),
      [['exportMyData', 'points']],
    );
  });

  it('is for nobody anonymous', async () => {
    const { data, errors } = await ask();
    assert.equal(data, null);
    assert.ok(errors?.every(({ extensions }) => extensions['code'] === 'UNAUTHENTICATED'));
  });
});
