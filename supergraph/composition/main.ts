// Owns `npm run compose`: from subgraph schemas and BFF declarations to generated files, or one list of all problems.
import '../foundation/environment.ts';

import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { StartupProblem } from '../foundation/startup-problem.ts';
import { bffsHere } from './bffs-here.ts';
import { CompositionFailure } from './composition-problem.ts';
import { type GenerateOptions, generate } from './generate.ts';
import { staleFiles, writeFiles } from './generated-files.ts';

const usage = `Usage: npm run compose -- [--check] [--subgraphs <file>] [--bff <file>]... [--out <file>]
  --check      write nothing; fail when a generated file is stale
  --subgraphs  the list of subgraphs (subgraphs/subgraphs.json)
  --bff        a declaration; may be given several times (every bff-*/bff.ts; none with --subgraphs)
  --out        where the supergraph goes (supergraph/graph/supergraph.graphql)`;

try {
  const { check, ...options } = await readFlags(process.argv.slice(2));
  const files = await generate(options);
  if (check) reportStale(await staleFiles(files));
  else report(await writeFiles(files), files.size);
} catch (error) {
  process.exitCode = 1;
  if (error instanceof CompositionFailure) {
    const count = error.problems.length;
    console.error(
      `${error.message}\n\n${count === 1 ? 'One problem' : `${count} problems`}; nothing was written.`,
    );
  } else console.error(error instanceof StartupProblem ? error.message : error);
}

function report(written: readonly string[], all: number): void {
  for (const path of written) console.log(`wrote ${relative('.', path)}`);
  if (written.length === 0) console.log(`All ${all} generated files were up to date.`);
}

function reportStale(stale: readonly string[]): void {
  if (stale.length === 0) return;
  process.exitCode = 1;
  for (const path of stale) console.error(`stale: ${relative('.', path)}`);
  console.error('Run "npm run compose".');
}

async function readFlags(args: string[]): Promise<GenerateOptions & { check: boolean }> {
  const { values } = parse(args);
  return {
    check: values.check ?? false,
    subgraphs: values.subgraphs ?? 'subgraphs/subgraphs.json',
    // The BFFs here belong to the subgraphs here: somebody else's are not composed into them.
    bffs: values.bff ?? (values.subgraphs === undefined ? await bffsHere() : []),
    out: values.out ?? 'supergraph/graph/supergraph.graphql',
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        check: { type: 'boolean' },
        subgraphs: { type: 'string' },
        bff: { type: 'string', multiple: true },
        out: { type: 'string' },
      },
    });
  } catch (error) {
    throw new StartupProblem(`${error instanceof Error ? error.message : error}\n${usage}`);
  }
}
