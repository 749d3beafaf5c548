// Owns what the demo people pay with: one to three methods each, the first of them the default.
import type { Insertable } from 'kysely';
import type { DemoPerson } from '../kit/demo/people.ts';
import { type Chance, chanceOf } from '../kit/demo/random.ts';
import { daysAfter } from '../kit/demo/time.ts';
import { cardLabel } from './cards.ts';
import type { CardBrand, PaymentMethodTable } from './database.ts';
import { tokenHash } from './token-hash.ts';

export type DemoMethod = Insertable<PaymentMethodTable>;
/** What the kinds differ in. */
type Particulars = Omit<
  DemoMethod,
  'id' | 'user_id' | 'is_default' | 'added_at' | 'provider_token' | 'token_hash'
>;

const brands: readonly CardBrand[] = ['VISA', 'MASTERCARD', 'AMEX'];
const banks = ['Danubia Bank', 'Banque du Rivage', 'Nordkredit', 'Banca Tevere', 'Caixa do Sul'];
const wallets = ['PayPal', 'Apple Pay', 'Google Pay'];

const digits = (chance: Chance): string => String(chance.whole(0, 9999)).padStart(4, '0');

export function demoCard(chance: Chance): Particulars {
  const brand = chance.pick(brands);
  const last4 = digits(chance);
  return {
    kind: 'Card',
    label: cardLabel(brand, last4),
    brand,
    last4,
    expiry_month: chance.whole(1, 12),
    // Some have expired since; most are good for years.
    expiry_year: chance.happens(0.1) ? 2025 : chance.whole(2029, 2035),
  };
}

function demoBankAccount(chance: Chance): Particulars {
  const bank = chance.pick(banks);
  const last4 = digits(chance);
  return { kind: 'BankAccount', label: `${bank} •••• ${last4}`, bank_name: bank, iban_last4: last4 };
}

function demoWallet(chance: Chance): Particulars {
  const provider = chance.pick(wallets);
  return { kind: 'Wallet', label: provider, provider };
}

/** The README's customer has one of each kind, so that there is something to look at. */
function particularsOf(person: DemoPerson, chance: Chance): Particulars[] {
  if (person.id === 'user-001') {
    const visa: Particulars = {
      kind: 'Card',
      label: cardLabel('VISA', '4242'),
      brand: 'VISA',
      last4: '4242',
      expiry_month: 9,
      expiry_year: 2031,
    };
    return [visa, demoBankAccount(chance), demoWallet(chance)];
  }
  return Array.from({ length: chance.whole(1, 3) }, () =>
    chance.pick([demoCard, demoCard, demoBankAccount, demoWallet])(chance),
  );
}

/** All added before the first demo order, so that every payment finds its method there already. */
export function demoMethodsOf(person: DemoPerson): DemoMethod[] {
  const chance = chanceOf('payment methods', person.id);
  return particularsOf(person, chance).map((particulars, index) => {
    const token = particulars.kind === 'Card' ? `tok_${person.id}_${index + 1}` : null;
    return {
      id: `${person.id.replace('user', 'method')}-${index + 1}`,
      user_id: person.id,
      is_default: index === 0,
      added_at: daysAfter(person.memberSince, index * 6 + chance.next()),
      ...particulars,
      provider_token: token,
      token_hash: token && tokenHash(token),
    };
  });
}
