// Holds accounts to what BFFs ask of it: every fetch that registered documents make is replayed.

import { demoPassword } from '../../../subgraphs/kit/demo/people.ts';
import { replayConsumers } from '../../support/consumers/replay-consumers.ts';
import { quickAccounts } from '../../support/quick-accounts.ts';
import { accountsClient, type SignInPayload } from './accounts-client.ts';

// It believes the tokens that it gave out alone.
replayConsumers(quickAccounts, async (subgraph) => {
  const input = { email: 'ada@example.com', password: demoPassword };
  const { token } = await accountsClient(subgraph).ask<SignInPayload>('signIn', { input });
  return token ?? '';
});
