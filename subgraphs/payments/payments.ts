// Puts the parts of the payments domain together; each part is in the file of its name.
import { defineSubgraph } from '../kit/define-subgraph.ts';
import { loaders } from './loaders.ts';
import { methodsAndPayments } from './migrations/0001-methods-and-payments.ts';
import { tokenHashes } from './migrations/0002-token-hashes.ts';
import { paymentsByUser } from './migrations/0003-payments-by-user.ts';
import { permissions } from './permissions.ts';
import { personalData } from './personal-data.ts';
import { resolvers } from './resolvers.ts';
import { seed } from './seed.ts';

export const payments = defineSubgraph({
  name: 'payments',
  folder: new URL('.', import.meta.url),
  migrations: {
    '0001-methods-and-payments': methodsAndPayments,
    '0002-token-hashes': tokenHashes,
    '0003-payments-by-user': paymentsByUser,
  },
  seed,
  loaders,
  resolvers,
  permissions,
  personalData,
});
