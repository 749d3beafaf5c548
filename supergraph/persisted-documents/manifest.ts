// Owns what a manifest of registered operations is, in the format of Apollo's tools, and reads one that may come from anywhere.

import { type DocumentNode, Kind, parse } from 'graphql';
import { isRecord } from '../foundation/is-record.ts';
import { StartupProblem } from '../foundation/startup-problem.ts';

export interface RegisteredOperation {
  /** What clients send in place of the text: the SHA-256 of `body` in lower case hex, where our tool made the manifest. */
  id: string;
  name: string;
  type: 'query' | 'mutation' | 'subscription';
  /** The operation with the fragments it uses, as it is run. */
  body: string;
  /** Not answered in production. */
  draft?: true;
}

export interface PersistedQueryManifest {
  format: 'apollo-persisted-query-manifest';
  version: 1;
  operations: readonly RegisteredOperation[];
}

const types = ['query', 'mutation', 'subscription'] as const;
const longestId = 200;
const mostProblems = 20;

/**
 * The manifest in a text; `from` is what messages call it, a path for example. Ids need be no hashes, because other tools
 * make others; two operations may have one name, as those of two versions of an app do. Throws a StartupProblem with all
 * that is wrong.
 */
export function readManifest(text: string, from: string): PersistedQueryManifest {
  const { format, version, operations } = parseRecord(text, from);
  const problems: string[] = [];
  if (format !== 'apollo-persisted-query-manifest')
    problems.push(`"format" must be "apollo-persisted-query-manifest", but is ${shown(format)}.`);
  if (version !== 1) problems.push(`"version" must be 1, but is ${shown(version)}.`);
  if (!Array.isArray(operations)) problems.push(`"operations" must be a list, but is ${shown(operations)}.`);
  // Another format would be called wrong in each of its operations, and that says nothing.
  const read = problems.length > 0 ? [] : readOperations(operations as unknown[], problems);
  if (problems.length > 0) throw new StartupProblem(listed(problems, from));
  return { format: 'apollo-persisted-query-manifest', version: 1, operations: read };
}

function parseRecord(text: string, from: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new StartupProblem(`${from} is not JSON: ${error instanceof Error ? error.message : error}.`);
  }
  if (isRecord(value)) return value;
  throw new StartupProblem(`${from} must hold an object, but holds ${shown(value)}.`);
}

function readOperations(operations: readonly unknown[], problems: string[]): RegisteredOperation[] {
  const places = new Map<string, number>();
  return operations.flatMap((entry, index) => {
    const wrong = wrongWith(entry);
    if (wrong.length > 0) {
      problems.push(...wrong.map((problem) => `operations[${index}]${calledAs(entry)}: ${problem}`));
      return [];
    }
    const { id, name, type, body, draft } = entry as unknown as RegisteredOperation;
    const other = places.get(id);
    if (other !== undefined) {
      problems.push(
        `operations[${index}]${calledAs(entry)}: operations[${other}] has its "id", ${shown(id)}.`,
      );
      return [];
    }
    places.set(id, index);
    return [{ id, name, type, body, ...(draft && { draft }) }];
  });
}

function wrongWith(entry: unknown): string[] {
  if (!isRecord(entry)) return [`must be an object, but is ${shown(entry)}.`];
  const { id, name, type, body, draft } = entry;
  const problems: string[] = [];
  if (typeof id !== 'string' || id === '' || id.length > longestId)
    problems.push(`"id" must be a text of 1 to ${longestId} characters, but is ${shown(id)}.`);
  if (typeof name !== 'string' || name === '')
    problems.push(`"name" must be the operation's name, but is ${shown(name)}.`);
  if (!types.some((known) => known === type))
    problems.push(`"type" must be "query", "mutation" or "subscription", but is ${shown(type)}.`);
  if (draft !== undefined && typeof draft !== 'boolean')
    problems.push(`"draft" must be true or false, but is ${shown(draft)}.`);
  if (typeof body !== 'string') problems.push(`"body" must be GraphQL, but is ${shown(body)}.`);
  else if (problems.length === 0) problems.push(...wrongWithBody(body, `${type}`, `${name}`));
  return problems;
}

/** A body that is not what its entry says would be answered under another name than logs and usage show. */
function wrongWithBody(body: string, type: string, name: string): string[] {
  let document: DocumentNode;
  try {
    document = parse(body);
  } catch (error) {
    return [`"body" is not GraphQL: ${error instanceof Error ? error.message : error}`];
  }
  const operations = document.definitions.filter(({ kind }) => kind !== Kind.FRAGMENT_DEFINITION);
  const [operation] = operations;
  if (operations.length !== 1 || operation?.kind !== Kind.OPERATION_DEFINITION)
    return ['"body" must hold one operation and its fragments.'];
  const found = `${operation.operation} ${operation.name?.value ?? 'without a name'}`;
  return found === `${type} ${name}` ? [] : [`"body" must hold the ${type} ${name}, but holds the ${found}.`];
}

function listed(problems: readonly string[], from: string): string {
  const rest = problems.length - mostProblems;
  return [
    `${from} is no manifest of registered operations:`,
    ...problems.slice(0, mostProblems).map((problem) => `  ${problem}`),
    ...(rest > 0 ? [`  … and ${rest} more.`] : []),
  ].join('\n');
}

function calledAs(entry: unknown): string {
  return isRecord(entry) && typeof entry['name'] === 'string' ? ` ${cut(entry['name'])}` : '';
}

function shown(value: unknown): string {
  return value === undefined ? 'not there' : cut(JSON.stringify(value));
}

function cut(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
