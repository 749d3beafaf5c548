// Fills accounts with the 200 people of the demo world and their addresses.
import type { Kysely } from 'kysely';
import { type DemoPerson, demoPassword, demoPeople } from '../kit/demo/people.ts';
import { chanceOf } from '../kit/demo/random.ts';
import { daysAfter } from '../kit/demo/time.ts';
import { insertRows } from '../kit/insert-rows.ts';
import { ensureHashKey, hashAddresses } from './address-hash.ts';
import type { AccountsTables, AddressRow } from './database.ts';
import type { Passwords } from './passwords.ts';

export async function seed(db: Kysely<AccountsTables>, passwords: Passwords): Promise<void> {
  const people = demoPeople();
  await ensureHashKey(db);
  const hashOf = await hashAddresses(db);
  await insertRows(
    db,
    'users',
    people.map(({ id, email, name, locale, roles, memberSince }) => ({
      id,
      email,
      email_hash: hashOf(email),
      name,
      avatar_url: chanceOf('avatar', id).happens(0.6) ? `https://images.example.com/people/${id}.jpg` : null,
      locale,
      preferred_currency: currencies[locale] ?? 'EUR',
      roles,
      member_since: memberSince,
    })),
  );
  // One hash for all and a salt that never changes: the password is public, and hashing 200 times takes half a minute.
  const password_hash = await passwords.hash(demoPassword, Buffer.from('the demo world..'));
  await insertRows(
    db,
    'credentials',
    people.map(({ id }) => ({ user_id: id, password_hash })),
  );
  await insertRows(db, 'addresses', people.flatMap(addressesOf));
}

const currencies: Readonly<Record<string, string>> = { 'da-DK': 'DKK', 'cs-CZ': 'CZK' };

/** Added a month apart, the home first. */
function addressesOf({ id, addresses, memberSince }: DemoPerson): AddressRow[] {
  return addresses.map(({ recipient, street, postalCode, city, country }, index) => ({
    id: `${id.replace('user', 'address')}-${index + 1}`,
    user_id: id,
    recipient,
    street,
    postal_code: postalCode,
    city,
    country,
    is_default: index === 0,
    added_at: daysAfter(memberSince, index * 30),
  }));
}
