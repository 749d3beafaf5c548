// Owns the shape of the accounts' tables; migrations/ makes them.
import type { ColumnType, Generated, Selectable } from 'kysely';

export type Role = 'CUSTOMER' | 'MERCHANDISER' | 'SUPPORT' | 'ADMIN';

interface UsersTable {
  id: string;
  /** As the person wrote it; unique whatever the case. */
  email: string;
  name: string;
  /** Null while the person has not chosen one: then it follows from the name. */
  display_name: string | null;
  avatar_url: string | null;
  locale: string;
  preferred_currency: string;
  roles: Role[];
  member_since: Generated<Date>;
}

/** Apart from `users`, so that no query about people carries a hash along. */
interface CredentialsTable {
  user_id: string;
  password_hash: string;
}

interface AddressesTable {
  id: string;
  user_id: string;
  recipient: string;
  street: string;
  postal_code: string;
  city: string;
  country: string;
  /** True for exactly one of a person's addresses. */
  is_default: boolean;
  added_at: Generated<Date>;
}

/** The private half of a key as JWK. */
export interface PrivateKey {
  kty: string;
  crv: string;
  x: string;
  y: string;
  d: string;
}

interface SigningKeysTable {
  kid: string;
  private_jwk: ColumnType<PrivateKey, string, never>;
  /** True for the one that signs; tokens signed with the others stay valid. */
  is_current: boolean;
  made_at: Generated<Date>;
}

export interface AccountsTables {
  users: UsersTable;
  credentials: CredentialsTable;
  addresses: AddressesTable;
  /** A view: each person's default address. */
  default_addresses: AddressesTable;
  signing_keys: SigningKeysTable;
}

export type UserRow = Selectable<UsersTable>;
export type AddressRow = Selectable<AddressesTable>;
