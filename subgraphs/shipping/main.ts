// Runs shipping as a process of its own: `npx tsx subgraphs/shipping/main.ts`.
import { runSubgraph } from '../kit/run-subgraph.ts';
import { shipping } from './shipping.ts';

await runSubgraph(shipping);
