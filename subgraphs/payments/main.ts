// Runs payments as a process of its own: `npx tsx subgraphs/payments/main.ts`.
import { runSubgraph } from '../kit/run-subgraph.ts';
import { payments } from './payments.ts';

await runSubgraph(payments);
