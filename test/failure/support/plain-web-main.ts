// Runs bff-web as it is declared but for its cache, so that it is seen at once when a subgraph has gone.
import { web } from '../../../bff-web/bff.ts';
import { runBff } from '../../../supergraph/index.ts';

const { cache: _, responseCache: __, ...plain } = web;
await runBff(plain, new URL('../../../bff-web/', import.meta.url));
