// Owns which of this domain's data is about people, and what becomes of it when somebody leaves.
import { definePersonalData } from '../kit/personal-data/define-personal-data.ts';
import type { NotificationsTables } from './database.ts';

export const personalData = definePersonalData<NotificationsTables>({
  notifications: {
    person: 'user_id',
    onErasure: 'remove',
    personal: {
      user_id: 'who was told',
      kind: 'what kind of message it is',
      title: { what: 'what it says, in one line', sealed: true },
      body: { what: 'what it says, with products and towns', sealed: true },
      subject_type: 'what it is about: an order, a product or a review',
      subject_id: 'which one',
      created_at: 'when it was sent',
      read_at: 'when it was read',
    },
    others: ['id'],
    entities: { Notification: 'id' },
  },
  unread_notifications: { viewOf: 'notifications' },
});
