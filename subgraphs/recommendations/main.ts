// Runs the recommendations as a process of their own: `npx tsx subgraphs/recommendations/main.ts`.
import { runSubgraph } from '../kit/run-subgraph.ts';
import { recommendations } from './recommendations.ts';

await runSubgraph(recommendations);
