// Owns starting the web router as a process; what it is stands in bff.ts.
import { runBff } from '../supergraph/index.ts';
import { web } from './bff.ts';

await runBff(web, new URL('.', import.meta.url));
