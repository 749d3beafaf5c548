// Owns `npm run plan`: which subgraphs an operation asks, and in which order, as text, as JSON or as a picture.
import './foundation/environment.ts';

import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import {
  buildSchema,
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  separateOperations,
  validate,
} from 'graphql';
import { StartupProblem } from './foundation/startup-problem.ts';
import { didYouMean } from './foundation/suggest.ts';
import { readSupergraphFacts } from './foundation/supergraph-facts.ts';
import { type CanonicalOperation, canonicalOperation } from './planner/canonical/canonical-operation.ts';
import { operationSchema } from './planner/canonical/operation-schema.ts';
import { createPlanner, type Planner } from './planner/create-planner.ts';
import { answeredFromSchema, drawNames, namesInPlan } from './planner/drawing/draw-names.ts';
import { drawPlanSvg } from './planner/drawing/draw-plan-svg.ts';
import { drawPlanText } from './planner/drawing/draw-plan-text.ts';
import type { QueryPlan } from './planner/plan.ts';
import { loadSupergraph } from './router/load-supergraph.ts';
import { type PreparedOperation, prepareOperation } from './router/prepare-operation.ts';

const usage = `Usage: npm run plan -- <file> [--bff <folder> | --supergraph <file or URL>] [--operation <name>]
  [--variables <JSON>] [--svg <file>] [--json]
  <file>        an operation in GraphQL; "-" reads it from the standard input
  --bff         the folder of a BFF, whose generated supergraph is planned on (bff-web)
  --operation   which one, where the file holds several
  --variables   values that @skip and @include read, such as '{"withPrice": true}'
  --svg         draws the plan into a file too
  --json        prints the plan as JSON`;

const options = {
  bff: { type: 'string' },
  supergraph: { type: 'string' },
  operation: { type: 'string' },
  variables: { type: 'string' },
  svg: { type: 'string' },
  json: { type: 'boolean' },
} as const;

interface Flags {
  file: string;
  supergraph: string;
  operation?: string;
  variables: Record<string, unknown>;
  svg?: string;
  json: boolean;
}

/** One operation, the fragments it may use, and the words by which messages call the place it was read from. */
interface ReadOperation {
  document: DocumentNode;
  definition: OperationDefinitionNode;
  from: string;
}

try {
  const flags = await readFlags(process.argv.slice(2));
  const operation = await readOperation(flags);
  const prepared = prepare(operation);
  const conditions = readConditions(prepared, flags.variables);
  const supergraph = await readSupergraph(flags.supergraph);
  const planner = await startPlanner(supergraph, flags.supergraph);
  try {
    const schema = buildSchema(planner.apiSchemaSdl);
    checkOperation(schema, operation, flags.supergraph);
    const canonical = canonicalOperation(operationSchema(schema, supergraph), prepared, conditions);
    await show(canonical, await makePlan(planner, canonical), flags);
  } finally {
    await planner.close();
  }
} catch (error) {
  process.exitCode = 1;
  console.error(error instanceof StartupProblem ? error.message : error);
}

async function show(operation: CanonicalOperation, plan: QueryPlan, { svg, json }: Flags): Promise<void> {
  const names = namesInPlan(operation);
  if (json) console.log(JSON.stringify({ operation: operation.text ?? null, names, plan }, null, 2));
  else {
    const fromSchema = answeredFromSchema(operation.selections);
    console.log(drawPlanText(plan));
    if (plan.node === undefined) console.log('\nNo subgraph has to be asked.');
    if (names.length > 0) console.log(`\nNames in the plan:\n${drawNames(names)}`);
    if (fromSchema.length > 0) console.log(`\nAnswered from the schema: ${fromSchema.join(', ')}`);
  }
  if (svg === undefined) return;
  await writeFile(svg, drawPlanSvg(plan)).catch((error: Error) => {
    throw new StartupProblem(`The picture cannot be written: ${error.message}.`);
  });
  // Not among the JSON, which may go on to another program.
  console.error(`wrote ${svg}`);
}

async function readSupergraph(from: string): Promise<DocumentNode> {
  return readSupergraphFacts(await loadSupergraph(from), from).document;
}

async function startPlanner(supergraph: DocumentNode, from: string): Promise<Planner> {
  try {
    return await createPlanner({ supergraph });
  } catch (error) {
    throw new StartupProblem(`${from} cannot be used. ${reason(error)}`);
  }
}

