// Owns `npm run new:subgraph`: a domain that composes, starts and passes its own test, to be made into what it shall be.
import '../foundation/environment.ts';

import { readFile } from 'node:fs/promises';
import { Kind } from 'graphql';
import { readSubgraphs, type SubgraphSchema } from '../composition/read-subgraphs.ts';
import { StartupProblem } from '../foundation/startup-problem.ts';
import { changeRepository } from './change-repository.ts';
import { composedFiles } from './composed-files.ts';
import { fillTemplates } from './fill-templates.ts';
import { readArguments } from './read-arguments.ts';
import { type Listed, repeatForNewcomer } from './repeat-for-newcomer.ts';
import { runScaffold } from './run-scaffold.ts';
import { capitalised, checkSubgraphName, type EntityWords, entityNamed, entityWords } from './words.ts';

const usage = 'Usage: npm run new:subgraph -- <name> [--entity <Type>]';
const list = 'subgraphs/subgraphs.json';
const listedIn = ['subgraphs/all-subgraphs.ts', 'docker-compose.yml', 'deploy/compose.env.example'];
/** Names of folders, services and databases beside the domains. */
const reserved = ['kit', 'seed', 'main', 'postgres', 'redis', 'public'];

await runScaffold(async () => {
  const { name, flags } = readArguments(process.argv.slice(2), ['entity'], usage);
  checkSubgraphName(name, reserved);
  const words = entityWords(flags['entity']?.at(-1) ?? entityNamed(name));
  const present = await readSubgraphs(list);
  refuseWhatIsTaken(name, words, present);

  const ports = present.map(({ url }) => Number(new URL(url).port));
  const newcomer = { name, port: Math.max(...ports) + 1 };
  const folder = `subgraphs/${name}`;
  const testFolder = `test/subgraphs/${name}`;
  const filling = { ...words, name, Title: capitalised(name), port: String(newcomer.port) };
  await changeRepository([folder, testFolder], async ({ write, run }) => {
    await write(await fillTemplates('subgraph/folder', folder, filling));
    await write(await fillTemplates('subgraph/test', testFolder, filling));
    await write(await listings(newcomer));
    await run('biome check', ['--write', folder, testFolder, 'subgraphs/all-subgraphs.ts']);
    await write(await composedFiles());
    await run('npm run documents');
  });
  return [
    `${folder} is a subgraph with ${words.many} at port ${newcomer.port}; npm start runs it.`,
    `Try it: npm test ${testFolder}`,
    `Then say what it is about, in ${folder}/README.md and docs/architecture.md, and change its schema.graphql first.`,
  ];
});

function refuseWhatIsTaken(name: string, words: EntityWords, present: readonly SubgraphSchema[]): void {
  if (present.some((other) => other.name === name)) {
    throw new StartupProblem(`There is a subgraph "${name}" already, in ${list}.`);
  }
  const wanted = [
    words.One,
    `${words.One}Connection`,
    `${words.One}Edge`,
    `Query.${words.one}`,
    `Query.${words.many}`,
  ];
  for (const other of present) {
    const taken = wanted.find((coordinate) => coordinatesIn(other).has(coordinate));
    if (taken === undefined) continue;
    throw new StartupProblem(
      `${taken} is in ${other.name} already: choose another type with --entity. ${usage}`,
    );
  }
}

/** Names of types, and `Query.field`. */
function coordinatesIn({ document }: SubgraphSchema): Set<string> {
  return new Set(
    document.definitions.flatMap((node) => {
      const name = 'name' in node ? (node.name?.value ?? '') : '';
      const isObject = node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.OBJECT_TYPE_EXTENSION;
      const fields = isObject && name === 'Query' ? (node.fields ?? []) : [];
      return [name, ...fields.map((field) => `Query.${field.name.value}`)];
    }),
  );
}

/** Every file that lists subgraphs, with one more: told of as the last one in the list is. */
async function listings(newcomer: Listed): Promise<Map<string, string>> {
  const listed = await readFile(list, 'utf8');
  const entries: [string, { url: string }][] = Object.entries(JSON.parse(listed));
  const [lastName, { url }] = entries.at(-1) as [string, { url: string }];
  const neighbour = { name: lastName, port: Number(new URL(url).port) };
  const address = new URL(url);
  address.port = String(newcomer.port);
  const entry = { schema: `${newcomer.name}/schema.graphql`, url: address.href };
  const line = JSON.stringify({ [newcomer.name]: entry }, null, 1).replaceAll(/\s*\n\s*/g, ' ');
  const files = new Map([[list, listed.replace(/\s*\}\s*$/, `,\n  ${line.slice(2, -2)}\n}\n`)]]);
  for (const file of listedIn) {
    files.set(file, repeatForNewcomer(await readFile(file, 'utf8'), neighbour, newcomer));
  }
  return files;
}
