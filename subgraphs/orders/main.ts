// Runs orders as a process of its own: `npx tsx subgraphs/orders/main.ts`.
import { runSubgraph } from '../kit/run-subgraph.ts';
import { orders } from './orders.ts';

await runSubgraph(orders);
