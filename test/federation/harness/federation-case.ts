// Runs one federation behaviour through the front door: small subgraphs, composed, served by a router, asked over HTTP.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { getOperationAST, OperationTypeNode, parse } from 'graphql';
import { compose } from '../../../supergraph/composition/compose.ts';
import { applyContract } from '../../../supergraph/composition/contract.ts';
import type { ContractTags } from '../../../supergraph/foundation/contract-tags.ts';
import { type RouterUnderTest, startTestRouter } from '../../supergraph/fixtures/router-under-test.ts';
import {
  type Asked,
  type CaseSubgraph,
  type Data,
  type Misbehaviour,
  type RunningSubgraph,
  startCaseSubgraph,
} from './case-subgraph.ts';
import { checkAsked, type ExpectedAsked } from './check-asked.ts';
import { engineEnvironment, isStockEngine } from './engine-under-test.ts';

export interface FederationCase {
  /** The behaviour. */
  name: string;
  subgraphs: Record<string, CaseSubgraph>;
  /** What of the supergraph the router's clients see; everything when left out. */
  contract?: ContractTags;
  /** Why @apollo/gateway cannot load this supergraph at all: there the case is left out. */
  stockRefuses?: string;
  operations: CaseOperation[];
}

export interface CaseOperation {
  name: string;
  query: string;
  variables?: Data;
  operationName?: string;
  headers?: Record<string, string>;
  /** Subgraphs that do not answer what their resolvers say. */
  misbehaving?: Record<string, Misbehaviour>;
  /** For resolvers that keep what was changed: puts it back. */
  reset?: () => void;
  expect: ExpectedAnswer | ExpectedRefusal;
  /** Why @apollo/gateway answers something else than is expected here. */
  stockIsWrong?: string;
}

export interface ExpectedAnswer {
  /** With the fields in the order of the answer. */
  data: Data | null;
  /** All of them, in any order; none when left out. One that concerns no place has no path. */
  errors?: { path?: (string | number)[]; code: string }[];
  asked?: ExpectedAsked;
  /** Whether the requests in `asked` must have come in that order. */
  inOrder?: boolean;
}

/** For an operation that the schema of clients does not allow. */
export interface ExpectedRefusal {
  /** The code of its first error. */
  refused: string;
  /** How the message of that error begins. */
  says: string;
}

interface CaseAnswer {
  status: number;
  text: string;
  data: unknown;
  errors: { message: string; path?: unknown; extensions?: { code?: unknown } }[];
}

/** Declares the tests of a case; all its operations are asked of the same router, queries twice: planned, and remembered. */
export function federationCase({
  name,
  subgraphs,
  contract,
  stockRefuses,
  operations,
}: FederationCase): void {
  const skip = isStockEngine && stockRefuses !== undefined ? stockRefuses : false;
  describe(name, { skip }, () => {
    const seen: Asked[] = [];
    const running: RunningSubgraph[] = [];
    let misbehaving: CaseOperation['misbehaving'];
    let router: RouterUnderTest;

    before(async () => {
      for (const [subgraph, parts] of Object.entries(subgraphs)) {
        const journal = {
          write: (asked: Asked) => {
            if (!seen.some((earlier) => isRepeated(earlier, asked))) seen.push(asked);
          },
          misbehaviour: () => misbehaving?.[subgraph],
        };
        running.push(await startCaseSubgraph(subgraph, parts, journal));
      }
      const whole = compose(running.map(({ schema }) => schema));
      const { supergraphSdl } = contract ? applyContract('test', whole, contract) : { supergraphSdl: whole };
      router = await startTestRouter(supergraphSdl, { environment: engineEnvironment });
    });
    after(async () => {
      await router?.stop();
      for (const { stop } of running) stop();
    });

    for (const operation of operations) {
      test(operation.name, async () => {
        misbehaving = operation.misbehaving;
        for (let times = isQuery(operation) ? 2 : 1; times > 0; times--) {
          operation.reset?.();
          seen.length = 0;
          const answer = await ask(router, operation);
          checkRequestsValid(seen);
          const { expect, stockIsWrong } = operation;
          if ('refused' in expect) checkRefusal(answer, expect, seen);
          else if (isStockEngine) checkStockAnswer(answer, expect, stockIsWrong);
          else checkAnswer(answer, expect, seen);
        }
      });
    }
  });
}

async function ask(router: RouterUnderTest, operation: CaseOperation): Promise<CaseAnswer> {
  const { query, variables, operationName, headers } = operation;
  const { status, text, body } = await router.fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables, operationName }),
  });
  return { status, text, data: body.data, errors: body.errors ?? [] };
}

function checkRefusal(
  { status, text, data, errors: [error] }: CaseAnswer,
  { refused, says }: ExpectedRefusal,
  seen: readonly Asked[],
): void {
  const told = { status, data, code: error?.extensions?.code, asked: seen.length };
  assert.deepEqual(told, { status: 400, data: undefined, code: refused, asked: 0 }, text);
  assert.ok(error?.message.startsWith(says), text);
}

function checkAnswer(
  { status, text, data, errors }: CaseAnswer,
  expect: ExpectedAnswer,
  seen: readonly Asked[],
): void {
  assert.equal(status, 200, text);
  assert.equal(pretty(data), pretty(expect.data), text);
  assert.equal(
    text.trim(),
    JSON.stringify(JSON.parse(text)),
    'a name is there twice, or there is space between',
  );
  const told = errors.map(({ path, extensions }) => ({
    ...(path !== undefined && { path }),
    code: extensions?.code,
  }));
  assert.deepEqual(sorted(told), sorted(expect.errors ?? []), text);
  if (expect.asked !== undefined) checkAsked(seen, expect.asked, expect.inOrder);
}

function checkStockAnswer(answer: CaseAnswer, expect: ExpectedAnswer, stockIsWrong?: string): void {
  const failed = (errors: readonly unknown[] = []) => (errors.length > 0 ? 'with errors' : 'without errors');
  const actual = `${failed(answer.errors)}: ${pretty(answer.data)}`;
  const expected = `${failed(expect.errors)}: ${pretty(expect.data)}`;
  if (stockIsWrong === undefined) assert.equal(actual, expected, answer.text);
  else
    assert.notEqual(actual, expected, `The stock engine is right here, though it is said: ${stockIsWrong}`);
}

// A subgraph that is not strict would answer such requests all the same.
function checkRequestsValid(seen: readonly Asked[]): void {
  for (const { subgraph, query, problem } of seen) {
    assert.equal(problem, undefined, `${subgraph} was asked what its schema does not have: ${query}`);
  }
}

function isQuery({ query, operationName }: CaseOperation): boolean {
  return getOperationAST(parse(query), operationName)?.operation === OperationTypeNode.QUERY;
}

// Where a connection had been in use before it was closed, the client may ask once more: a server closes idle ones.
function isRepeated(earlier: Asked, asked: Asked): boolean {
  const textOf = ({ subgraph, query, variables }: Asked) => JSON.stringify([subgraph, query, variables]);
  return earlier.hungUp === true && textOf(earlier) === textOf(asked);
}

/** Text, because the order of fields counts. */
function pretty(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

function sorted(values: readonly unknown[]): unknown[] {
  return [...values].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
