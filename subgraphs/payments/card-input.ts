// Owns what may be wrong with a card as it comes in, before anything is read or written.
import { type Expiry, monthsLeft } from './cards.ts';
import type { CardBrand } from './database.ts';

export interface CardInput {
  token: string;
  brand: CardBrand;
  last4: string;
  expiryMonth: number;
  expiryYear: number;
  makeDefault?: boolean | null;
}

export interface PaymentError {
  code: 'INVALID_TOKEN' | 'INVALID_DIGITS' | 'INVALID_EXPIRY' | 'TOO_MANY_METHODS' | 'NOT_FOUND';
  message: string;
  field: string[];
}

const MOST_MONTHS = 20 * 12;

/** Everything that is wrong at once, in the order of the fields; empty for a card that can be stored. */
export function cardProblems(input: CardInput, today: Date): PaymentError[] {
  const { token, last4, expiryMonth: month, expiryYear: year } = input;
  return [
    ...(/^tok_[A-Za-z0-9_-]{1,200}$/.test(token)
      ? []
      : [invalidToken('This is not a token of the card form.')]),
    ...(/^[0-9]{4}$/.test(last4) ? [] : [invalidDigits]),
    ...expiryProblems({ month, year }, today),
  ];
}

export function invalidToken(message: string): PaymentError {
  return { code: 'INVALID_TOKEN', message, field: ['input', 'token'] };
}

const invalidDigits: PaymentError = {
  code: 'INVALID_DIGITS',
  message: 'The last four digits must be four digits.',
  field: ['input', 'last4'],
};

function expiryProblems(expiry: Expiry, today: Date): PaymentError[] {
  const wrong = (field: string, message: string): PaymentError[] => [
    { code: 'INVALID_EXPIRY', message, field: ['input', field] },
  ];
  if (expiry.month < 1 || expiry.month > 12) return wrong('expiryMonth', 'The month must be from 1 to 12.');
  const left = monthsLeft(expiry, today);
  if (left < 0) return wrong('expiryYear', 'This card has expired.');
  if (left > MOST_MONTHS) return wrong('expiryYear', 'No card is valid for more than 20 years.');
  return [];
}
