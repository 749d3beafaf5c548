// Owns which of this domain's data is about people, and what becomes of it when somebody leaves.
import { definePersonalData } from '../kit/personal-data/define-personal-data.ts';
import type { PaymentsTables } from './database.ts';

export const personalData = definePersonalData<PaymentsTables>({
  payment_methods: {
    person: 'user_id',
    onErasure: 'remove',
    personal: {
      user_id: 'who pays with it',
      kind: 'card, bank account or wallet',
      label: { what: 'what it is called, with the last digits', sealed: true },
      is_default: 'whether it is offered first',
      added_at: 'when it was stored',
      brand: 'who issued the card',
      last4: { what: 'the last digits of the card', sealed: true },
      expiry_month: 'until when the card is good: the month',
      expiry_year: 'until when the card is good: the year',
      provider_token: { what: 'what the provider charges the card by', sealed: true, secret: true },
      token_hash: { what: 'by what the token is known again: its SHA-256', secret: true },
      bank_name: { what: 'where the account is', sealed: true },
      iban_last4: { what: 'the last characters of the IBAN', sealed: true },
      provider: 'whose wallet it is',
    },
    others: ['id'],
    entities: { PaymentMethod: 'id', Card: 'id', BankAccount: 'id', Wallet: 'id' },
  },
  payments: {
    person: 'user_id',
    onErasure: {
      // The provider's number is what a refund or a dispute is about; what the provider keeps, it answers for itself.
      keep: 'the books must show it for years, and money may have to go back',
      blank: { method_label: 'No longer kept' },
    },
    personal: {
      order_id: 'what was paid for',
      user_id: 'who paid',
      status: 'how far the payment has come',
      amount: 'how much',
      method_id: 'with which of their payment methods',
      method_label: { what: 'what that was called then, with the last digits', sealed: true },
      created_at: 'when it was begun',
      captured_at: 'when the money was taken',
      provider_reference: { what: 'the provider’s number of the payment', secret: true },
    },
    others: ['id', 'currency'],
    entities: { Payment: 'id', Order: 'order_id' },
  },
  refunds: {
    person: { through: 'payment_id', to: 'payments' },
    onErasure: { keep: 'the books must show it for years', blank: { reason: 'No longer kept.' } },
    personal: {
      amount: 'how much was paid back',
      reason: { what: 'why, in somebody’s words', sealed: true },
      at: 'when',
    },
    others: ['id', 'payment_id'],
  },
});
