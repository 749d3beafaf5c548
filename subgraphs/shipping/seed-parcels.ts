// Owns how a demo order becomes a parcel and the places it was seen at, in step with the order's own dates.
import type { DemoOrder } from '../kit/demo/orders.ts';
import { demoCurrency } from '../kit/demo/products.ts';
import { type Chance, chanceOf } from '../kit/demo/random.ts';
import { daysAfter, daysBefore, demoEnd } from '../kit/demo/time.ts';
import type { ShipmentRow, ShipmentStatus, TrackingEventRow } from './database.ts';

export interface Parcel {
  shipment: ShipmentRow;
  /** The oldest first. */
  events: TrackingEventRow[];
}

type Sighting = Pick<TrackingEventRow, 'at' | 'status' | 'location' | 'description'>;

/** `weights` are grams by product id. Null for an order that never left the shop. */
export function parcelOf(order: DemoOrder, weights: ReadonlyMap<string, number>): Parcel | null {
  const { shippedAt, deliveredAt } = order;
  if (!shippedAt) return null;
  const chance = chanceOf('parcel', order.id);
  const digits = order.id.replace('order-', '');
  const id = `shipment-${digits}`;
  const grams = order.lines.reduce(
    (sum, { productId, quantity }) => sum + (weights.get(productId) ?? 0) * quantity,
    0,
  );
  const carrier = carrierFor(grams, chance);
  const events = sightingsOf(order, shippedAt, chance).map((sighting, index) => ({
    id: `${id}-event-${index + 1}`,
    shipment_id: id,
    ...sighting,
  }));
  const shipment: ShipmentRow = {
    id,
    order_id: order.id,
    user_id: order.userId,
    carrier_code: carrier,
    tracking_number: trackingNumberOf(Number(digits)),
    status: events.at(-1)?.status ?? 'IN_TRANSIT',
    created_at: packedAt(shippedAt),
    shipped_at: shippedAt,
    estimated_delivery: daysAfter(shippedAt, 2),
    delivered_at: deliveredAt,
    carrier_cost: 250 + Math.round(grams * (carrier === 'express' ? 0.09 : 0.05)),
    currency: demoCurrency,
  };
  return { shipment, events };
}

/** Neighbouring orders have numbers far apart; no two are equal, because the factor has no divisor in common with 10. */
function trackingNumberOf(number: number): string {
  return `TRB${String((number * 104_729) % 1_000_000_000).padStart(9, '0')}`;
}

function carrierFor(grams: number, chance: Chance): string {
  const luck = chance.next();
  if (grams > 20_000) return 'freight';
  return luck < 0.12 ? 'express' : luck < 0.4 && grams <= 10_000 ? 'parcel' : 'postal';
}

const warehouses = ['Vienna, AT', 'Berlin, DE', 'Lyon, FR', 'Prague, CZ'];
const hubs = ['Linz, AT', 'Leipzig, DE', 'Strasbourg, FR', 'Brno, CZ', 'Bologna, IT', 'Rotterdam, NL'];

/** Three while it is young, four in the van, five once delivered, six when it came back. */
function sightingsOf(
  { status, deliveredAt, endedAt, deliveryAddress }: DemoOrder,
  shippedAt: Date,
  chance: Chance,
): Sighting[] {
  const warehouse = chance.pick(warehouses);
  const home = `${deliveryAddress.city}, ${deliveryAddress.country}`;
  const sighting = (at: Date, became: ShipmentStatus, location: string, description: string): Sighting => ({
    at,
    status: became,
    location,
    description,
  });
  const inVan = daysAfter(shippedAt, 1.6 + chance.next() * 0.05);
  return [
    sighting(packedAt(shippedAt), 'PREPARING', warehouse, 'The parcel was packed.'),
    sighting(shippedAt, 'IN_TRANSIT', warehouse, 'The carrier took the parcel over.'),
    sighting(
      daysAfter(shippedAt, 0.2 + chance.next() * 0.1),
      'IN_TRANSIT',
      chance.pick(hubs),
      'The parcel was sorted for its onward journey.',
    ),
    ...(inVan <= demoEnd
      ? [sighting(inVan, 'OUT_FOR_DELIVERY', home, 'The parcel is in the van and arrives today.')]
      : []),
    ...(deliveredAt ? [sighting(deliveredAt, 'DELIVERED', home, 'The parcel was delivered.')] : []),
    ...(status === 'RETURNED' && endedAt
      ? [sighting(endedAt, 'RETURNED', warehouse, 'The parcel came back to the shop.')]
      : []),
  ];
}

function packedAt(shippedAt: Date): Date {
  return daysBefore(shippedAt, 0.15);
}