async function makePlan(planner: Planner, { text }: CanonicalOperation): Promise<QueryPlan> {
  if (text === undefined) return {};
  try {
    return await planner.plan(text);
  } catch (error) {
    throw new StartupProblem(`There is no plan for this operation: ${reason(error)}`);
  }
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message} (${reason(error.cause)})`;
}

async function readOperation({ file, operation: name }: Flags): Promise<ReadOperation> {
  const from = file === '-' ? 'standard input' : file;
  const whole = parseOperation(await readText(file), from);
  const all = whole.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  const definition = choose(all, name, from);
  // Of a file with many operations only one is planned: what is wrong with the others does not matter.
  const document = (all.length > 1 && separateOperations(whole)[definition.name?.value ?? '']) || whole;
  return { document, definition, from };
}

function prepare({ document, definition, from }: ReadOperation): PreparedOperation {
  try {
    return prepareOperation(document, definition);
  } catch (error) {
    throw error instanceof GraphQLError ? new StartupProblem(place(error, from)) : error;
  }
}

async function readText(file: string): Promise<string> {
  if (file === '-') return text(process.stdin);
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new StartupProblem(
      error.code === 'ENOENT' ? `There is no file ${file}.` : `${file} cannot be read: ${error.message}.`,
    );
  });
}

function parseOperation(source: string, from: string): DocumentNode {
  try {
    return parse(source);
  } catch (error) {
    throw error instanceof GraphQLError ? new StartupProblem(place(error, from)) : error;
  }
}

function choose(
  all: readonly OperationDefinitionNode[],
  name: string | undefined,
  from: string,
): OperationDefinitionNode {
  const names = all.flatMap((operation) => operation.name?.value ?? []);
  const [chosen, other] =
    name === undefined ? all : all.filter((operation) => operation.name?.value === name);
  if (chosen !== undefined && other === undefined) return chosen;
  if (all.length === 0) throw new StartupProblem(`There is no operation in ${from}.`);
  if (name === undefined) {
    throw new StartupProblem(
      `There are several operations in ${from}: choose one with --operation (${names.join(', ')}).`,
    );
  }
  throw new StartupProblem(
    chosen === undefined
      ? `There is no operation "${name}" in ${from}.${didYouMean(name, names)}`
      : `There are several operations "${name}" in ${from}.`,
  );
}

function readConditions(
  { definition, conditions }: PreparedOperation,
  variables: Readonly<Record<string, unknown>>,
): Record<string, boolean> {
  const defined = definition.variableDefinitions ?? [];
  const names = defined.map(({ variable }) => variable.name.value);
  const problems = Object.keys(variables)
    .filter((name) => !names.includes(name))
    .map((name) => `The operation has no variable $${name}.${didYouMean(name, names)}`);
  const values: Record<string, boolean> = {};
  for (const name of conditions) {
    const initial = defined.find(({ variable }) => variable.name.value === name)?.defaultValue;
    const value = variables[name] ?? (initial?.kind === Kind.BOOLEAN ? initial.value : undefined);
    if (typeof value === 'boolean') values[name] = value;
    else problems.push(`The plan depends on $${name}: say --variables '{"${name}": true}', or false.`);
  }
  if (problems.length > 0) throw new StartupProblem(problems.join('\n'));
  return values;
}

function checkOperation(schema: GraphQLSchema, { document, from }: ReadOperation, supergraph: string): void {
  const errors = validate(schema, document);
  if (errors.length === 0) return;
  const places = errors.map((error) => place(error, from)).join('\n');
  throw new StartupProblem(`The operation does not fit the schema of ${supergraph}:\n${places}`);
}

/** As compilers write it, so that editors and terminals find the place. */
function place({ message, locations }: GraphQLError, from: string): string {
  const [at] = locations ?? [];
  return `${at ? `${from}:${at.line}:${at.column}` : from}: ${message}`;
}

async function readFlags(args: string[]): Promise<Flags> {
  const { tokens, values, positionals } = parseArgs({ args, options, strict: false, tokens: true });
  for (const token of tokens) if (token.kind === 'option') checkFlag(token);
  const [file, ...others] = positionals;
  if (file === undefined) throw new StartupProblem(`Which operation? ${usage}`);
  if (others.length > 0)
    throw new StartupProblem(`One file at a time, not "${others.join('", "')}" too. ${usage}`);
  // Every flag was checked to have the kind of value that it is declared with.
  const { bff, supergraph, json, variables, ...rest } = values as Partial<
    Record<keyof typeof options, string>
  >;
  if (bff !== undefined && supergraph !== undefined) {
    throw new StartupProblem(`Either --bff or --supergraph, not both. ${usage}`);
  }
  return {
    file,
    supergraph: supergraph ?? (await supergraphOf(bff)),
    variables: readVariables(variables),
    json: json !== undefined,
    ...rest,
  };
}

function checkFlag(token: {
  name: string;
  rawName: string;
  value?: string | undefined;
  inlineValue?: boolean | undefined;
}): void {
  const known = Object.keys(options).map((name) => `--${name}`);
  if (!known.includes(`--${token.name}`)) {
    throw new StartupProblem(
      `There is no flag "${token.rawName}".${didYouMean(token.rawName, known)} ${usage}`,
    );
  }
  if (token.name === 'json') {
    if (token.value !== undefined) throw new StartupProblem(`--json takes no value. ${usage}`);
    return;
  }
  const isNextFlag = !token.inlineValue && token.value?.startsWith('--');
  if (!token.value || isNextFlag) throw new StartupProblem(`${token.rawName} needs a value. ${usage}`);
}

function readVariables(json: string | undefined): Record<string, unknown> {
  if (json === undefined) return {};
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Said below, in the same words as for other JSON.
  }
  throw new StartupProblem(`--variables must be a JSON object, such as '{"withPrice": true}'.`);
}

async function supergraphOf(bff: string | undefined): Promise<string> {
  const folder = bff ?? 'bff-web';
  if (existsSync(folder)) return join(folder, 'generated/supergraph.graphql');
  if (bff === undefined) throw new StartupProblem(`Which supergraph? There is no bff-web here. ${usage}`);
  const bffs = (await readdir('.')).filter((name) => name.startsWith('bff-'));
  throw new StartupProblem(`There is no BFF in the folder ${bff}.${didYouMean(bff, bffs)}`);
}
