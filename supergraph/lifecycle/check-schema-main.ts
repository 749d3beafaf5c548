// Owns `npm run check:schema`: whether what clients see now breaks what they ask for. Ends with 1 when it does, with 2 when
// that cannot be told.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CompositionFailure } from '../composition/composition-problem.ts';
import { loadBff } from '../declaration/load-bff.ts';
import { StartupProblem } from '../foundation/startup-problem.ts';
import { manifestPlaces } from '../persisted-documents/manifest-places.ts';
import { type RecordedUsage, readUsage } from '../usage/read-usage.ts';
import { breaksSomebody, checkReport } from './check-report.ts';
import { type ClientDocument, documentsNow, readViewDocuments } from './client-documents.ts';
import { type ChangeFinding, compareSchemas } from './compare-schemas.ts';
import { type EarlierBffs, openEarlierBffs } from './earlier-bffs.ts';
import { clientSchema, schemaFile, schemaOf, usageFolder, wantedBffs } from './wanted-bffs.ts';

const usage = `Usage: npm run check:schema -- [--against <git revision or supergraph file>] [--bff <folder>] [--folder <folder>]
  --against  what clients saw before (where this branch left the main one, or the commit before)
  --bff      the folder of a BFF (every bff-*)
  --folder   where routers write what is used (USAGE_FOLDER, or .data/usage)`;

interface Flags {
  against: string | undefined;
  bff: string | undefined;
  folder: string;
}

interface Result {
  report: string;
  breaks: boolean;
}

try {
  const flags = readFlags(process.argv.slice(2));
  const here = await wantedBffs(flags.bff);
  const earlier = await openEarlierBffs(flags.against);
  if (earlier === undefined) {
    console.log(
      'There is no earlier revision here (a first commit, or a shallow clone): nothing was compared.',
    );
  } else {
    const results = await checkAll(here, flags, earlier);
    for (const { report } of results) console.log(report);
    if (results.some(({ breaks }) => breaks)) process.exitCode = 1;
  }
} catch (error) {
  process.exitCode = 2;
  const isClear = error instanceof StartupProblem || error instanceof CompositionFailure;
  console.error(isClear ? error.message : error);
}

async function checkAll(
  here: readonly string[],
  { bff, folder }: Flags,
  earlier: EarlierBffs,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const one of here) results.push(await check(one, folder, earlier));
  const gone = bff === undefined ? (await earlier.all()).filter((one) => !here.includes(one)) : [];
  for (const one of gone) results.push(await checkGone(one, folder, earlier));
  return results;
}

async function check(bff: string, folder: string, earlier: EarlierBffs): Promise<Result> {
  const before = await earlier.of(bff);
  if (before === undefined) {
    return { report: `${bff} is new: ${earlier.name} has no ${schemaFile(bff)}.`, breaks: false };
  }
  const { name, views, documents } = await loadBff(join(bff, 'bff.ts'));
  const now = await documentsNow(bff);
  const ofViews = views === undefined ? [] : await readViewDocuments(join(bff, views, 'documents'));
  // Apps in people's hands send what was registered before.
  const all = new Map([...before.documents, ...now, ...ofViews].map((document) => [document.id, document]));
  const recorded = await readUsage(folder, name);
  const comparison = await compareSchemas({
    before: schemaOf(before.sdl, `${schemaFile(bff)} at ${earlier.name}`),
    now: await clientSchema(bff),
    documents: [...all.values()],
    usage: recorded,
  });
  if (documents?.unregistered === 'reject') {
    comparison.changes.push(...unregistered(bff, before.documents, now, recorded));
  }
  return { report: checkReport(bff, earlier.name, comparison), breaks: breaksSomebody(comparison) };
}

/** What is refused now, of what was answered before. */
function unregistered(
  bff: string,
  before: readonly ClientDocument[],
  now: readonly ClientDocument[],
  { uses }: RecordedUsage,
): ChangeFinding[] {
  const ids = new Set(now.map(({ id }) => id));
  return before
    .filter(({ id }) => !ids.has(id))
    .map((document) => {
      const users = uses.filter(({ id }) => id === document.id);
      const message = `'${document.name}' of before is registered no more: keep its manifest in ${manifestPlaces(bff).released} while apps send it`;
      return users.length > 0
        ? { message, risk: 'breaking', documents: [], uses: users, others: 0 }
        : { message, risk: 'dangerous', documents: [document], uses: [], others: 0 };
    });
}

/** A BFF's name is taken to be its folder's: its declaration is gone too. */
async function checkGone(bff: string, folder: string, earlier: EarlierBffs): Promise<Result> {
  const { documents = [] } = (await earlier.of(bff)) ?? {};
  const { uses, others } = await readUsage(folder, bff);
  const whom = [
    ...(documents.length > 0 ? [`registered: ${documents.map(({ name }) => name).join(', ')}`] : []),
    ...(uses.length + others.length > 0 ? ['its usage is recorded'] : []),
  ];
  const words = whom.length > 0 ? `, which breaks its clients (${whom.join('; ')})` : ', and nobody used it';
  return { report: `${bff} is not there any more${words}.`, breaks: whom.length > 0 };
}

function readFlags(args: string[]): Flags {
  const { values } = parse(args);
  const { against, bff } = values;
  const folder = usageFolder(values.folder);
  return { against, bff, folder };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: { against: { type: 'string' }, bff: { type: 'string' }, folder: { type: 'string' } },
    });
  } catch (error) {
    throw new StartupProblem(`${error instanceof Error ? error.message : error}\n${usage}`);
  }
}
