// Searches for operations that an engine answers otherwise than the monolith: `npm run oracle -- --operations 100000 --seed 7`.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { describeDifference } from './describe-difference.ts';
import { ownEngine } from './engines/own-engine.ts';
import { stockEngine } from './engines/stock-engine.ts';
import { searchDifferences } from './search-differences.ts';
import { worlds } from './worlds/all-worlds.ts';

const { values } = parseArgs({
  options: {
    operations: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    engine: { type: 'string', default: 'own' },
    world: { type: 'string' },
    enough: { type: 'string', default: '5' },
    failing: { type: 'string', default: '0.5' },
    sources: { type: 'string' },
  },
});

const chosen = worlds.filter(({ name }) => values.world === undefined || name === values.world);
const stock = values.engine === 'stock';
const sources = values.sources === undefined ? undefined : pathToFileURL(`${resolve(values.sources)}/`);
console.log(`seed ${values.seed}`);
const started = performance.now();
const result = await searchDifferences({
  worlds: chosen,
  engine: stock ? stockEngine : (prepared) => ownEngine(prepared, sources && { sources }),
  locatesErrors: !stock,
  operations: Number(values.operations),
  seed: Number(values.seed),
  enough: Number(values.enough),
  failing: Number(values.failing),
  onDifference: (difference) => console.log(`\n${describeDifference(difference)}\n`),
});
const seconds = (performance.now() - started) / 1000;
const gaps = result.coverage.gaps();
console.log(
  `${result.operations} operations (${result.discarded} more were not valid), ${result.runs} runs, ` +
    `${result.runsWithFailures} of them met a failure (${result.exactRunsWithFailures} had to be exact), ${seconds.toFixed(1)} s`,
);
for (const [kind, count] of result.coverage.planKinds) console.log(`  ${kind}: ${count} plans`);
if (gaps.length > 0) console.log(`met too seldom:\n  ${gaps.join('\n  ')}`);
console.log(`${result.differences.length} differences`);
if (result.differences.length > 0 || gaps.length > 0) process.exitCode = 1;
