// Owns the table of what is not everybody's: each protected field of the whole graph, what it needs, and who is who.

/** A viewer who is signed in, or one with all of these scopes. */
export type Need = 'signed in' | readonly string[];

const signedIn = 'signed in';
const support = ['orders:support'];
const cost = ['catalog:cost'];

function each(need: Need, fields: string): Record<string, Need> {
  return Object.fromEntries(fields.split(' ').map((field) => [field, need]));
}

/** By type and field. */
export type ProtectedFields = Readonly<Record<string, Readonly<Record<string, Need>>>>;

/** What a BFF's clients do not see is in here too. */
export const protectedFields: ProtectedFields = {
  Query: each(signedIn, 'me exportMyData notification order orderByNumber payment shipment'),
  Mutation: {
    ...each(signedIn, 'updateProfile addAddress updateAddress removeAddress eraseMe'),
    ...each(signedIn, 'addToCart updateCartLine removeFromCart clearCart'),
    ...each(signedIn, 'addCard setDefaultPaymentMethod removePaymentMethod'),
    ...each(signedIn, 'addReview updateReview deleteReview markReviewHelpful'),
    ...each(signedIn, 'markNotificationRead markAllNotificationsRead'),
    ...each(['inventory:write'], 'setStock'),
  },
  User: {
    ...each(signedIn, 'name email locale preferredCurrency roles addresses defaultAddress signIns'),
    ...each(signedIn, 'orders cart paymentMethods notifications unreadNotificationCount recommendations'),
  },
  MyData: each(signedIn, 'accounts orders payments shipping notifications reviews recommendations'),
  Product: each(cost, 'costPrice supplierCode'),
  Order: {
    ...each(signedIn, 'id number status placedAt customer lines subtotal shippingCost total'),
    ...each(signedIn, 'deliveryAddress history payment shipments'),
    ...each(support, 'supportNote'),
  },
  OrderEdge: each(signedIn, 'node'),
  Cart: each(signedIn, 'id lines subtotal itemCount updatedAt'),
  CartPayload: each(signedIn, 'cart'),
  Payment: {
    ...each(signedIn, 'id order status amount methodLabel method createdAt capturedAt refunds'),
    ...each(support, 'providerReference'),
  },
  Shipment: {
    ...each(
      signedIn,
      'id order carrier trackingNumber status shippedAt estimatedDelivery deliveredAt events',
    ),
    ...each(support, 'carrierCost'),
  },
  Notification: each(signedIn, 'id kind title body createdAt readAt isRead subject'),
  NotificationEdge: each(signedIn, 'node'),
  NotificationPayload: each(signedIn, 'notification'),
};

/** Those that are bff-mobile's own: of protected types, and made from what is protected. */
export const protectedViews: ProtectedFields = {
  HomeScreen: each(signedIn, 'latestOrder'),
  Order: each(signedIn, 'summary thumbnail statusLabel statusColour deliveryText'),
  Shipment: each(signedIn, 'deliveryText'),
};

/** What a field needs by its type and name; undefined where it is everybody's. */
export function needOf(type: string, field: string): Need | undefined {
  return protectedFields[type]?.[field] ?? protectedViews[type]?.[field];
}

/** `Type.field`, and what it needs. */
export function coordinatesOf(fields: ProtectedFields): [coordinate: string, need: Need][] {
  return Object.entries(fields).flatMap(([type, needs]) =>
    Object.entries(needs).map(([field, need]): [string, Need] => [`${type}.${field}`, need]),
  );
}

/**
 * Scopes by role, as the tokens of accounts carry them; null is somebody without a token. Those who may do most come first:
 * what a router remembers of them must not help whoever comes after.
 */
export const roles: Readonly<Record<string, readonly string[] | null>> = {
  ADMIN: ['catalog:cost', 'inventory:write', 'customers:read', 'orders:support'],
  SUPPORT: ['customers:read', 'orders:support'],
  MERCHANDISER: ['catalog:cost', 'inventory:write'],
  CUSTOMER: [],
  nobody: null,
};

export function mayAskFor(role: string, type: string, field: string): boolean {
  const need = needOf(type, field);
  if (need === undefined) return true;
  const scopes = roles[role];
  if (!scopes) return false;
  return need === 'signed in' || need.every((scope) => scopes.includes(scope));
}
