// Owns how the domain reads: one statement a table for everything a request asks for in one go.
import type { Kysely } from 'kysely';
import { connectionLoader } from '../kit/connection.ts';
import { rowLoader, rowsLoader } from '../kit/loaders.ts';
import type { PaymentsTables } from './database.ts';

export type Loaders = ReturnType<typeof loaders>;

export function loaders(db: Kysely<PaymentsTables>) {
  return {
    payments: rowLoader(db, 'payments', ['id', 'order_id']),
    refunds: rowsLoader(db, 'refunds', 'payment_id', {
      orderBy: [
        ['at', 'asc'],
        ['id', 'asc'],
      ],
    }),
    methods: rowLoader(db, 'payment_methods', ['id']),
    methodsOfUser: connectionLoader(db, {
      table: 'payment_methods',
      by: 'user_id',
      order: [
        ['is_default', 'desc'],
        ['added_at', 'desc'],
        ['id', 'desc'],
      ],
    }),
  };
}
