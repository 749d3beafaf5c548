// Holds marking notifications as read to its promises over HTTP, on every database engine: once, only one's own, counted right.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { personId } from '../../../subgraphs/kit/demo/people.ts';
import { notifications } from '../../../subgraphs/notifications/notifications.ts';
import { databaseEngines } from '../../support/databases.ts';
import { startTestSubgraph, type TestSubgraph } from '../../support/subgraph.ts';
import { type InboxClient, inboxClient } from './inbox-client.ts';

const markOne = `mutation ($id: ID!) { markNotificationRead(id: $id) {
  notification { id isRead readAt } user { id unreadNotificationCount } userErrors { code message field } } }`;
const markAll = 'mutation { markAllNotificationsRead { markedCount user { id unreadNotificationCount } } }';

interface Payload {
  notification: { id: string; isRead: boolean; readAt: string } | null;
  user: { id: string; unreadNotificationCount: number } | null;
  userErrors: { code: string; field: string[] }[];
}

for (const engine of databaseEngines()) {
  describe(`marking as read on ${engine.name}`, () => {
    let subgraph: TestSubgraph;
    let client: InboxClient;

    before(async () => {
      subgraph = await startTestSubgraph(notifications, engine);
      client = inboxClient(subgraph);
    });
    after(() => subgraph.stop());

    const mark = async (id: string, token: string) =>
      (await client.ask(markOne, { variables: { id }, token }))['markNotificationRead'] as Payload;

    /** Somebody with at least this many unread ones, whom no other test asks about. */
    async function personWithUnread(count: number, from: number): Promise<string> {
      for (let number = from; number < from + 40; number++) {
        if (Number(await client.unreadCountOf(personId(number))) >= count) return personId(number);
      }
      throw new Error('Nobody has that many unread notifications.');
    }

    test('takes one off the number on the bell, once', async () => {
      const userId = await personWithUnread(2, 20);
      const token = await client.tokenOf(userId);
      const { edges, totalCount } = await client.inboxOf(userId, { unreadOnly: true });
      const id = edges[0]?.node.id ?? '';
      const first = await mark(id, token);
      assert.deepEqual(first.userErrors, []);
      assert.deepEqual(first.user, { id: userId, unreadNotificationCount: totalCount - 1 });
      assert.equal(first.notification?.isRead, true);
      assert.deepEqual(await mark(id, token), first);
      assert.equal(await client.unreadCountOf(userId), totalCount - 1);
    });

    test('twice in one request answers each time with what is true then', async () => {
      const userId = await personWithUnread(2, 60);
      const { edges, totalCount } = await client.inboxOf(userId, { unreadOnly: true });
      const data = await client.ask(
        `mutation ($one: ID!, $other: ID!) {
            one: markNotificationRead(id: $one) { user { unreadNotificationCount } }
            other: markNotificationRead(id: $other) { user { unreadNotificationCount } } }`,
        {
          variables: { one: edges[0]?.node.id, other: edges[1]?.node.id },
          token: await client.tokenOf(userId),
        },
      );
      assert.deepEqual(data, {
        one: { user: { unreadNotificationCount: totalCount - 1 } },
        other: { user: { unreadNotificationCount: totalCount - 2 } },
      });
    });

    const others: [string, string][] = [
      ['of somebody else', 'notification-00001'],
      ['that does not exist', 'notification-none'],
    ];
    for (const [which, id] of others) {
      test(`finds nothing for one ${which}`, async () => {
        const before = await client.unreadCountOf('user-001');
        const support = { userId: 'user-003', scopes: ['customers:read'] };
        for (const claims of [{ userId: 'user-002' }, support]) {
          const token = await subgraph.identity.tokenFor(claims);
          assert.deepEqual(await mark(id, token), {
            notification: null,
            user: null,
            userErrors: [{ code: 'NOT_FOUND', message: 'You have no such notification.', field: ['id'] }],
          });
        }
        assert.equal(await client.unreadCountOf('user-001'), before);
      });
    }

    test('all says how many there were and leaves other people alone', async () => {
      const userId = await personWithUnread(3, 100);
      const token = await client.tokenOf(userId);
      const unread = await client.unreadCountOf(userId);
      const adasUnread = await client.unreadCountOf('user-001');
      const payloadOf = (markedCount: unknown) => ({
        markAllNotificationsRead: { markedCount, user: { id: userId, unreadNotificationCount: 0 } },
      });
      assert.deepEqual(await client.ask(markAll, { token }), payloadOf(unread));
      assert.deepEqual(await client.ask(markAll, { token }), payloadOf(0));
      assert.equal(await client.unreadCountOf('user-001'), adasUnread);
    });

    test('all, five times at once, counts each notification once', async () => {
      const userId = await personWithUnread(3, 150);
      const token = await client.tokenOf(userId);
      const unread = await client.unreadCountOf(userId);
      const answers = await Promise.all(Array.from({ length: 5 }, () => client.ask(markAll, { token })));
      const counts = answers.map(
        (data) => (data['markAllNotificationsRead'] as { markedCount: number }).markedCount,
      );
      assert.equal(
        counts.reduce((sum, count) => sum + count, 0),
        unread,
      );
    });
  });
}
