// Fills the domain with what the demo people pay with, and with the payments and refunds of the demo orders.
import type { Insertable, Kysely } from 'kysely';
import { type DemoOrder, demoOrders, subtotalOf } from '../kit/demo/orders.ts';
import { demoPeople } from '../kit/demo/people.ts';
import { demoCurrency } from '../kit/demo/products.ts';
import { chanceOf } from '../kit/demo/random.ts';
import { insertRows } from '../kit/insert-rows.ts';
import type { PaymentRow, PaymentStatus, PaymentsTables, RefundRow } from './database.ts';
import { type DemoMethod, demoCard, demoMethodsOf } from './demo-methods.ts';

export async function seed(db: Kysely<PaymentsTables>): Promise<void> {
  const methods = new Map(demoPeople().map((person) => [person.id, demoMethodsOf(person)]));
  await insertRows(db, 'payment_methods', [...methods.values()].flat());
  const orders = demoOrders();
  await insertRows(
    db,
    'payments',
    orders.map((order) => paymentOf(order, methods.get(order.userId) ?? [])),
  );
  await insertRows(db, 'refunds', orders.flatMap(refundsOf));
}

const statuses: Record<DemoOrder['status'], PaymentStatus> = {
  PLACED: 'PENDING',
  PAID: 'AUTHORIZED',
  SHIPPED: 'CAPTURED',
  DELIVERED: 'CAPTURED',
  CANCELLED: 'CANCELLED',
  RETURNED: 'REFUNDED',
};

const amountOf = (order: DemoOrder): number => subtotalOf(order) + order.shippingCost;

/** The number of an order is the number of its payment. */
const paymentId = (order: DemoOrder): string => order.id.replace('order', 'payment');

function paymentOf(order: DemoOrder, methods: readonly DemoMethod[]): Insertable<PaymentRow> {
  const chance = chanceOf('payment', order.id);
  const status = statuses[order.status];
  // Some paid with a card that they have removed since.
  const method = methods.length === 0 || chance.happens(0.1) ? null : chance.pick(methods);
  return {
    id: paymentId(order),
    order_id: order.id,
    user_id: order.userId,
    status,
    amount: amountOf(order),
    currency: demoCurrency,
    method_id: method?.id ?? null,
    method_label: method?.label ?? demoCard(chance).label,
    created_at: order.placedAt,
    // The shop takes the money when the parcel leaves.
    captured_at: order.shippedAt,
    provider_reference: status === 'PENDING' ? null : `PSP-${order.number}-${chance.whole(100_000, 999_999)}`,
  };
}

const reasons = [
  'Wrong size.',
  'Not as expected.',
  'Arrived damaged.',
  'Came too late.',
  'A part was missing.',
];

function refundsOf(order: DemoOrder): RefundRow[] {
  if (order.status !== 'RETURNED' || order.endedAt === null) return [];
  return [
    {
      id: order.id.replace('order', 'refund'),
      payment_id: paymentId(order),
      amount: amountOf(order),
      reason: chanceOf('refund', order.id).pick(reasons),
      at: order.endedAt,
    },
  ];
}
