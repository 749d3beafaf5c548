// Owns what accounts keeps about people, column by column: what of it is sealed, and what becomes of it when they leave.
import { definePersonalData } from '../kit/personal-data/define-personal-data.ts';
import type { AccountsTables } from './database.ts';

const proof = 'proof that the person was erased, and where: ids and times alone';

export const personalData = definePersonalData<AccountsTables>({
  users: {
    person: 'id',
    onErasure: 'remove',
    personal: {
      id: 'who it is',
      email: { what: 'the e-mail address', sealed: true },
      email_hash: { what: 'a keyed hash of the e-mail address, to find its account by', secret: true },
      name: { what: 'the full name', sealed: true },
      display_name: 'what others may call them; it stands beside reviews',
      avatar_url: 'where their portrait is; it stands beside reviews',
      locale: 'the language they want to be addressed in',
      preferred_currency: 'the currency they think in',
      roles: 'what they may do in the shop’s own tools',
      member_since: 'when they opened their account',
    },
  },
  credentials: {
    person: 'user_id',
    onErasure: 'remove',
    personal: {
      user_id: 'whose password it is',
      password_hash: { what: 'the password, hashed with scrypt', secret: true },
    },
  },
  addresses: {
    person: 'user_id',
    onErasure: 'remove',
    personal: {
      user_id: 'whose address it is',
      recipient: { what: 'who receives parcels', sealed: true },
      street: { what: 'street and house number', sealed: true },
      postal_code: { what: 'the postal code', sealed: true },
      city: { what: 'the town', sealed: true },
      country: 'the country',
      is_default: 'whether parcels usually go there',
      added_at: 'since when it is known',
    },
    others: ['id'],
    entities: { Address: 'id' },
  },
  default_addresses: { viewOf: 'addresses' },
  sessions: {
    person: 'user_id',
    onErasure: 'remove',
    personal: {
      user_id: 'who is signed in',
      opened_at: 'when they signed in',
      used_at: 'when they were last there',
      ended_at: 'when they signed out',
    },
    others: ['id', 'generation', 'rotated_at'],
  },
  refresh_tokens: {
    person: { through: 'session_id', to: 'sessions' },
    onErasure: 'remove',
    personal: {
      hash: { what: 'a hash of what continues the session', secret: true },
      made_at: 'when it was given out',
    },
    others: ['session_id', 'generation'],
  },
  sign_in_events: {
    person: 'user_id',
    onErasure: 'remove',
    personal: {
      user_id: 'who signed in',
      at: 'when',
      kind: 'what happened',
      network: 'from where on the network; plain, because sign-ins from there are looked for',
      address_hash: { what: 'a keyed hash of an e-mail address without an account', secret: true },
    },
    others: ['id'],
  },
  erasures: {
    person: 'user_id',
    onErasure: { keep: proof },
    personal: {
      user_id: 'who was erased',
      requested_at: 'when they asked for it',
      completed_at: 'when it was done everywhere',
    },
    others: ['id'],
  },
  erasure_parts: {
    person: { through: 'erasure_id', to: 'erasures' },
    onErasure: { keep: proof },
    personal: {
      erased_at: 'when this domain had erased them',
      confirmed_at: 'when it had done so after their last token',
    },
    others: ['erasure_id', 'domain'],
    internal: ['tries', 'next_try_at', 'problem'],
  },
  sign_in_tries: { others: ['key', 'tries', 'since', 'paused_until', 'is_logged'] },
  signing_keys: {
    sealed: { private_jwk: 'the private key that signs tokens' },
    others: ['kid', 'is_current', 'made_at', 'signs_since', 'retired_at'],
  },
  hash_keys: { sealed: { address_key: 'what e-mail addresses are hashed with' }, others: ['only'] },
});
