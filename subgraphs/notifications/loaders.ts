// Owns how notifications are read: one statement a table for everything a request asks for in one go.
import type { Kysely } from 'kysely';
import { connectionLoader } from '../kit/connection.ts';
import { countLoader, rowLoader } from '../kit/loaders.ts';
import type { NotificationsTables } from './database.ts';

export type Loaders = ReturnType<typeof loaders>;

export function loaders(db: Kysely<NotificationsTables>) {
  const newestFirst = (table: keyof NotificationsTables) =>
    connectionLoader(db, {
      table,
      by: 'user_id',
      order: [
        ['created_at', 'desc'],
        ['id', 'desc'],
      ],
    });
  return {
    notifications: rowLoader(db, 'notifications', ['id']),
    inboxes: newestFirst('notifications'),
    unread: newestFirst('unread_notifications'),
    unreadCounts: countLoader(db, 'unread_notifications', 'user_id'),
  };
}
