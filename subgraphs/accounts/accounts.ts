// Puts the parts of accounts together; each part is in the file of its name.
import { defineSubgraph } from '../kit/define-subgraph.ts';
import { loaders } from './loaders.ts';
import { people } from './migrations/0001-people.ts';
import { sessions } from './migrations/0002-sessions.ts';
import { erasures } from './migrations/0003-erasures.ts';
import { permissions } from './permissions.ts';
import { personalData } from './personal-data.ts';
import { resolvers } from './resolvers.ts';
import { seed } from './seed.ts';
import { startAccounts } from './start-accounts.ts';

export const accounts = defineSubgraph({
  name: 'accounts',
  folder: new URL('.', import.meta.url),
  migrations: { '0001-people': people, '0002-sessions': sessions, '0003-erasures': erasures },
  seed,
  loaders,
  resolvers,
  permissions,
  personalData,
  start: startAccounts,
});
