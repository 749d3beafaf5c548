// Owns fetches of root fields: asked once, the answer put in at the root or wherever a field leads back to it.
import { parse } from 'graphql';
import type { FetchNode } from '../planner/plan.ts';
import { type SubgraphClient, subgraphOperation } from '../transport/subgraph-client.ts';
import { type Answer, ask, type Execution, type Step, variablesText } from './execution.ts';
import { copyOf, Failure, type JsonObject } from './failure.ts';
import { rewrittenShape, shapeOf } from './fetch-shape.ts';
import { compileFindTargets } from './find-targets.ts';
import { markErrors, markWhereEmpty } from './mark-errors.ts';
import { failFields, mergeAnswer } from './merge-answer.ts';
import { rewriteAnswer } from './rewrite-answer.ts';
import type { TypeNames } from './type-names.ts';

export function compileRootFetch(node: FetchNode, client: SubgraphClient, types: TypeNames): Step {
  const operation = subgraphOperation(node.operation, node.document);
  const askedShape = shapeOf(parse(node.document));
  const shape = rewrittenShape(askedShape, node.outputRewrites);
  const findTargets = compileFindTargets(node.path, types);

  function take(target: JsonObject, answer: Answer, execution: Execution): void {
    if (answer instanceof Failure) {
      failFields(target, shape, answer, types);
    } else if (answer.data === null) {
      failFields(target, shape, new Failure(answer.errors.map((error) => ({ error, below: [] }))), types);
    } else {
      const unplaced = markErrors(answer.data, answer.errors, askedShape);
      if (unplaced.length > 0 && !markWhereEmpty(answer.data, unplaced, askedShape)) {
        execution.unplaced.push(...unplaced.map(withoutPath));
      }
      rewriteAnswer(answer.data, node.outputRewrites, types);
      mergeAnswer(target, answer.data, shape, types);
    }
  }

  return async (execution) => {
    const targets =
      node.path.length === 0 ? [execution.data] : findTargets(execution.data).map(({ entity }) => entity);
    if (targets.length === 0) return;
    const answer = await ask(client, operation, variablesText('', node.variables, execution), execution);
    // What is merged into one of them later must not appear in the others.
    const answers = targets.map((_, index) => (index === 0 ? answer : copyOfAnswer(answer)));
    for (const [index, target] of targets.entries()) take(target, answers[index] ?? answer, execution);
  };
}

function copyOfAnswer(answer: Answer): Answer {
  return answer instanceof Failure || answer.data === null
    ? answer
    : { ...answer, data: copyOf(answer.data) };
}

/** A path that led nowhere in our own fetch means nothing to a client. */
export function withoutPath<E extends { path?: unknown }>({ path: _, ...error }: E): Omit<E, 'path'> {
  return error;
}
