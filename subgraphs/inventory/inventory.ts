// Puts the parts of the inventory together; each part is in the file of its name.
import { defineSubgraph } from '../kit/define-subgraph.ts';
import { loaders } from './loaders.ts';
import { stock } from './migrations/0001-stock.ts';
import { personalData } from './personal-data.ts';
import { resolvers } from './resolvers.ts';
import { seed } from './seed.ts';

export const inventory = defineSubgraph({
  name: 'inventory',
  folder: new URL('.', import.meta.url),
  migrations: { '0001-stock': stock },
  seed,
  loaders,
  resolvers,
  personalData,
});
