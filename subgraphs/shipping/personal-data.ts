// Owns which of this domain's data is about people, and what becomes of it when somebody leaves.
import { definePersonalData } from '../kit/personal-data/define-personal-data.ts';
import type { ShippingTables } from './database.ts';

export const personalData = definePersonalData<ShippingTables>({
  carriers: { others: ['code', 'name'] },
  delivery_options: {
    others: [
      'id',
      'country',
      'name',
      'over_grams',
      'up_to_grams',
      'carrier_code',
      'price',
      'currency',
      'min_days',
      'max_days',
    ],
  },
  shipments: {
    person: 'user_id',
    // Parcels are looked up by the carrier's number, so it is plain, and where they went is told by the events alone.
    onErasure: { keep: 'carriers’ bills and claims are checked with it' },
    personal: {
      order_id: 'the order that is inside',
      user_id: 'who ordered it',
      carrier_code: 'who carries it',
      tracking_number: 'the carrier’s number of the parcel',
      status: 'how far it has come',
      created_at: 'when it was packed',
      shipped_at: 'when it left',
      estimated_delivery: 'when it should arrive',
      delivered_at: 'when it arrived',
      carrier_cost: { what: 'what the carrier charged the shop', secret: true },
    },
    others: ['id', 'currency'],
    entities: { Shipment: ['id', 'tracking_number'], Order: 'order_id' },
  },
  tracking_events: {
    person: { through: 'shipment_id', to: 'shipments' },
    onErasure: 'remove',
    personal: {
      at: 'when the parcel was seen',
      status: 'what it became',
      location: { what: 'where it was, at last the customer’s town', sealed: true },
      description: { what: 'what the carrier said', sealed: true },
    },
    others: ['id', 'shipment_id'],
  },
});
