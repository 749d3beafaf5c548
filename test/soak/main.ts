// Owns `npm run soak -- <name>`: long runs that watch a router from outside, and print what they saw as JSON.
import { manyOperations } from './many-operations.ts';
import { planningStall } from './planning-stall.ts';

const soaks: Record<string, () => Promise<unknown>> = {
  'many-operations': () => manyOperations(100_000),
  'planning-stall': planningStall,
};

const [name = ''] = process.argv.slice(2);
const soak = Object.hasOwn(soaks, name) ? soaks[name] : undefined;
if (soak === undefined) {
  console.error(`Which soak? npm run soak -- ${Object.keys(soaks).join(' | ')}`);
  process.exit(1);
}
console.log(JSON.stringify(await soak(), null, 2));
