// Runs the reviews as a process of their own: `npx tsx subgraphs/reviews/main.ts`.
import { runSubgraph } from '../kit/run-subgraph.ts';
import { reviews } from './reviews.ts';

await runSubgraph(reviews);
