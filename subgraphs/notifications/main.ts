// Runs notifications as a process of its own: `npx tsx subgraphs/notifications/main.ts`.
import { runSubgraph } from '../kit/run-subgraph.ts';
import { notifications } from './notifications.ts';

await runSubgraph(notifications);
