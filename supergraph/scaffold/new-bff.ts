// Owns `npm run new:bff`: a router of a client of its own that composes, starts and passes its own test.
import '../foundation/environment.ts';

import { readFile } from 'node:fs/promises';
import { buildSchema, Kind, parse } from 'graphql';
import { bffsHere } from '../composition/bffs-here.ts';
import type { BffDeclaration } from '../declaration/define-bff.ts';
import { loadBff } from '../declaration/load-bff.ts';
import { StartupProblem } from '../foundation/startup-problem.ts';
import { changeRepository } from './change-repository.ts';
import { composedFiles } from './composed-files.ts';
import { fillTemplates } from './fill-templates.ts';
import { type FirstOperation, firstOperation } from './first-operation.ts';
import { readArguments } from './read-arguments.ts';
import { repeatForNewcomer } from './repeat-for-newcomer.ts';
import { runScaffold } from './run-scaffold.ts';
import { bffName, bffVariable } from './words.ts';

const usage = 'Usage: npm run new:bff -- <name> [--include <tag>]... [--exclude <tag>]...';
const listedIn = ['docker-compose.yml', 'Dockerfile', '.dockerignore'];

await runScaffold(async () => {
  const { name: given, flags } = readArguments(process.argv.slice(2), ['include', 'exclude'], usage);
  const folder = bffName(given);
  const present = await presentBffs();
  const neighbour = present.at(-1);
  if (neighbour === undefined)
    throw new StartupProblem('There is no BFF here whose place in the lists it could take.');
  const newcomer = { name: folder, port: neighbour.port + 1 };
  const testFolder = `test/${folder}`;
  const filling = {
    name: folder,
    variable: bffVariable(folder),
    port: String(newcomer.port),
    contract: contractText(flags),
    shared: sharedText(neighbour),
  };
  await changeRepository([folder, testFolder], async ({ write, run }) => {
    await write(await fillTemplates('bff/folder', folder, filling));
    await write(await fillTemplates('bff/test', testFolder, filling));
    for (const file of listedIn) {
      await write(new Map([[file, repeatForNewcomer(await readFile(file, 'utf8'), neighbour, newcomer)]]));
    }
    const samples = `${folder}/samples.graphql`;
    await write(new Map([[samples, '']]));
    await write(await composedFiles());
    const { name, text } = await firstOperationOf(folder);
    const document = `${folder}/documents/${kebab(name)}.graphql`;
    await write(new Map([document, samples].map((path) => [path, `${text}\n`])));
    await run('npm run documents');
    await run('biome check', ['--write', folder, testFolder]);
  });
  return [
    `${folder} is a BFF at port ${newcomer.port}, and npm start runs it. What its clients see is ${filling.contract}.`,
    `Try it: npm test ${testFolder}`,
    `Then say in ${folder}/README.md whose it is; operations of its clients go to ${folder}/documents.`,
  ];
});

/** By their ports. */
async function presentBffs(): Promise<BffDeclaration[]> {
  const declarations = await Promise.all((await bffsHere()).map(loadBff));
  return declarations.sort((one, other) => one.port - other.port);
}

/** What is not said is all but what the domains tag `internal`. */
function contractText({ include, exclude }: Readonly<Record<string, readonly string[]>>): string {
  const tags = { ...(include && { include }), ...(exclude && { exclude }) };
  return JSON.stringify(Object.keys(tags).length > 0 ? tags : { exclude: ['internal'] });
}

/** What holds for people rather than for a client: who signs them in, and whether domains hear where they are. */
function sharedText({ identity, forward }: BffDeclaration): string {
  const shared = { ...(identity && { identity }), ...(forward && { forward }) };
  return Object.entries(shared)
    .map(([key, value]) => `${key}: ${JSON.stringify(value, null, 2)},\n`)
    .join('');
}

async function firstOperationOf(folder: string): Promise<FirstOperation> {
  const schema = buildSchema(await readFile(`${folder}/generated/schema.graphql`, 'utf8'));
  const guarded = guardedCoordinates(await readFile(`${folder}/generated/supergraph.graphql`, 'utf8'));
  const isOpen = (coordinate: string): boolean => !guarded.has(coordinate);
  return firstOperation(schema, isOpen);
}

/** `Type.field` of each field that has a directive of authorization, or whose type has. */
function guardedCoordinates(supergraphSdl: string): Set<string> {
  const rules = ['authenticated', 'requiresScopes', 'policy'];
  const types = parse(supergraphSdl).definitions.flatMap((node) =>
    node.kind === Kind.OBJECT_TYPE_DEFINITION ? [node] : [],
  );
  return new Set(
    types.flatMap((type) =>
      (type.fields ?? [])
        .filter((field) =>
          [type, field].some(({ directives = [] }) =>
            directives.some(({ name }) => rules.includes(name.value)),
          ),
        )
        .map((field) => `${type.name.value}.${field.name.value}`),
    ),
  );
}

function kebab(name: string): string {
  return name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase();
}
