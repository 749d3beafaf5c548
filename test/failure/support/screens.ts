// Owns the screens that tests keep asking for, and the look at all that came of it.
import assert from 'node:assert/strict';
import { type DocumentNode, type GraphQLSchema, print, separateOperations } from 'graphql';
import { readBff } from '../../supergraph/fixtures/bff-on-disk.ts';
import type { KeptAnswer, Screen } from './keep-asking.ts';
import { problemsOfAnswer, type StandIn } from './validate-answer.ts';

export interface Screens {
  schema: GraphQLSchema;
  /** A sample operation of the BFF, alone in its text. */
  of: (operationName: string, more?: Pick<Screen, 'token' | 'variables'>) => Screen;
  /** Sentences about an answer that is no good whole answer; what stands in is one. */
  problems: (answer: KeptAnswer) => string[];
}

export function screensOf(bff: string): Screens {
  const { clientSchema, samples } = readBff(bff);
  const documents = new Map<string, DocumentNode>(Object.entries(separateOperations(samples)));
  const documentOf = (name: string): DocumentNode => {
    const document = documents.get(name);
    if (document === undefined) throw new Error(`${bff} has no sample ${name}.`);
    return document;
  };
  return {
    schema: clientSchema,
    of: (operationName, more = {}) => ({
      name: `${operationName} of ${bff}`,
      operationName,
      query: print(documentOf(operationName)),
      ...more,
    }),
    problems({ screen, status, body }) {
      const { operationName = '', variables } = screen;
      const document = documentOf(operationName);
      const told = [
        ...(status === 200 ? [] : [`answered with ${status}`]),
        ...(body.errors ?? []).map((error) => JSON.stringify(error)),
        ...problemsOfAnswer({ schema: clientSchema, document, operationName, variables }, body),
      ];
      return [...new Set(told)].map((problem) => `${screen.name}: ${problem}`);
    },
  };
}

export function standIns(answers: readonly KeptAnswer[]): StandIn[] {
  return answers.flatMap(({ body }) => body.extensions?.degraded ?? []);
}

/** Whether it is all that was asked for, fresh. */
export function isWhole({ status, body }: KeptAnswer): boolean {
  return status === 200 && body.errors === undefined && (body.extensions?.degraded ?? []).length === 0;
}

/** Fails with the first ten of what is wrong, each once. */
export function assertNone(problems: readonly string[], when: string): void {
  const each = [...new Set(problems.map((problem) => problem.replaceAll(/\b\d+\b/g, 'n')))];
  assert.deepEqual(each.slice(0, 10), [], `${problems.length} problems ${when}`);
}
