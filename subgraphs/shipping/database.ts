// Owns the shape of shipping's tables; migrations/ makes them.

export type ShipmentStatus = 'PREPARING' | 'IN_TRANSIT' | 'OUT_FOR_DELIVERY' | 'DELIVERED' | 'RETURNED';

export interface CarrierRow {
  /** A short code such as `postal`. */
  code: string;
  name: string;
}

/** One way to send a parcel to one country within one band of weight: over the one, up to the other. */
export interface DeliveryOptionRow {
  id: string;
  country: string;
  name: string;
  over_grams: number;
  up_to_grams: number;
  carrier_code: string;
  /** In the smallest unit of `currency`. */
  price: number;
  currency: string;
  /** Working days. */
  min_days: number;
  max_days: number;
}

export interface ShipmentRow {
  id: string;
  order_id: string;
  /** Who bought the order, and so may see the parcel. */
  user_id: string;
  carrier_code: string;
  tracking_number: string;
  status: ShipmentStatus;
  created_at: Date;
  shipped_at: Date | null;
  estimated_delivery: Date | null;
  delivered_at: Date | null;
  /** What the carrier charged, in the smallest unit of `currency`; null while it has sent no bill. */
  carrier_cost: number | null;
  currency: string;
}

export interface TrackingEventRow {
  id: string;
  shipment_id: string;
  at: Date;
  /** What the parcel became. */
  status: ShipmentStatus;
  location: string;
  description: string;
}

export interface ShippingTables {
  carriers: CarrierRow;
  delivery_options: DeliveryOptionRow;
  shipments: ShipmentRow;
  tracking_events: TrackingEventRow;
}
