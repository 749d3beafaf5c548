// Owns how the tests of notifications look into somebody's inbox.
import assert from 'node:assert/strict';
import type { AskOptions, GraphQLBody, TestSubgraph } from '../../support/subgraph.ts';

export interface Inbox {
  totalCount: number;
  edges: {
    cursor: string;
    node: { id: string; createdAt: string; isRead: boolean; readAt: string | null };
  }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string | null };
}

export interface InboxQuestion {
  unreadOnly?: boolean;
  first?: number;
  after?: string | null;
}

export type InboxClient = ReturnType<typeof inboxClient>;

const inboxDocument = `query ($representations: [_Any!]!, $unreadOnly: Boolean, $first: Int, $after: String) {
  _entities(representations: $representations) {
    ... on User { notifications(unreadOnly: $unreadOnly, first: $first, after: $after) {
      totalCount edges { cursor node { id createdAt isRead readAt } } pageInfo { hasNextPage hasPreviousPage endCursor } } } } }`;

export function inboxClient(subgraph: TestSubgraph) {
  const tokenOf = (userId: string) => subgraph.identity.tokenFor({ userId });

  async function ask(document: string, options?: AskOptions): Promise<Record<string, unknown>> {
    const { body } = await subgraph.query(document, options);
    assert.equal(body.errors, undefined, JSON.stringify(body.errors));
    return body.data ?? {};
  }

  /** As the person, errors and all. */
  async function askInbox(userId: string, question: InboxQuestion): Promise<GraphQLBody> {
    const { body } = await subgraph.query(inboxDocument, {
      variables: { representations: [{ __typename: 'User', id: userId }], ...question },
      token: await tokenOf(userId),
    });
    return body;
  }

  async function inboxOf(userId: string, question: InboxQuestion = {}): Promise<Inbox> {
    const { data, errors } = await askInbox(userId, question);
    assert.equal(errors, undefined, JSON.stringify(errors));
    const [user] = (data?.['_entities'] ?? []) as { notifications: Inbox }[];
    assert.ok(user);
    return user.notifications;
  }

  async function unreadCountOf(userId: string): Promise<number> {
    const { entities } = await subgraph.entities(
      [{ __typename: 'User', id: userId }],
      '... on User { unreadNotificationCount }',
      { token: await tokenOf(userId) },
    );
    return (entities[0] as { unreadNotificationCount: number }).unreadNotificationCount;
  }

  return { tokenOf, ask, askInbox, inboxOf, unreadCountOf };
}
