// Owns `npm run soak -- <name>`: long runs that watch a router from outside, and print what they saw as JSON.
import { fuzz } from './fuzz.ts';
import { manyOperations } from './many-operations.ts';
import { planningStall } from './planning-stall.ts';

const seed = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 1_000_000));
const soaks: Record<string, () => Promise<unknown>> = {
  fuzz: async () => ({ seed, ...(await fuzz({ count: 20_000, seed })) }),
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
