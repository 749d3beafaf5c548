// Owns `npm run documents`: from the documents of clients to manifests and typed operations, or one list of all problems.
import '../foundation/environment.ts';

import { parseArgs } from 'node:util';
import { bffsHere } from '../composition/bffs-here.ts';
import { staleFiles, writeFiles } from '../composition/generated-files.ts';
import { StartupProblem } from '../foundation/startup-problem.ts';
import { DocumentsFailure, shownPath } from './document-problem.ts';
import { registerDocuments } from './register-documents.ts';

const usage = `Usage: npm run documents -- [--check] [--production] [--release <name>] [--bff <file>]...
  --check       write nothing; fail when a generated file is stale
  --production  fail when a document is a draft
  --release     keep the manifest as that of a version, for example ios-3.5.0; needs --bff
  --bff         a declaration; may be given several times (every bff-*/bff.ts)`;

try {
  const { check = false, production = false, release, bff } = readFlags(process.argv.slice(2));
  const files = await registerDocuments({
    bffs: bff ?? (await bffsHere()),
    production,
    release,
    // The page here tells of the BFFs here.
    ...(bff === undefined && { page: 'README.md' }),
  });
  if (check) reportStale(await staleFiles(files));
  else report(await writeFiles(files), files.size);
} catch (error) {
  process.exitCode = 1;
  if (error instanceof DocumentsFailure) {
    const count = error.problems.length;
    console.error(
      `${error.message}\n\n${count === 1 ? 'One problem' : `${count} problems`}; nothing was written.`,
    );
  } else console.error(error instanceof StartupProblem ? error.message : error);
}

function report(written: readonly string[], all: number): void {
  for (const path of written) console.log(`wrote ${shownPath(path)}`);
  if (written.length > 0) return;
  console.log(all === 0 ? 'No declaration has documents.' : `All ${all} generated files were up to date.`);
}

function reportStale(stale: readonly string[]): void {
  if (stale.length === 0) return;
  process.exitCode = 1;
  for (const path of stale) console.error(`stale: ${shownPath(path)}`);
  console.error('Run "npm run documents".');
}

function readFlags(args: string[]) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        check: { type: 'boolean' },
        production: { type: 'boolean' },
        release: { type: 'string' },
        bff: { type: 'string', multiple: true },
      },
    });
    const { release, bff } = values;
    if (release !== undefined && !/^[\w-][\w.-]{0,99}$/.test(release)) {
      throw new StartupProblem(`--release must be a name such as ios-3.5.0, but is "${release}".`);
    }
    if (release !== undefined && bff === undefined) {
      throw new StartupProblem('--release needs --bff: whose clients are released?');
    }
    return values;
  } catch (error) {
    throw new StartupProblem(`${error instanceof Error ? error.message : error}\n${usage}`);
  }
}
