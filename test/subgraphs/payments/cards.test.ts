// Holds the rules for cards to their borders, on days that the test chooses.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type CardInput, cardProblems } from '../../../subgraphs/payments/card-input.ts';
import { cardLabel, hasExpired } from '../../../subgraphs/payments/cards.ts';

const lastMinuteOfMay = new Date('2027-05-31T23:59:59.999Z');
const firstMinuteOfJune = new Date('2027-06-01T00:00:00.000Z');

describe('a card is good until the last day of its month', () => {
  const cases: [number, number, Date, boolean][] = [
    [5, 2027, lastMinuteOfMay, false],
    [5, 2027, firstMinuteOfJune, true],
    [12, 2026, firstMinuteOfJune, true],
    [1, 2028, firstMinuteOfJune, false],
    [12, 2027, new Date('2027-12-31T23:00:00Z'), false],
    [12, 2027, new Date('2028-01-01T00:00:00Z'), true],
  ];
  for (const [month, year, today, expired] of cases) {
    test(`${month}/${year} on ${today.toISOString()}`, () => {
      assert.equal(hasExpired({ month, year }, today), expired);
    });
  }
});

describe('the input of a card', () => {
  const good: CardInput = {
    token: 'tok_1aZ-_',
    brand: 'AMEX',
    last4: '0007',
    expiryMonth: 5,
    expiryYear: 2027,
  };
  const cases: [string, Partial<CardInput>, string[]][] = [
    ['may expire this month', {}, []],
    ['may expire in 20 years', { expiryYear: 2047 }, []],
    ['may not expire later', { expiryMonth: 6, expiryYear: 2047 }, ['INVALID_EXPIRY input.expiryYear']],
    ['may not have expired', { expiryMonth: 4 }, ['INVALID_EXPIRY input.expiryYear']],
    ['knows no month 0', { expiryMonth: 0 }, ['INVALID_EXPIRY input.expiryMonth']],
    ['knows no month 13', { expiryMonth: 13 }, ['INVALID_EXPIRY input.expiryMonth']],
    ['needs the whole year', { expiryYear: 27 }, ['INVALID_EXPIRY input.expiryYear']],
    ['needs four digits', { last4: '42' }, ['INVALID_DIGITS input.last4']],
    ['takes no letters for digits', { last4: '42x2' }, ['INVALID_DIGITS input.last4']],
    ['takes only digits that are ASCII', { last4: '４２４２' }, ['INVALID_DIGITS input.last4']],
    ['takes no card number for a token', { token: '4242424242424242' }, ['INVALID_TOKEN input.token']],
    ['takes no empty token', { token: 'tok_' }, ['INVALID_TOKEN input.token']],
    ['takes no token with a line break', { token: 'tok_1\n' }, ['INVALID_TOKEN input.token']],
    [
      'tells everything at once',
      { token: '', last4: '', expiryMonth: 99 },
      ['INVALID_TOKEN input.token', 'INVALID_DIGITS input.last4', 'INVALID_EXPIRY input.expiryMonth'],
    ],
  ];
  for (const [behaviour, change, expected] of cases) {
    test(behaviour, () => {
      const problems = cardProblems({ ...good, ...change }, lastMinuteOfMay);
      assert.deepEqual(
        problems.map(({ code, field }) => `${code} ${field.join('.')}`),
        expected,
      );
    });
  }
});

test('a card is called by its brand and its last digits', () => {
  assert.equal(cardLabel('VISA', '4242'), 'Visa •••• 4242');
  assert.equal(cardLabel('AMEX', '0005'), 'American Express •••• 0005');
});
