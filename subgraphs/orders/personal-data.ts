// Owns which of this domain's data is about people, and what becomes of it when somebody leaves.
import { definePersonalData } from '../kit/personal-data/define-personal-data.ts';
import type { OrdersTables } from './database.ts';

/** What was sold, when, for how much and to which country, for as long as the law asks. */
const keep = 'the books must show it for years';

export const personalData = definePersonalData<OrdersTables>({
  orders: {
    person: 'user_id',
    onErasure: {
      keep,
      blank: {
        recipient: 'A former customer',
        street: '',
        postal_code: '',
        city: '',
        support_note: null,
      },
    },
    personal: {
      user_id: 'who ordered',
      number: 'the number on the invoice',
      status: 'how far the order has come',
      placed_at: 'when it was placed',
      shipping_cost: 'what the delivery cost',
      recipient: { what: 'to whom it was sent', sealed: true },
      street: { what: 'street and number it was sent to', sealed: true },
      postal_code: { what: 'postal code it was sent to', sealed: true },
      city: { what: 'town it was sent to', sealed: true },
      country: 'country it was sent to',
      // For those who have a scope for it, so that a person gets it from them and not from the export.
      support_note: { what: 'what the support team noted', sealed: true, secret: true },
    },
    others: ['id', 'currency'],
    entities: { Order: ['id', 'number'] },
  },
  order_lines: {
    person: { through: 'order_id', to: 'orders' },
    onErasure: { keep },
    personal: {
      product_id: 'what was bought',
      product_name: 'what it was called then',
      quantity: 'how many pieces',
      unit_price: 'what a piece cost',
    },
    others: ['id', 'order_id', 'position'],
  },
  order_events: {
    person: { through: 'order_id', to: 'orders' },
    onErasure: { keep, blank: { note: null } },
    personal: {
      status: 'what became of the order',
      at: 'when',
      note: { what: 'what the customer was told', sealed: true },
    },
    others: ['id', 'order_id'],
  },
  carts: {
    person: 'user_id',
    onErasure: 'remove',
    personal: {
      id: 'the cart, called after its owner',
      user_id: 'whose cart it is',
      updated_at: 'when they last changed it',
    },
    entities: { Cart: 'id' },
  },
  cart_lines: {
    person: { through: 'cart_id', to: 'carts' },
    onErasure: 'remove',
    personal: {
      cart_id: 'in whose cart it lies',
      product_id: 'what somebody may buy',
      quantity: 'how many pieces',
      added_at: 'when they put it there',
    },
  },
});
