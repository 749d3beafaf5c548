// Owns how the notifications' schema is answered from its rows; an inbox is for its person alone, not for support either.
import type { Caller } from '../kit/caller.ts';
import type { PageArguments } from '../kit/cursor.ts';
import type { Resolvers, SubgraphContext } from '../kit/define-subgraph.ts';
import type { NotificationRow, NotificationsTables } from './database.ts';
import type { Loaders } from './loaders.ts';
import { markAllNotificationsRead, markNotificationRead } from './mark-read.ts';

type Context = SubgraphContext<NotificationsTables, Loaders>;
type InboxArguments = PageArguments & { unreadOnly?: boolean | null };

export const resolvers: Resolvers<Context> = {
  Query: { notification },
  Mutation: { markNotificationRead, markAllNotificationsRead },

  User: {
    __resolveReference: ({ id }: { id: string }) => ({ id }),
    notifications: (
      { id }: { id: string },
      { unreadOnly, first, after }: InboxArguments,
      { loaders, caller },
    ) => {
      if (!isPerson(caller, id)) return null;
      return (unreadOnly ? loaders.unread : loaders.inboxes).load(id, { first, after });
    },
    unreadNotificationCount: ({ id }: { id: string }, _, { loaders, caller }) =>
      isPerson(caller, id) ? loaders.unreadCounts.load(id) : null,
  },

  Notification: {
    __resolveReference: (reference: { id: string }, context) => notification(undefined, reference, context),
    createdAt: (row: NotificationRow) => row.created_at,
    readAt: (row: NotificationRow) => row.read_at,
    isRead: (row: NotificationRow) => row.read_at !== null,
    subject: ({ subject_type, subject_id }: NotificationRow) =>
      subject_type === null ? null : { __typename: subject_type, id: subject_id },
  },
};

/** Somebody else's is as absent as one that does not exist. */
async function notification(
  _: unknown,
  { id }: { id: string },
  { loaders, caller }: Context,
): Promise<NotificationRow | null> {
  const found = await loaders.notifications.load({ id });
  return found && isPerson(caller, found.user_id) ? found : null;
}

function isPerson(caller: Caller, userId: string): boolean {
  return caller.userId === userId;
}
