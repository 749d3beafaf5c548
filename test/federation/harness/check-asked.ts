// Compares what subgraphs were asked with what a federation case expects, whatever aliases and variables the engine chose.
import assert from 'node:assert/strict';
import { type FieldNode, parse, valueFromASTUntyped, visit } from 'graphql';
import type { Asked, Data } from './case-subgraph.ts';

export interface ExpectedRequest {
  subgraph: string;
  /** Fields that it selects: `name`, or `name(argument: value)` where the arguments matter; enum values are strings. */
  selects?: string[];
  /** Names of fields that it does not select. */
  omits?: string[];
  /** Pieces of its text. */
  says?: string[];
  /** Those of all its `_entities` fields together, in any order. */
  representations?: Data[];
  /** Values of variables it must bring; it may bring others. */
  variables?: Data;
}

/** A number of requests for each subgraph, none for those left out; or every request there has to be. */
export type ExpectedAsked = Record<string, number> | ExpectedRequest[];

/** Throws an AssertionError. The order of requests counts only when `inOrder`. */
export function checkAsked(seen: readonly Asked[], expected: ExpectedAsked, inOrder = false): void {
  const told = `The subgraphs were asked:\n${seen.map(describe).join('\n')}`;
  const wanted = Array.isArray(expected) ? countOf(expected) : expected;
  const counts = Object.entries(wanted).filter(([, count]) => count > 0);
  assert.deepEqual(countOf(seen), Object.fromEntries(counts), told);
  if (!Array.isArray(expected)) return;
  const left = [...seen];
  for (const request of expected) {
    const candidates = inOrder ? left.slice(0, 1) : left;
    const objections = candidates.map((asked) => objectionTo(asked, request));
    const fitting = objections.indexOf(undefined);
    assert.ok(fitting >= 0, `No request fits ${JSON.stringify(request)}: ${objections.join('; ')}.\n${told}`);
    left.splice(fitting, 1);
  }
}

function countOf(requests: readonly { subgraph: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { subgraph } of requests) counts[subgraph] = (counts[subgraph] ?? 0) + 1;
  return counts;
}

/** Why a request is not the expected one; undefined when it is. */
function objectionTo(asked: Asked, expected: ExpectedRequest): string | undefined {
  const { subgraph, selects = [], omits = [], says = [], representations, variables = {} } = expected;
  if (asked.subgraph !== subgraph) return `one is for ${asked.subgraph}`;
  const fields = fieldsOf(asked.query);
  for (const call of selects) {
    const [wanted] = fieldsOf(`{ ${call} }`);
    const found = fields.some((field) => wanted !== undefined && isCall(field, asked.variables, wanted));
    if (!found) return `one does not select ${call}`;
  }
  for (const unwanted of omits) {
    if (fields.some(({ name }) => name.value === unwanted)) return `one selects ${unwanted}`;
  }
  for (const piece of says) if (!asked.query.includes(piece)) return `one does not say ${piece}`;
  for (const [name, value] of Object.entries(variables)) {
    if (canonical(asked.variables[name]) !== canonical(value)) return `in one the variable ${name} differs`;
  }
  if (representations === undefined) return undefined;
  const sent = representationsOf(asked).map(canonical).sort();
  const isSame = canonical(sent) === canonical(representations.map(canonical).sort());
  return isSame ? undefined : `one has the representations ${sent.join(', ')}`;
}

function isCall(field: FieldNode, variables: Data, wanted: FieldNode): boolean {
  if (field.name.value !== wanted.name.value) return false;
  const { arguments: wantedArguments = [] } = wanted;
  if (wantedArguments.length === 0) return true;
  return canonical(argumentsOf(field, variables)) === canonical(argumentsOf(wanted, {}));
}

function argumentsOf(field: FieldNode, variables: Data): Data {
  const given = field.arguments ?? [];
  return Object.fromEntries(
    given.map(({ name, value }) => [name.value, valueFromASTUntyped(value, variables)]),
  );
}

/** All of a request's representations, also where several `_entities` were put into one. */
function representationsOf({ query, variables }: Asked): unknown[] {
  return fieldsOf(query)
    .filter(({ name }) => name.value === '_entities')
    .flatMap((field) => argumentsOf(field, variables)['representations'] ?? []);
}

function fieldsOf(query: string): FieldNode[] {
  const fields: FieldNode[] = [];
  visit(parse(query), { Field: (field) => void fields.push(field) });
  return fields;
}

/** JSON text with sorted keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function describe({ subgraph, query, variables }: Asked): string {
  return `  ${subgraph}: ${query} ${JSON.stringify(variables)}`;
}
