// Owns the shape of the accounts' tables; migrations/ makes them.
import type { Generated, Selectable } from 'kysely';

export type Role = 'CUSTOMER' | 'MERCHANDISER' | 'SUPPORT' | 'ADMIN';

interface UsersTable {
  id: string;
  /** As the person wrote it. */
  email: string;
  /** By which the account is found, whatever the case; unique. See address-hash.ts. */
  email_hash: string;
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
  /** A PrivateKey as JSON. */
  private_jwk: string;
  /** True for the one that signs. One that is neither current nor retired is the next. */
  is_current: boolean;
  made_at: Generated<Date>;
  signs_since: Date | null;
  /** Since when it signs no more; its last tokens end a little later. */
  retired_at: Date | null;
}

interface SessionsTable {
  id: string;
  user_id: string;
  opened_at: Generated<Date>;
  used_at: Generated<Date>;
  /** Null while it was not ended; it may have run out all the same. */
  ended_at: Date | null;
  /** How often it was refreshed: refresh tokens of earlier generations are used. */
  generation: Generated<number>;
  rotated_at: Generated<Date>;
}

interface RefreshTokensTable {
  /** SHA-256 as base64url; the token itself is nowhere. */
  hash: string;
  session_id: string;
  generation: number;
  made_at: Generated<Date>;
}

interface SignInTriesTable {
  /** Who tried whom from where, as slow-down.ts writes it; no e-mail address can be read from it. */
  key: string;
  /** That failed, or are being judged, since `since`. */
  tries: Generated<number>;
  since: Generated<Date>;
  paused_until: Date | null;
  /** Whether the pause is in the audit log. */
  is_logged: Generated<boolean>;
}

export type SignInEventKind =
  | 'SIGNED_UP'
  | 'SIGNED_IN'
  | 'REFUSED'
  | 'SLOWED_DOWN'
  | 'REFRESHED'
  | 'REUSE_DETECTED'
  | 'SIGNED_OUT'
  | 'KEYS_ROTATED';

interface SignInEventsTable {
  id: string;
  at: Generated<Date>;
  kind: SignInEventKind;
  /** Null where no account is concerned. */
  user_id: string | null;
  /** Of the e-mail address that was tried, keyed; null where the account is known. */
  address_hash: string | null;
  network: string | null;
}

/** One row: what e-mail addresses are hashed with where they must not be readable. */
interface HashKeysTable {
  only: Generated<boolean>;
  address_key: string;
}

interface ErasuresTable {
  id: string;
  user_id: string;
  requested_at: Generated<Date>;
  /** When all parts were confirmed. */
  completed_at: Date | null;
}

/** One for each domain. */
interface ErasurePartsTable {
  erasure_id: string;
  domain: string;
  /** When the domain erased the person the first time. */
  erased_at: Date | null;
  /** When it did so after the person's last token had ended. */
  confirmed_at: Date | null;
  /** Since it last worked. */
  tries: number;
  next_try_at: Date;
  /** Why the last try failed; a sentence without anything of a person. */
  problem: string | null;
}

export interface AccountsTables {
  users: UsersTable;
  credentials: CredentialsTable;
  addresses: AddressesTable;
  /** A view: each person's default address. */
  default_addresses: AddressesTable;
  signing_keys: SigningKeysTable;
  sessions: SessionsTable;
  refresh_tokens: RefreshTokensTable;
  sign_in_tries: SignInTriesTable;
  sign_in_events: SignInEventsTable;
  hash_keys: HashKeysTable;
  erasures: ErasuresTable;
  erasure_parts: ErasurePartsTable;
}

export type UserRow = Selectable<UsersTable>;
export type AddressRow = Selectable<AddressesTable>;
export type SignInTriesRow = Selectable<SignInTriesTable>;
