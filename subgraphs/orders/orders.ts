// Puts the parts of the orders domain together; each part is in the file of its name.
import { defineSubgraph } from '../kit/define-subgraph.ts';
import { loaders } from './loaders.ts';
import { ordersAndCarts } from './migrations/0001-orders-and-carts.ts';
import { cartsByUser } from './migrations/0002-carts-by-user.ts';
import { permissions } from './permissions.ts';
import { personalData } from './personal-data.ts';
import { resolvers } from './resolvers.ts';
import { seed } from './seed.ts';

export const orders = defineSubgraph({
  name: 'orders',
  folder: new URL('.', import.meta.url),
  migrations: { '0001-orders-and-carts': ordersAndCarts, '0002-carts-by-user': cartsByUser },
  seed,
  loaders,
  resolvers,
  permissions,
  personalData,
});
