// Puts the parts of the catalog together; each part is in the file of its name.
import { defineSubgraph } from '../kit/define-subgraph.ts';
import { loaders } from './loaders.ts';
import { assortment } from './migrations/0001-assortment.ts';
import { personalData } from './personal-data.ts';
import { resolvers } from './resolvers.ts';
import { seed } from './seed.ts';

export const catalog = defineSubgraph({
  name: 'catalog',
  folder: new URL('.', import.meta.url),
  migrations: { '0001-assortment': assortment },
  seed,
  loaders,
  resolvers,
  personalData,
});
