// Runs all subgraphs in one process, each on its own port: `npm start` does so to keep memory small.

import { allSubgraphs } from './all-subgraphs.ts';
import { runSubgraphs } from './kit/run-subgraph.ts';

await runSubgraphs(allSubgraphs);
