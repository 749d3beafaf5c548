// Puts the parts of shipping together; each part is in the file of its name.
import { defineSubgraph } from '../kit/define-subgraph.ts';
import { loaders } from './loaders.ts';
import { parcels } from './migrations/0001-parcels.ts';
import { shipmentsByUser } from './migrations/0002-shipments-by-user.ts';
import { permissions } from './permissions.ts';
import { personalData } from './personal-data.ts';
import { resolvers } from './resolvers.ts';
import { seed } from './seed.ts';

export const shipping = defineSubgraph({
  name: 'shipping',
  folder: new URL('.', import.meta.url),
  migrations: { '0001-parcels': parcels, '0002-shipments-by-user': shipmentsByUser },
  seed,
  loaders,
  resolvers,
  permissions,
  personalData,
});
