// Owns fetches of root fields: asked once, the answer put in at the root or wherever a field leads back to it.
import type { FetchNode } from '../planner/plan.ts';
import { type SubgraphClient, subgraphOperation } from '../transport/subgraph-client.ts';
import { ask, type Step, variablesText } from './execution.ts';
import { copyOf, Failure, type JsonObject } from './failure.ts';
import type { FetchDocuments } from './fetch-documents.ts';
import { rewrittenShape } from './fetch-shape.ts';
import { compileFindTargets } from './find-targets.ts';
import { failFields, mergeAnswer } from './merge-answer.ts';
import { placeErrors } from './place-errors.ts';
import { rewriteAnswer } from './rewrite-answer.ts';
import type { TypeNames } from './type-names.ts';

export interface RootFetchOptions {
  client: SubgraphClient;
  documents: FetchDocuments;
  types: TypeNames;
  /** Whether the answer may be taken as it came. */
  raw: boolean;
}

export function compileRootFetch(node: FetchNode, options: RootFetchOptions): Step {
  const { client, documents, types, raw } = options;
  const operation = subgraphOperation(node.operation, node.document);
  const { shape: askedShape } = documents.of(node);
  const shape = rewrittenShape(askedShape, node.outputRewrites);
  const findTargets = compileFindTargets(node.path, types);

  return async (execution) => {
    const targets: JsonObject[] = [];
    findTargets(execution.data, (target) => targets.push(target));
    if (targets.length === 0) return;
    const variables = variablesText('', node.variables, execution);
    const answer = await ask(client, { operation, variables, raw }, execution);
    if (execution.raw) return;
    const data = placeErrors(answer, askedShape, execution);
    if (data instanceof Failure) {
      for (const target of targets) failFields(target, shape, data, types);
      return;
    }
    rewriteAnswer(data, node.outputRewrites, types);
    // What is merged into one of them later must not appear in the others.
    const own = targets.map((_, index) => (index === 0 ? data : copyOf(data)));
    for (const [index, target] of targets.entries()) mergeAnswer(target, own[index] ?? data, shape, types);
  };
}
