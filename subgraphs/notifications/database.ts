// Owns the shape of the notifications' tables; migrations/ makes them.
import type { Selectable } from 'kysely';

export type NotificationKind =
  | 'ORDER_SHIPPED'
  | 'ORDER_DELIVERED'
  | 'BACK_IN_STOCK'
  | 'REVIEW_HELPFUL'
  | 'NEWS';

export type SubjectType = 'Order' | 'Product' | 'Review';

interface NotificationsTable {
  id: string;
  user_id: string;
  kind: NotificationKind;
  title: string;
  body: string;
  /** An entity of another domain, by its type and id; both are null for general news. */
  subject_type: SubjectType | null;
  subject_id: string | null;
  created_at: Date;
  /** Null while it was not read. */
  read_at: Date | null;
}

export interface NotificationsTables {
  notifications: NotificationsTable;
  /** A view: those not read yet. */
  unread_notifications: NotificationsTable;
}

export type NotificationRow = Selectable<NotificationsTable>;
