// Runs the catalog as a process of its own: `npx tsx subgraphs/catalog/main.ts`.
import { runSubgraph } from '../kit/run-subgraph.ts';
import { catalog } from './catalog.ts';

await runSubgraph(catalog);
