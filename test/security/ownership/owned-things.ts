// Owns the list of what belongs to somebody in the shop, and of the roads that lead to it: rows of data.

import type { SubgraphDefinition } from '../../../subgraphs/kit/define-subgraph.ts';
import { type DemoOrder, demoOrders } from '../../../subgraphs/kit/demo/orders.ts';
import { demoPeople } from '../../../subgraphs/kit/demo/people.ts';
import { notifications } from '../../../subgraphs/notifications/notifications.ts';
import { orders } from '../../../subgraphs/orders/orders.ts';
import { payments } from '../../../subgraphs/payments/payments.ts';
import { recommendations } from '../../../subgraphs/recommendations/recommendations.ts';
import { reviews } from '../../../subgraphs/reviews/reviews.ts';
import { shipping } from '../../../subgraphs/shipping/shipping.ts';
import { quickAccounts as accounts } from '../../support/quick-accounts.ts';

// Without what it starts it believes the tokens of a test, and not only those it has signed itself.
const { start: _, ...accountsAlone } = accounts;

export const domains: Readonly<Record<string, SubgraphDefinition>> = {
  accounts: accountsAlone,
  orders,
  payments,
  shipping,
  notifications,
  recommendations,
  reviews,
};

/** A key of an entity as a router sends it, or the `$key` of a root field. */
export type Key = string | Readonly<Record<string, string>>;

export interface Road {
  domain: string;
  words: string;
  owner: string;
  /** With `$key`; what is asked for is called `road`. */
  document: string;
  owned: Key;
  /** Like `owned`, of a thing that nobody has; left out where the thing around it is public. */
  absent?: Key;
  /** Whether somebody anonymous is told to sign in, and not just shown nothing. */
  asksToSignIn: boolean;
  /** Whether it is the person's alone. */
  hiddenFromStaff?: boolean;
}

const person = known(
  demoPeople().find(({ roles, addresses }) => roles.join() === 'CUSTOMER' && addresses.length === 3),
);
/** Who has enough addresses to lose some. */
export const resident = person.id;
export const addressOf = (number: number): string => `${resident.replace('user', 'address')}-${number}`;
/** The customer of the README: buys often and has several ways to pay. */
export const customer = 'user-001';

const isDelivered = ({ userId, status }: DemoOrder): boolean => userId === customer && status === 'DELIVERED';
const order = known(demoOrders().find(isDelivered));
const digits = order.id.slice('order-'.length);

function known<Found>(found: Found | undefined): Found {
  if (found === undefined) throw new Error('The demo world has nobody and nothing like this.');
  return found;
}

const root = (field: string, selection: string, type = 'ID!'): string =>
  `query ($key: ${type}) { ${field} { ${selection} } }`;
const entity = (selection: string): string =>
  `query ($key: _Any!) { _entities(representations: [$key]) { ${selection} } }`;
const reference = (__typename: string, id: string): Key => ({ __typename, id });
const ofUser = (selection: string) => ({
  owner: customer,
  document: entity(`... on User { ${selection} }`),
  owned: reference('User', customer),
  absent: reference('User', 'user-999'),
  asksToSignIn: true,
});

/** Everything is known by the same number in the domains of an order. */
function ofOrder(
  domain: string,
  type: string,
  keys: [name: string, owned: string, absent: string][],
): Road[] {
  return keys.map(([name, owned, absent]) => ({
    domain,
    words: `a reference to ${type} by ${name}`,
    owner: customer,
    document: entity(`... on ${type} { road: id }`),
    owned: { __typename: type, [name]: owned },
    absent: { __typename: type, [name]: absent },
    asksToSignIn: false,
  }));
}

const rootRoad = (domain: string, words: string, document: string, owned: string, absent: string): Road => ({
  domain,
  words,
  owner: customer,
  document,
  owned,
  absent,
  asksToSignIn: true,
});

const privateFields = [
  'road: name',
  'road: email',
  'road: locale',
  'road: preferredCurrency',
  'road: roles',
  'addresses { edges { node { road: id } } }',
  'defaultAddress { road: id }',
  'signIns { road: totalCount }',
];

