// Owns nothing but the process of the lighthouse, as a subgraph's main.ts does.
import { runSubgraph } from '../../../../../subgraphs/kit/run-subgraph.ts';
import { lighthouse } from './lighthouse.ts';

await runSubgraph(lighthouse);
