// Lists the subgraphs of the shop for those who run all of them; the subgraphs themselves do not know each other.
import { accounts } from './accounts/accounts.ts';
import { catalog } from './catalog/catalog.ts';
import { inventory } from './inventory/inventory.ts';
import type { SubgraphDefinition } from './kit/define-subgraph.ts';
import { notifications } from './notifications/notifications.ts';
import { orders } from './orders/orders.ts';
import { payments } from './payments/payments.ts';
import { recommendations } from './recommendations/recommendations.ts';
import { reviews } from './reviews/reviews.ts';
import { shipping } from './shipping/shipping.ts';

/** Accounts first: the others check tokens with its keys. */
export const allSubgraphs: readonly SubgraphDefinition[] = [
  accounts,
  catalog,
  inventory,
  orders,
  payments,
  shipping,
  reviews,
  recommendations,
  notifications,
];