/** `trackingNumber` is that of the order's parcel, which only shipping knows. */
export function roadsOf({ trackingNumber }: { trackingNumber: string }): Road[] {
  return [
    {
      domain: 'accounts',
      words: 'a reference to Address',
      owner: resident,
      document: entity('... on Address { road: id }'),
      owned: reference('Address', addressOf(1)),
      absent: reference('Address', 'address-999-1'),
      asksToSignIn: false,
    },
    ...privateFields.flatMap((selection): Road[] => [
      {
        domain: 'accounts',
        words: `user { ${selection} }`,
        owner: resident,
        document: root('user(id: $key)', selection),
        owned: resident,
        asksToSignIn: true,
      },
      {
        domain: 'accounts',
        words: `a reference to User { ${selection} }`,
        owner: resident,
        document: entity(`... on User { ${selection} }`),
        owned: reference('User', resident),
        asksToSignIn: true,
      },
    ]),

    rootRoad('orders', 'order', root('order(id: $key)', 'road: id'), order.id, 'order-9999'),
    rootRoad(
      'orders',
      'orderByNumber',
      root('orderByNumber(number: $key)', 'lines { road: productName }', 'String!'),
      order.number,
      'T-999999',
    ),
    ...ofOrder('orders', 'Order', [
      ['id', order.id, 'order-9999'],
      ['number', order.number, 'T-999999'],
    ]),
    ...ofOrder('orders', 'Cart', [['id', `cart-${customer}`, 'cart-user-999']]),
    { domain: 'orders', words: 'User.orders', ...ofUser('orders { road: totalCount }') },
    { domain: 'orders', words: 'User.cart', ...ofUser('cart { road: id }') },

    rootRoad(
      'payments',
      'payment',
      root('payment(id: $key)', 'road: id'),
      `payment-${digits}`,
      'payment-9999',
    ),
    ...ofOrder('payments', 'Payment', [['id', `payment-${digits}`, 'payment-9999']]),
    {
      ...rootRoad('payments', 'Order.payment', entity('... on Order { payment { road: id } }'), '', ''),
      owned: reference('Order', order.id),
      absent: reference('Order', 'order-9999'),
    },
    ...ofOrder('payments', 'PaymentMethod', [['id', 'method-001-1', 'method-999-1']]),
    ...ofOrder('payments', 'Card', [['id', 'method-001-1', 'method-999-1']]),
    {
      domain: 'payments',
      words: 'User.paymentMethods',
      ...ofUser('paymentMethods { edges { node { road: id } } }'),
    },

    rootRoad(
      'shipping',
      'shipment',
      root('shipment(trackingNumber: $key)', 'road: id', 'String!'),
      trackingNumber,
      'TRB999999999',
    ),
    ...ofOrder('shipping', 'Shipment', [
      ['id', `shipment-${digits}`, 'shipment-9999'],
      ['trackingNumber', trackingNumber, 'TRB999999999'],
    ]),
    {
      ...rootRoad('shipping', 'Order.shipments', entity('... on Order { shipments { road: id } }'), '', ''),
      owned: reference('Order', order.id),
      absent: reference('Order', 'order-9999'),
    },

    rootRoad(
      'notifications',
      'notification',
      root('notification(id: $key)', 'road: id'),
      'notification-00001',
      'notification-99999',
    ),
    ...ofOrder('notifications', 'Notification', [['id', 'notification-00001', 'notification-99999']]),
    { domain: 'notifications', words: 'User.notifications', ...ofUser('notifications { road: totalCount }') },
    {
      domain: 'notifications',
      words: 'User.unreadNotificationCount',
      ...ofUser('road: unreadNotificationCount'),
    },

    {
      domain: 'recommendations',
      words: 'User.recommendations',
      ...ofUser('recommendations { road: id }'),
      hiddenFromStaff: true,
    },
  ];
}

export const shipmentOfOrder = `shipment-${digits}`;

export interface Change {
  domain: string;
  mutation: string;
  owner: string;
  /** With `$id`; the mutation is called `change`. */
  document: string;
  /** One for the owner to change, one for an admin. */
  owned: readonly [string, string];
  absent: string;
}

const problems = 'userErrors { code message field }';
const changeOf = (call: string): string =>
  `mutation ($id: ID!) { change: ${call} { user { id } ${problems} } }`;
const mill =
  '{ recipient: "Ada", street: "Mill Lane 7", postalCode: "1010", city: "Vienna", country: "AT", makeDefault: true }';

/** `reviewIds` are two that `customer` wrote. */
export function changesOf({ reviewIds }: { reviewIds: readonly [string, string] }): Change[] {
  const address = { domain: 'accounts', owner: resident, absent: 'address-999-1' };
  const method = { domain: 'payments', owner: customer, absent: 'method-999-1' };
  const review = { domain: 'reviews', owner: customer, absent: 'review-99999', owned: reviewIds };
  return [
    {
      ...address,
      mutation: 'updateAddress',
      document: changeOf(`updateAddress(id: $id, input: ${mill})`),
      owned: [addressOf(2), addressOf(3)],
    },
    {
      ...address,
      mutation: 'removeAddress',
      document: changeOf('removeAddress(id: $id)'),
      owned: [addressOf(2), addressOf(3)],
    },
    {
      ...method,
      mutation: 'setDefaultPaymentMethod',
      document: changeOf('setDefaultPaymentMethod(id: $id)'),
      owned: ['method-001-2', 'method-001-3'],
    },
    {
      ...method,
      mutation: 'removePaymentMethod',
      document: changeOf('removePaymentMethod(id: $id)'),
      owned: ['method-001-2', 'method-001-3'],
    },
    {
      domain: 'notifications',
      mutation: 'markNotificationRead',
      owner: customer,
      document: changeOf('markNotificationRead(id: $id)'),
      owned: ['notification-00001', 'notification-00002'],
      absent: 'notification-99999',
    },
    {
      ...review,
      mutation: 'updateReview',
      document: `mutation ($id: ID!) { change: updateReview(input: { id: $id, rating: 2 }) { review { rating } ${problems} } }`,
    },
    {
      ...review,
      mutation: 'deleteReview',
      document: `mutation ($id: ID!) { change: deleteReview(id: $id) { deletedId ${problems} } }`,
    },
  ];
}
