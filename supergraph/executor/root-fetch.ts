// Owns fetches of root fields: asked once, the answer put in at the root or wherever a field leads back to it.
import type { FetchNode } from '../planner/plan.ts';
import { type SubgraphClient, subgraphOperation } from '../transport/subgraph-client.ts';
import { compileCopy } from './copy-what-changes.ts';
import { ask, type Step, variablesText } from './execution.ts';
import { copyOf, Failure, type JsonObject } from './failure.ts';
import type { FetchDocuments } from './fetch-documents.ts';
import { rewrittenShape } from './fetch-shape.ts';
import { compileFindTargets } from './find-targets.ts';
import { failFields, mergeAnswer } from './merge-answer.ts';
import { placeErrors } from './place-errors.ts';
import { rewriteAnswer } from './rewrite-answer.ts';
import { placeOf, type SharedPlaces } from './shared-places.ts';
import type { TypeNames } from './type-names.ts';

export interface RootFetchOptions {
  client: SubgraphClient;
  documents: FetchDocuments;
  /** Of the whole plan. */
  places: SharedPlaces;
  types: TypeNames;
  /** Whether the answer may be taken as it came. */
  raw: boolean;
}

const noRepresentations: ReadonlyMap<string, readonly string[]> = new Map();

export function compileRootFetch(node: FetchNode, options: RootFetchOptions): Step {
  const { client, documents, places, types, raw } = options;
  const operation = subgraphOperation(node.operation, node.document);
  const { shape: askedShape } = documents.of(node);
  const shape = rewrittenShape(askedShape, node.outputRewrites);
  const copy = node.outputRewrites ? copyOf : compileCopy(shape, [placeOf(node.path)], places);
  const findTargets = compileFindTargets(node.path, types);

  return async (execution) => {
    const targets: JsonObject[] = [];
    findTargets(execution.data, (target) => targets.push(target));
    if (targets.length === 0) return;
    const variables = variablesText('', node.variables, execution);
    const { context, variables: values } = execution;
    const parts = context.freshness && { parts: { representations: noRepresentations, values } };
    const answer = await ask(client, { operation, variables, raw, ...parts }, execution);
    if (execution.raw) return;
    const placed = placeErrors(answer, askedShape, execution);
    if (placed instanceof Failure) {
      for (const target of targets) failFields(target, shape, placed, types);
      return;
    }
    const data = !(answer instanceof Failure) && answer.isShared ? copy(placed) : placed;
    rewriteAnswer(data, node.outputRewrites, types);
    // What is merged into one of them later must not appear in the others.
    const own = targets.map((_, index) => (index === 0 ? data : copyOf(data)));
    for (const [index, target] of targets.entries()) mergeAnswer(target, own[index] ?? data, shape, types);
  };
}
