// Runs the small graph of cache tests in a process of its own, so that a test can end its subgraphs as a crash would.
import { startCachedGraph } from './cached-graph.ts';

const { supergraphSdl } = await startCachedGraph();
process.send?.({ supergraphSdl });
