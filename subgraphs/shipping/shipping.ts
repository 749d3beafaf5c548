// Puts the parts of shipping together; each part is in the file of its name.
import { defineSubgraph } from '../kit/define-subgraph.ts';
import { loaders } from './loaders.ts';
import { parcels } from './migrations/0001-parcels.ts';
import { resolvers } from './resolvers.ts';
import { seed } from './seed.ts';

export const shipping = defineSubgraph({
  name: 'shipping',
  folder: new URL('.', import.meta.url),
  migrations: { '0001-parcels': parcels },
  seed,
  loaders,
  resolvers,
});
