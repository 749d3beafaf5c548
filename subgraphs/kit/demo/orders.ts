// Owns the demo orders every domain's seed agrees on: who bought what, when, and how far it has come.
import { type DemoAddress, demoPeopleCount, personAt } from './people.ts';
import { demoProductCount, productAt } from './products.ts';
import { chanceOf } from './random.ts';
import { daysAfter, daysBefore, demoEnd } from './time.ts';

export type DemoOrderStatus = 'PLACED' | 'PAID' | 'SHIPPED' | 'DELIVERED' | 'CANCELLED' | 'RETURNED';

export interface DemoOrderLine {
  productId: string;
  productName: string;
  /** In cents. */
  unitPrice: number;
  quantity: number;
}

export interface DemoOrder {
  id: string;
  number: string;
  userId: string;
  status: DemoOrderStatus;
  placedAt: Date;
  paidAt: Date | null;
  shippedAt: Date | null;
  deliveredAt: Date | null;
  /** When it was cancelled or came back; null for all others. */
  endedAt: Date | null;
  lines: DemoOrderLine[];
  /** In cents. */
  shippingCost: number;
  deliveryAddress: DemoAddress;
}

const demoOrderCount = 3000;

/** `order-0001` for 1. */
function orderId(number: number): string {
  return `order-${String(number).padStart(4, '0')}`;
}

/** What the lines cost together, in cents, without delivery. */
export function subtotalOf(order: DemoOrder): number {
  return order.lines.reduce((sum, line) => sum + line.unitPrice * line.quantity, 0);
}

/** Order `number`, from 1 (the oldest) to `demoOrderCount` (the newest). */
export function orderAt(number: number): DemoOrder {
  const chance = chanceOf('order', number);
  const age = ((demoOrderCount - number) / demoOrderCount) * 540 + chance.next() * 0.1;
  const placedAt = daysBefore(demoEnd, age);
  // The README's customer buys often, so that there is something to page through.
  const person = personAt(number % (number > 2900 ? 12 : 100) === 0 ? 1 : chance.whole(1, demoPeopleCount));
  const lines = Array.from({ length: chance.whole(1, 4) }, () => chance.whole(1, demoProductCount))
    .filter((product, index, all) => all.indexOf(product) === index)
    .map((product) => {
      const { id, name, price } = productAt(product);
      return { productId: id, productName: name, unitPrice: price, quantity: chance.whole(1, 3) };
    });
  const status = statusAt(age, chance.next());
  const wasPaid = status !== 'PLACED' && status !== 'CANCELLED';
  const wasShipped = status === 'SHIPPED' || status === 'DELIVERED' || status === 'RETURNED';
  const arrived = status === 'DELIVERED' || status === 'RETURNED';
  const subtotal = lines.reduce((sum, line) => sum + line.unitPrice * line.quantity, 0);
  return {
    id: orderId(number),
    number: `T-${100000 + number}`,
    userId: person.id,
    status,
    placedAt,
    paidAt: wasPaid ? daysAfter(placedAt, 0.02) : null,
    shippedAt: wasShipped ? daysAfter(placedAt, 0.6) : null,
    deliveredAt: arrived ? daysAfter(placedAt, 2.4) : null,
    endedAt:
      status === 'RETURNED'
        ? daysAfter(placedAt, 9)
        : status === 'CANCELLED'
          ? daysAfter(placedAt, 0.3)
          : null,
    lines,
    shippingCost: subtotal >= 10000 ? 0 : 490,
    deliveryAddress: chance.pick(person.addresses),
  };
}

function statusAt(ageInDays: number, luck: number): DemoOrderStatus {
  if (ageInDays < 0.3) return 'PLACED';
  if (luck < 0.03) return 'CANCELLED';
  if (ageInDays < 1) return 'PAID';
  if (ageInDays < 3) return 'SHIPPED';
  return ageInDays > 12 && luck > 0.96 ? 'RETURNED' : 'DELIVERED';
}

/** All demo orders, the oldest first. */
export function demoOrders(): DemoOrder[] {
  return Array.from({ length: demoOrderCount }, (_, index) => orderAt(index + 1));
}
