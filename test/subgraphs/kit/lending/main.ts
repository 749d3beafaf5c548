// Runs the lending desk as a process of its own.
import { runSubgraph } from '../../../../subgraphs/kit/run-subgraph.ts';
import { lending } from './lending.ts';

await runSubgraph(lending);
