// Runs the inventory as a process of its own: `npx tsx subgraphs/inventory/main.ts`.
import { runSubgraph } from '../kit/run-subgraph.ts';
import { inventory } from './inventory.ts';

await runSubgraph(inventory);
