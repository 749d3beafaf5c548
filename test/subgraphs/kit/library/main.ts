// Owns nothing but the process of the library, as a subgraph's main.ts does.
import { runSubgraph } from '../../../../subgraphs/kit/run-subgraph.ts';
import { librarySubgraph } from './library.ts';

await runSubgraph(librarySubgraph({ books: 5 }));
