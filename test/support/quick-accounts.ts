// Owns accounts for tests in which passwords are only there to be right or wrong: all of it is real, their hashes are cheap.
import { accountsWith } from '../../subgraphs/accounts/accounts.ts';

/** A millisecond a hash; the usual cost is an eighth of a second, and some tests sign up hundreds. */
export const quickAccounts = accountsWith({ passwordCost: { N: 1_024, r: 8, p: 1 } });
