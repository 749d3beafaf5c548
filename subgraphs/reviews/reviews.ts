// Puts the parts of the reviews together; each part is in the file of its name.
import { defineSubgraph } from '../kit/define-subgraph.ts';
import { loaders } from './loaders.ts';
import { opinions } from './migrations/0001-opinions.ts';
import { reviewVotesByUser } from './migrations/0002-review-votes-by-user.ts';
import { personalData } from './personal-data.ts';
import { resolvers } from './resolvers.ts';
import { seed } from './seed.ts';

export const reviews = defineSubgraph({
  name: 'reviews',
  folder: new URL('.', import.meta.url),
  migrations: { '0001-opinions': opinions, '0002-review-votes-by-user': reviewVotesByUser },
  seed,
  loaders,
  resolvers,
  personalData,
});
