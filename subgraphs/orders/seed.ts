// Fills the domain with the 3,000 demo orders, what happened to them, and carts that wait for their owners.
import type { Insertable, Kysely } from 'kysely';
import { type DemoOrder, demoOrders } from '../kit/demo/orders.ts';
import { demoPeopleCount, personId } from '../kit/demo/people.ts';
import { demoCurrency, demoProductCount, productId } from '../kit/demo/products.ts';
import { chanceOf } from '../kit/demo/random.ts';
import { daysAfter, daysBefore, demoEnd } from '../kit/demo/time.ts';
import { insertRows } from '../kit/insert-rows.ts';
import { cartIdOf } from './carts.ts';
import type { CartLineTable, OrderEventRow, OrderLineRow, OrderRow, OrdersTables } from './database.ts';

export async function seed(db: Kysely<OrdersTables>): Promise<void> {
  const orders = demoOrders();
  await insertRows(db, 'orders', orders.map(rowOf));
  await insertRows(db, 'order_lines', orders.flatMap(linesOf));
  await insertRows(db, 'order_events', orders.flatMap(eventsOf));

  const carts = Array.from({ length: demoPeopleCount }, (_, index) => cartOf(index + 1)).filter(
    ({ lines }) => lines.length > 0,
  );
  await insertRows(
    db,
    'carts',
    carts.map(({ id, userId, lines }) => ({ id, user_id: userId, updated_at: lines.at(-1)?.added_at })),
  );
  await insertRows(
    db,
    'cart_lines',
    carts.flatMap(({ lines }) => lines),
  );
}

function rowOf(order: DemoOrder): OrderRow {
  const { recipient, street, postalCode, city, country } = order.deliveryAddress;
  return {
    id: order.id,
    number: order.number,
    user_id: order.userId,
    status: order.status,
    placed_at: order.placedAt,
    currency: demoCurrency,
    shipping_cost: order.shippingCost,
    recipient,
    street,
    postal_code: postalCode,
    city,
    country,
    support_note: supportNoteOf(order),
  };
}

const supportNotes: Record<OrderRow['status'], readonly string[]> = {
  PLACED: ['Asked how to pay by bank transfer; sent the details.'],
  PAID: ['Wants it delivered after six in the evening; told the carrier.'],
  SHIPPED: ['Asked where the parcel is; sent the tracking link.'],
  DELIVERED: [
    'Box arrived dented, content fine. Apologised with a voucher.',
    'Needed the invoice with a company name; sent again.',
    'Thanked us for the quick delivery.',
  ],
  CANCELLED: ['Ordered twice by mistake; the other order stands.', 'Changed their mind before it left.'],
  RETURNED: ['Wrong size; money went back the same day.', 'A part was missing; did not want a new one.'],
};

function supportNoteOf({ id, status }: DemoOrder): string | null {
  const chance = chanceOf('support note', id);
  return chance.happens(0.03) ? chance.pick(supportNotes[status]) : null;
}

function linesOf(order: DemoOrder): OrderLineRow[] {
  return order.lines.map(({ productId: product, productName, quantity, unitPrice }, index) => ({
    id: `${order.id}-line-${index + 1}`,
    order_id: order.id,
    position: index + 1,
    product_id: product,
    product_name: productName,
    quantity,
    unit_price: unitPrice,
  }));
}

const eventNotes: Record<OrderRow['status'], string> = {
  PLACED: 'Thank you! We have your order.',
  PAID: 'Your payment has arrived.',
  SHIPPED: 'Your parcel is on its way.',
  DELIVERED: 'Your parcel was handed over.',
  CANCELLED: 'Your order was called off. You pay nothing.',
  RETURNED: 'Your parcel is back with us and the money on its way to you.',
};

/** One step for each moment that the order knows. */
function eventsOf(order: DemoOrder): Insertable<OrderEventRow>[] {
  const ended = order.status === 'CANCELLED' ? 'CANCELLED' : 'RETURNED';
  const steps: [OrderRow['status'], Date | null][] = [
    ['PLACED', order.placedAt],
    ['PAID', order.paidAt],
    ['SHIPPED', order.shippedAt],
    ['DELIVERED', order.deliveredAt],
    [ended, order.endedAt],
  ];
  return steps.flatMap(([status, at]) =>
    at === null ? [] : [{ order_id: order.id, status, at, note: eventNotes[status] }],
  );
}

/** Every third person left something in the cart; the README's customer three products. */
function cartOf(number: number) {
  const userId = personId(number);
  const id = cartIdOf(userId);
  const chance = chanceOf('cart', userId);
  const size = number === 1 ? 3 : chance.happens(0.33) ? chance.whole(1, 5) : 0;
  const began = daysBefore(demoEnd, chance.whole(1, 20));
  const products = new Set<string>();
  while (products.size < size) products.add(productId(chance.whole(1, demoProductCount)));
  const lines = [...products].map(
    (product, index): Required<Insertable<CartLineTable>> => ({
      cart_id: id,
      product_id: product,
      quantity: chance.whole(1, 3),
      added_at: daysAfter(began, index * 0.01),
    }),
  );
  return { id, userId, lines };
}
