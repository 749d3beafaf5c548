// Runs accounts as a process of its own: `npx tsx subgraphs/accounts/main.ts`.
import { runSubgraph } from '../kit/run-subgraph.ts';
import { accounts } from './accounts.ts';

await runSubgraph(accounts);
