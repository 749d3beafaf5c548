// Owns what the support team is still shown of somebody who has left, domain by domain.
import { demoOrders } from '../../subgraphs/kit/demo/orders.ts';

/** Who leaves: somebody with rows in every table that the demo world fills. */
export const leaver = 'user-009';

const returned = demoOrders().find(({ userId, status }) => userId === leaver && status === 'RETURNED');
const numbered = (kind: string) => String(returned?.id).replace('order', kind);

/** What the support team is shown of somebody who has left; empty where a domain shows it nothing. */
export const remains: Record<string, [type: string, id: string, selection: string, is: object][]> = {
  accounts: [],
  orders: [
    [
      'Order',
      numbered('order'),
      'customer { id } supportNote deliveryAddress { recipient street postalCode city country }',
      {
        customer: { id: leaver },
        supportNote: null,
        deliveryAddress: {
          recipient: 'A former customer',
          street: '',
          postalCode: '',
          city: '',
          country: returned?.deliveryAddress.country,
        },
      },
    ],
    ['Order', numbered('order'), 'history { note }', { history: Array(5).fill({ note: null }) }],
    ['User', leaver, 'cart { id } orders { totalCount }', { cart: null, orders: { totalCount: 12 } }],
  ],
  payments: [
    [
      'Payment',
      numbered('payment'),
      'status methodLabel method { id } refunds { reason }',
      {
        status: 'REFUNDED',
        methodLabel: 'No longer kept',
        method: null,
        refunds: [{ reason: 'No longer kept.' }],
      },
    ],
    ['User', leaver, 'paymentMethods { totalCount }', { paymentMethods: { totalCount: 0 } }],
  ],
  shipping: [
    [
      'Shipment',
      numbered('shipment'),
      'status events { totalCount }',
      { status: 'RETURNED', events: { totalCount: 0 } },
    ],
  ],
  reviews: [
    [
      'User',
      leaver,
      'reviews(first: 1) { totalCount edges { node { author { id displayName } } } }',
      {
        reviews: {
          totalCount: 53,
          edges: [{ node: { author: { id: leaver, displayName: 'A former customer' } } }],
        },
      },
    ],
  ],
  recommendations: [],
  notifications: [
    [
      'User',
      leaver,
      'notifications { totalCount } unreadNotificationCount',
      { notifications: { totalCount: 0 }, unreadNotificationCount: 0 },
    ],
  ],
};
