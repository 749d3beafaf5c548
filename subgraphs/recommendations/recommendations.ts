// Puts the parts of the recommendations together; each part is in the file of its name.
import { defineSubgraph } from '../kit/define-subgraph.ts';
import { loaders } from './loaders.ts';
import { rankings } from './migrations/0001-rankings.ts';
import { permissions } from './permissions.ts';
import { personalData } from './personal-data.ts';
import { resolvers } from './resolvers.ts';
import { seed } from './seed.ts';

export const recommendations = defineSubgraph({
  name: 'recommendations',
  folder: new URL('.', import.meta.url),
  migrations: { '0001-rankings': rankings },
  seed,
  loaders,
  resolvers,
  permissions,
  personalData,
});
