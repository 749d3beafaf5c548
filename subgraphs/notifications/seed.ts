// Fills the inboxes with what the demo world's orders, products and reviews give people to hear of.
import type { Kysely } from 'kysely';
import { type DemoOrder, demoOrders } from '../kit/demo/orders.ts';
import { demoPeople } from '../kit/demo/people.ts';
import { demoProductCount, productAt } from '../kit/demo/products.ts';
import { type Chance, chanceOf } from '../kit/demo/random.ts';
import { daysAfter, daysBefore, demoEnd } from '../kit/demo/time.ts';
import { insertRows } from '../kit/insert-rows.ts';
import type { NotificationRow, NotificationsTables } from './database.ts';

type Message = Omit<NotificationRow, 'id' | 'user_id' | 'read_at'>;

export async function seed(db: Kysely<NotificationsTables>): Promise<void> {
  const shipped = demoOrders().filter(({ shippedAt }) => shippedAt !== null);
  const messages = demoPeople().flatMap(({ id }) =>
    inboxOf(
      id,
      shipped.filter(({ userId }) => userId === id),
    ),
  );
  await insertRows(
    db,
    'notifications',
    messages.map((message, index) => ({
      id: `notification-${String(index + 1).padStart(5, '0')}`,
      ...message,
    })),
  );
}

/** About twelve messages, the newest first; what came last was not read yet. */
function inboxOf(userId: string, orders: DemoOrder[]): Omit<NotificationRow, 'id'>[] {
  const chance = chanceOf('inbox', userId);
  const messages = [
    ...orders.slice(-3).flatMap(parcelMessages),
    ...Array.from({ length: chance.whole(1, 3) }, () => backInStock(chance)),
    ...Array.from({ length: chance.whole(1, 3) }, () => reviewHelpful(chance)),
    ...news,
  ].sort((one, other) => other.created_at.getTime() - one.created_at.getTime());
  // The README's customer has something to read whatever chance says.
  const unread = userId === 'user-001' ? 6 : chance.whole(0, 5);
  return messages.map((message, place) => ({
    user_id: userId,
    ...message,
    read_at: place < unread ? null : readSoonAfter(message.created_at, chance),
  }));
}

function readSoonAfter(moment: Date, chance: Chance): Date {
  return new Date(Math.min(daysAfter(moment, chance.next() * 2).getTime(), demoEnd.getTime()));
}

function parcelMessages({ id, number, shippedAt, deliveredAt, deliveryAddress }: DemoOrder): Message[] {
  const subject = { subject_type: 'Order', subject_id: id } as const;
  const messages: Message[] = [];
  if (shippedAt) {
    messages.push({
      kind: 'ORDER_SHIPPED',
      title: `Order ${number} is on its way`,
      body: `Your parcel has left our warehouse for ${deliveryAddress.city}.`,
      ...subject,
      created_at: shippedAt,
    });
  }
  if (deliveredAt) {
    messages.push({
      kind: 'ORDER_DELIVERED',
      title: `Order ${number} has arrived`,
      body: `Your parcel was delivered to ${deliveryAddress.street}, ${deliveryAddress.city}.`,
      ...subject,
      created_at: deliveredAt,
    });
  }
  return messages;
}

function backInStock(chance: Chance): Message {
  const { id, name, brand } = productAt(chance.whole(1, demoProductCount));
  return {
    kind: 'BACK_IN_STOCK',
    title: `${name} is back`,
    body: `The ${name} by ${brand} that you asked for can be ordered again.`,
    subject_type: 'Product',
    subject_id: id,
    created_at: daysBefore(demoEnd, chance.next() * 90),
  };
}

function reviewHelpful(chance: Chance): Message {
  const people = chance.whole(1, 9);
  return {
    kind: 'REVIEW_HELPFUL',
    title: 'Your review helped',
    body:
      people === 1 ? 'Somebody found your review helpful.' : `${people} people found your review helpful.`,
    subject_type: 'Review',
    subject_id: `review-${String(chance.whole(1, 10_000)).padStart(5, '0')}`,
    created_at: daysBefore(demoEnd, chance.next() * 120),
  };
}

const news: Message[] = [
  newsOf('The winter catalogue is here', 'Wool, down and warm light: 120 new things for short days.', 9),
  newsOf('Free delivery from 100 €', 'From today, orders of 100 € and more travel free of charge.', 75),
];

function newsOf(title: string, body: string, daysAgo: number): Message {
  const created_at = daysBefore(demoEnd, daysAgo);
  return { kind: 'NEWS', title, body, subject_type: null, subject_id: null, created_at };
}
