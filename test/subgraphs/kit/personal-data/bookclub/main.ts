// Owns nothing but the process of bookclub, as a subgraph's main.ts does.
import { runSubgraph } from '../../../../../subgraphs/kit/run-subgraph.ts';
import { bookclubSubgraph } from './bookclub.ts';

await runSubgraph(bookclubSubgraph());
