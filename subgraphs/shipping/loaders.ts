// Owns how shipping reads: one statement a table for everything a request asks for in one go.
import type { Kysely } from 'kysely';
import { connectionLoader } from '../kit/connection.ts';
import { rowLoader, rowsLoader } from '../kit/loaders.ts';
import type { ShippingTables } from './database.ts';

export type Loaders = ReturnType<typeof loaders>;

export function loaders(db: Kysely<ShippingTables>) {
  return {
    carriers: rowLoader(db, 'carriers', ['code']),
    options: rowsLoader(db, 'delivery_options', 'country', {
      orderBy: [
        ['price', 'asc'],
        ['id', 'asc'],
      ],
    }),
    shipments: rowLoader(db, 'shipments', ['id', 'tracking_number']),
    shipmentsOfOrder: rowsLoader(db, 'shipments', 'order_id', {
      orderBy: [
        ['created_at', 'asc'],
        ['id', 'asc'],
      ],
    }),
    events: connectionLoader(db, {
      table: 'tracking_events',
      by: 'shipment_id',
      order: [
        ['at', 'desc'],
        ['id', 'desc'],
      ],
    }),
  };
}
