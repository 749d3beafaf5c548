// Owns starting the mobile router as a process; what it is stands in bff.ts.
import { runBff } from '../supergraph/index.ts';
import { mobile } from './bff.ts';

await runBff(mobile, new URL('.', import.meta.url));
