// Owns how the notifications' schema is answered from its rows; permissions.ts says to whom.
import type { PageArguments } from '../kit/cursor.ts';
import type { Resolvers, SubgraphContext } from '../kit/define-subgraph.ts';
import { myDataResolvers } from '../kit/personal-data/my-data.ts';
import type { NotificationRow, NotificationsTables } from './database.ts';
import type { Loaders } from './loaders.ts';
import { markAllNotificationsRead, markNotificationRead } from './mark-read.ts';
import { personalData } from './personal-data.ts';

type Context = SubgraphContext<NotificationsTables, Loaders>;
type InboxArguments = PageArguments & { unreadOnly?: boolean | null };

export const resolvers: Resolvers<Context> = {
  Query: {
    notification: (_, { id }: { id: string }, { loaders }) => loaders.notifications.load({ id }),
  },
  Mutation: { markNotificationRead, markAllNotificationsRead },

  User: {
    __resolveReference: ({ id }: { id: string }) => ({ id }),
    notifications: ({ id }: { id: string }, { unreadOnly, first, after }: InboxArguments, { loaders }) =>
      (unreadOnly ? loaders.unread : loaders.inboxes).load(id, { first, after }),
    unreadNotificationCount: ({ id }: { id: string }, _, { loaders }) => loaders.unreadCounts.load(id),
  },

  Notification: {
    __resolveReference: ({ id }: { id: string }, { loaders }) => loaders.notifications.load({ id }),
    createdAt: (row: NotificationRow) => row.created_at,
    readAt: (row: NotificationRow) => row.read_at,
    isRead: (row: NotificationRow) => row.read_at !== null,
    subject: ({ subject_type, subject_id }: NotificationRow) =>
      subject_type === null ? null : { __typename: subject_type, id: subject_id },
  },

  ...myDataResolvers<NotificationsTables, Loaders>('notifications', personalData),
};
