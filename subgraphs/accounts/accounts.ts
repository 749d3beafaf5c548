// Puts the parts of accounts together; each part is in the file of its name.
import { defineSubgraph } from '../kit/define-subgraph.ts';
import { loaders } from './loaders.ts';
import { people } from './migrations/0001-people.ts';
import { publishKeys } from './publish-keys.ts';
import { resolvers } from './resolvers.ts';
import { seed } from './seed.ts';

export const accounts = defineSubgraph({
  name: 'accounts',
  folder: new URL('.', import.meta.url),
  migrations: { '0001-people': people },
  seed,
  loaders,
  resolvers,
  start: publishKeys,
});
