// Owns that what belongs to somebody is changed by its owner and by admins alone, who are recorded, and that others cannot
// tell a refusal from an id that nobody has.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Change, changesOf, customer } from './owned-things.ts';
import { claimsOf, type Shop, startShop, type Viewer, withoutIds } from './shop.ts';

const changes = changesOf({ reviewIds: ['', ''] });
const withoutStaffChanges = (statements: string[]) =>
  statements.filter((sql) => !sql.includes('staff_changes'));

describe('changing what belongs to somebody', { timeout: 240_000 }, () => {
  let shop: Shop;
  let known: Change[];
  before(async () => {
    shop = await startShop(['accounts', 'payments', 'notifications', 'reviews']);
    const { body } = await shop.ask(
      'reviews',
      undefined,
      'query ($key: _Any!) { _entities(representations: [$key]) { ... on User { reviews { edges { node { id } } } } } }',
      { key: { __typename: 'User', id: customer } },
    );
    const users = body.data?.['_entities'] as
      | { reviews: { edges: { node: { id: string } }[] } }[]
      | undefined;
    const [one, other] = users?.[0]?.reviews.edges.map(({ node }) => node.id) ?? [];
    assert.ok(one && other);
    known = changesOf({ reviewIds: [one, other] });
  });
  after(() => shop?.stop());

  for (const [index, { domain, mutation }] of changes.entries()) {
    const ask = (viewer: Viewer, id: (change: Change) => string) => {
      const change = known[index] as Change;
      return shop.ask(domain, claimsOf(viewer, change.owner), change.document, { id: id(change) });
    };

    for (const viewer of ['another customer', 'support'] as const) {
      it(`${mutation} answers ${viewer} the same for what is not theirs and what is not there`, async () => {
        const { absent, owned } = known[index] as Change;
        for (const id of owned) {
          const notTheirs = await ask(viewer, () => id);
          const notThere = await ask(viewer, () => absent);
          assert.match(JSON.stringify(notThere.body), /"userErrors":\[\{"code":"NOT_FOUND"/);
          assert.equal(withoutIds(notTheirs.body, id), withoutIds(notThere.body, absent));
          assert.deepEqual(notTheirs.statements, notThere.statements);
        }
      });
    }

    it(`${mutation} asks nobody in particular to sign in, with nothing asked of the database`, async () => {
      const { body, statements } = await ask('nobody', ({ owned }) => owned[0]);
      assert.equal(body.errors?.[0]?.extensions?.['code'], 'UNAUTHENTICATED');
      assert.deepEqual(statements, []);
    });

    it(`${mutation} tells an admin what is not there in the same words`, async () => {
      const customers = await ask('another customer', ({ absent }) => absent);
      const admins = await ask('an admin', ({ absent }) => absent);
      assert.deepEqual(admins.body, customers.body);
    });

    for (const [place, viewer] of (['the owner', 'an admin'] as const).entries()) {
      it(`${mutation} works for ${viewer}, and names the owner`, async () => {
        const { owner, owned } = known[index] as Change;
        const { body, statements } = await ask(viewer, () => owned[place] ?? '');
        const change = body.data?.['change'] as { user?: { id: string }; userErrors: object[] };
        assert.deepEqual(change.userErrors, [], JSON.stringify(body));
        if (domain !== 'reviews') assert.deepEqual(change.user, { id: owner });
        const records = statements.length - withoutStaffChanges(statements).length;
        assert.equal(records, viewer === 'an admin' ? 2 : 0, statements.join('\n'));
      });
    }
  }
});
