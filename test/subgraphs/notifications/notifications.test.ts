// Holds notifications to their schema over HTTP, on every database engine: inboxes, who sees them, batches, seed.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Kysely } from 'kysely';
import { prepareDatabase } from '../../../subgraphs/kit/database/prepare-database.ts';
import { demoOrders } from '../../../subgraphs/kit/demo/orders.ts';
import { demoPeople, personId } from '../../../subgraphs/kit/demo/people.ts';
import type { NotificationsTables } from '../../../subgraphs/notifications/database.ts';
import { notifications } from '../../../subgraphs/notifications/notifications.ts';
import { oneDatabaseEngine, type TestDatabase } from '../../support/databases.ts';
import { startTestSubgraph, type TestSubgraph } from '../../support/subgraph.ts';
import { type Inbox, type InboxClient, inboxClient } from './inbox-client.ts';

for (const engine of oneDatabaseEngine()) {
  describe(`notifications on ${engine.name}`, () => {
    let database: TestDatabase;
    let subgraph: TestSubgraph;
    let client: InboxClient;
    let ada: string;
    let stranger: string;
    let support: string;

    before(async () => {
      database = await engine.start();
      subgraph = await startTestSubgraph(notifications, database);
      client = inboxClient(subgraph);
      ada = await client.tokenOf('user-001');
      stranger = await client.tokenOf('user-002');
      support = await subgraph.identity.tokenFor({ userId: 'user-003', scopes: ['customers:read'] });
    });
    after(async () => {
      await subgraph.stop();
      await database.stop();
    });

    describe('an inbox', () => {
      test('has the newest first', async () => {
        const { edges, totalCount } = await client.inboxOf('user-001', { first: 100 });
        assert.equal(edges.length, totalCount);
        const times = edges.map(({ node }) => node.createdAt);
        assert.deepEqual(times, [...times].sort().reverse());
      });

      test('shows only what is unread when asked to, as many as the number on the bell', async () => {
        const { edges, totalCount } = await client.inboxOf('user-001', { unreadOnly: true });
        assert.ok(totalCount >= 5);
        assert.equal(await client.unreadCountOf('user-001'), totalCount);
        assert.ok(edges.every(({ node }) => !node.isRead && node.readAt === null));
        const all = await client.inboxOf('user-001', { unreadOnly: false, first: 100 });
        assert.deepEqual(
          all.edges.filter(({ node }) => !node.isRead).map(({ node }) => node),
          edges.map(({ node }) => node),
        );
      });

      test('can be walked in small pages that meet each one once', async () => {
        for (const unreadOnly of [false, true]) {
          const whole = await client.inboxOf('user-001', { unreadOnly, first: 100 });
          const seen: string[] = [];
          let after: string | null = null;
          do {
            const page: Inbox = await client.inboxOf('user-001', { unreadOnly, first: 4, after });
            assert.equal(page.pageInfo.hasPreviousPage, after !== null);
            assert.equal(page.totalCount, whole.totalCount);
            seen.push(...page.edges.map(({ node }) => node.id));
            after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
          } while (after !== null);
          assert.deepEqual(
            seen,
            whole.edges.map(({ node }) => node.id),
          );
        }
      });

      test('of somebody the shop never wrote to is empty', async () => {
        const { edges, totalCount } = await client.inboxOf('user-new');
        assert.deepEqual({ edges, totalCount }, { edges: [], totalCount: 0 });
        assert.equal(await client.unreadCountOf('user-new'), 0);
      });

      for (const { argument, ...question } of [
        { first: 0, argument: 'first' },
        { first: 101, argument: 'first' },
        { after: 'no cursor', argument: 'after' },
        { after: '', argument: 'after' },
      ]) {
        test(`refuses ${JSON.stringify(question)} by name`, async () => {
          const { errors } = await client.askInbox('user-001', question);
          assert.deepEqual(codesOf({ errors }), ['BAD_USER_INPUT']);
          assert.match(errors?.[0]?.message ?? '', new RegExp(`"${argument}"`));
        });
      }
    });

    describe('a notification', () => {
      test('tells everything, and what it is about by type and id', async () => {
        const { id, shippedAt, number, deliveryAddress } =
          demoOrders().findLast(({ userId, shippedAt }) => userId === 'user-001' && shippedAt !== null) ?? {};
        const { entities } = await subgraph.entities(
          [{ __typename: 'User', id: 'user-001' }],
          `... on User { notifications(first: 100) { edges { node { kind title body createdAt subject {
            __typename ... on Order { id } ... on Product { id } ... on Review { id } } } } } }`,
          { token: ada },
        );
        type Node = { kind: string; title: string; subject: { __typename: string; id: string } | null };
        const [user] = entities as { notifications: { edges: { node: Node }[] } }[];
        const nodes = user?.notifications.edges.map(({ node }) => node) ?? [];
        assert.deepEqual(
          nodes.find(({ kind, subject }) => kind === 'ORDER_SHIPPED' && subject?.id === id),
          {
            kind: 'ORDER_SHIPPED',
            title: `Order ${number} is on its way`,
            body: `Your parcel has left our warehouse for ${deliveryAddress?.city}.`,
            createdAt: shippedAt?.toISOString(),
            subject: { __typename: 'Order', id },
          },
        );
        const subjects: Record<string, [string | undefined, RegExp]> = {
          ORDER_SHIPPED: ['Order', /^order-\d{4}$/],
          ORDER_DELIVERED: ['Order', /^order-\d{4}$/],
          BACK_IN_STOCK: ['Product', /^product-\d{4}$/],
          REVIEW_HELPFUL: ['Review', /^review-\d{5}$/],
          NEWS: [undefined, /^$/],
        };
        assert.deepEqual(new Set(nodes.map(({ kind }) => kind)), new Set(Object.keys(subjects)));
        for (const { kind, subject } of nodes) {
          assert.equal(subject?.__typename, subjects[kind]?.[0]);
          assert.match(subject?.id ?? '', subjects[kind]?.[1] ?? /never/);
        }
      });

      const viewers: { viewer: string; token: () => string | undefined; sees: boolean }[] = [
        { viewer: 'its person', token: () => ada, sees: true },
        { viewer: 'a stranger', token: () => stranger, sees: false },
        { viewer: 'the support team', token: () => support, sees: true },
      ];
      for (const { viewer, token, sees } of viewers) {
        test(`is ${sees ? 'there' : 'not there'} for ${viewer}, however it is asked for`, async () => {
          const id = 'notification-00001';
          const expected = sees ? { id } : null;
          assert.deepEqual(await client.ask(`{ notification(id: "${id}") { id } }`, { token: token() }), {
            notification: expected,
          });
          const { entities, body } = await subgraph.entities(
            [
              { __typename: 'Notification', id: 'notification-none' },
              { __typename: 'Notification', id },
            ],
            '... on Notification { id }',
            { token: token() },
          );
          assert.equal(body.errors, undefined);
          assert.deepEqual(entities, [null, expected]);
        });

        test(`${viewer} ${sees ? 'sees' : 'does not see'} the inbox and the number on the bell`, async () => {
          const { entities, body } = await subgraph.entities(
            [{ __typename: 'User', id: 'user-001' }],
            '... on User { unreadNotificationCount notifications { totalCount } }',
            { token: token() },
          );
          assert.equal(body.errors, undefined);
          const nothing = { unreadNotificationCount: null, notifications: null };
          if (sees) assert.notDeepEqual(entities, [nothing]);
          else assert.deepEqual(entities, [nothing]);
        });
      }

      test('an unknown one is null, not an error', async () => {
        assert.deepEqual(
          await client.ask('{ notification(id: "notification-none") { id } }', { token: ada }),
          {
            notification: null,
          },
        );
      });
    });

    describe('somebody anonymous', () => {
      const closed = [
        '{ notification(id: "notification-00001") { id } }',
        'mutation { markAllNotificationsRead { markedCount } }',
        'mutation { markNotificationRead(id: "notification-00001") { notification { id } } }',
      ];
      for (const document of closed) {
        test(`is refused ${document.slice(0, 60)}`, async () => {
          const { body } = await subgraph.query(document);
          assert.deepEqual(codesOf(body), ['UNAUTHENTICATED']);
        });
      }

      test('sees nothing of a person', async () => {
        const { entities, body } = await subgraph.entities(
          [{ __typename: 'User', id: 'user-001' }],
          '... on User { unreadNotificationCount notifications { totalCount } }',
        );
        assert.deepEqual(entities, [{ unreadNotificationCount: null, notifications: null }]);
        assert.deepEqual(codesOf(body), ['UNAUTHENTICATED', 'UNAUTHENTICATED']);
      });
    });

    describe('a batch', () => {
      test('of 100 notifications in any order, repeated, unknown and of others costs one statement', async () => {
        const { edges } = await client.inboxOf('user-001', { first: 100 });
        const own = new Set(edges.map(({ node }) => node.id));
        const ids = Array.from({ length: 100 }, (_, index) =>
          index % 10 === 3
            ? `notification-none-${index}`
            : `notification-${String(((index * 37) % 30) + 1).padStart(5, '0')}`,
        );
        subgraph.statements.length = 0;
        const { entities, body } = await subgraph.entities(
          ids.map((id) => ({ __typename: 'Notification', id })),
          '... on Notification { id isRead subject { __typename } }',
          { token: ada },
        );
        assert.equal(body.errors, undefined);
        assert.deepEqual(
          entities.map((found) => (found as { id: string } | null)?.id ?? null),
          ids.map((id) => (own.has(id) ? id : null)),
        );
        assert.equal(subgraph.statements.length, 1);
      });

      test('of 100 people costs one statement for each question, and none for those who may not ask', async () => {
        const ids = Array.from({ length: 100 }, (_, index) => personId(((index * 37) % 50) + 1));
        const selection = `... on User { id unreadNotificationCount
          notifications(first: 1) { edges { node { id } } } }`;
        const representations = ids.map((id) => ({ __typename: 'User', id }));
        subgraph.statements.length = 0;
        const { entities } = await subgraph.entities(representations, selection, { token: ada });
        assert.deepEqual(
          entities.map((user) => (user as { notifications: object | null }).notifications !== null),
          ids.map((id) => id === 'user-001'),
        );
        assert.equal(subgraph.statements.length, 2);

        subgraph.statements.length = 0;
        const { entities: seen } = await subgraph.entities(representations, selection, { token: support });
        assert.ok(seen.every((user) => (user as { notifications: object | null }).notifications !== null));
        assert.equal(subgraph.statements.length, 2);

        subgraph.statements.length = 0;
        const nobody = await subgraph.identity.tokenFor({ userId: 'user-nobody' });
        const { entities: hidden } = await subgraph.entities(representations, selection, { token: nobody });
        assert.ok(hidden.every((user) => (user as { notifications: object | null }).notifications === null));
        assert.equal(subgraph.statements.length, 0);
      });

      test('that asks for a person alone costs no statement, known or not', async () => {
        subgraph.statements.length = 0;
        const { entities } = await subgraph.entities(
          [
            { __typename: 'User', id: 'user-001' },
            { __typename: 'User', id: 'user-999' },
          ],
          '... on User { id }',
        );
        assert.deepEqual(entities, [{ id: 'user-001' }, { id: 'user-999' }]);
        assert.deepEqual(subgraph.statements, []);
      });
    });

    test('the seed writes the same dozen to everybody every time', async () => {
      const rowsOf = async (name: string) => {
        const opened = await prepareDatabase({ ...notifications, name }, database);
        try {
          const db = opened.db as unknown as Kysely<NotificationsTables>;
          return await db.selectFrom('notifications').selectAll().orderBy('id').execute();
        } finally {
          await opened.close();
        }
      };
      const rows = await rowsOf('notifications_once');
      assert.deepEqual(await rowsOf('notifications_again'), rows);
      const counts = demoPeople().map(({ id }) => rows.filter(({ user_id }) => user_id === id).length);
      assert.ok(Math.min(...counts) >= 4 && Math.max(...counts) <= 14, `${Math.min(...counts)} and up`);
      const average = rows.length / counts.length;
      assert.ok(average > 11 && average < 13, `${average} on average`);
      const unread = rows.filter(({ user_id, read_at }) => user_id === 'user-001' && read_at === null);
      assert.ok(unread.length >= 5);
    });
  });
}

function codesOf({
  errors = [],
}: {
  errors?: readonly { extensions?: Record<string, unknown> }[] | undefined;
}) {
  return errors.map(({ extensions }) => extensions?.['code']);
}
