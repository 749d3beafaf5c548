// Puts the parts of notifications together; each part is in the file of its name.
import { defineSubgraph } from '../kit/define-subgraph.ts';
import { loaders } from './loaders.ts';
import { inbox } from './migrations/0001-inbox.ts';
import { permissions } from './permissions.ts';
import { personalData } from './personal-data.ts';
import { resolvers } from './resolvers.ts';
import { seed } from './seed.ts';

export const notifications = defineSubgraph({
  name: 'notifications',
  folder: new URL('.', import.meta.url),
  migrations: { '0001-inbox': inbox },
  seed,
  loaders,
  resolvers,
  permissions,
  personalData,
});
