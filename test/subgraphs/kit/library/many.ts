// Owns the process of two subgraphs that take their ports from subgraphs.json.
import { runSubgraphs } from '../../../../subgraphs/kit/run-subgraph.ts';
import { librarySubgraph } from './library.ts';

await runSubgraphs([librarySubgraph({ name: 'unlisted' })]);
