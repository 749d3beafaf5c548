// Owns marking notifications as read, one or all of a person's.

import { sql } from 'kysely';
import type { SubgraphContext } from '../kit/define-subgraph.ts';
import { ownerToChange, signedIn } from '../kit/rules/ownership.ts';
import type { NotificationRow, NotificationsTables } from './database.ts';
import type { Loaders } from './loaders.ts';

type Context = SubgraphContext<NotificationsTables, Loaders>;

interface NotificationPayload {
  notification: NotificationRow | null;
  user: { id: string } | null;
  userErrors: { code: 'NOT_FOUND'; message: string; field: string[] }[];
}

/** Done twice, the time of the first reading stays. */
export async function markNotificationRead(
  _: unknown,
  { id }: { id: string },
  context: Context,
): Promise<NotificationPayload> {
  const { caller, db, loaders } = context;
  const userId = await ownerToChange(caller, async () => (await loaders.notifications.load({ id }))?.user_id);
  const notification =
    userId !== undefined &&
    (await db
      .updateTable('notifications')
      .set({ read_at: sql<Date>`coalesce(read_at, now())` })
      .where('id', '=', id)
      .where('user_id', '=', userId)
      .returningAll()
      .executeTakeFirst());
  if (!notification) {
    const message = 'You have no such notification.';
    return { notification: null, user: null, userErrors: [{ code: 'NOT_FOUND', message, field: ['id'] }] };
  }
  context.changed({ Notification: id, User: userId });
  return { notification, user: { id: userId }, userErrors: [] };
}

export async function markAllNotificationsRead(
  _: unknown,
  __: unknown,
  context: Context,
): Promise<{ markedCount: number; user: { id: string } }> {
  const userId = signedIn(context.caller);
  const marked = await context.db
    .updateTable('notifications')
    .set({ read_at: sql<Date>`now()` })
    .where('user_id', '=', userId)
    .where('read_at', 'is', null)
    .returning('id')
    .execute();
  if (marked.length > 0) context.changed({ Notification: marked.map(({ id }) => id), User: userId });
  return { markedCount: marked.length, user: { id: userId } };
}
