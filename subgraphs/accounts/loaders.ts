// Owns how accounts reads: one statement a table for everything a request asks for in one go.
import type { Kysely } from 'kysely';
import { connectionLoader } from '../kit/connection.ts';
import { rowLoader } from '../kit/loaders.ts';
import type { AccountsTables } from './database.ts';

export type Loaders = ReturnType<typeof loaders>;

export function loaders(db: Kysely<AccountsTables>) {
  return {
    users: rowLoader(db, 'users', ['id']),
    addresses: rowLoader(db, 'addresses', ['id']),
    defaultAddresses: rowLoader(db, 'default_addresses', ['user_id']),
    addressBooks: connectionLoader(db, {
      table: 'addresses',
      by: 'user_id',
      order: [
        ['is_default', 'desc'],
        ['added_at', 'desc'],
        ['id', 'desc'],
      ],
    }),
    signIns: connectionLoader(db, {
      table: 'sign_in_events',
      by: 'user_id',
      order: [
        ['at', 'desc'],
        ['id', 'desc'],
      ],
    }),
  };
}
