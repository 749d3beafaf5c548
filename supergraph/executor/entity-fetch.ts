// Owns fetches of entities: those that start together sent as one request, every answer brought to all who asked.
import type { FetchNode } from '../planner/plan.ts';
import { type RequestParts, type SubgraphClient, subgraphOperation } from '../transport/subgraph-client.ts';
import {
  type Batch,
  type BatchEntry,
  batchesByContext,
  collectBatch,
  type Recipient,
} from './entity-batch.ts';
import {
  type EntityList,
  type EntityListOptions,
  entityDocument,
  entityLists,
  type Source,
} from './entity-list.ts';
import { ask, type Execution, type Step, variablesText } from './execution.ts';
import { absent, copyOf, Failure, isObject, type JsonObject, malformed } from './failure.ts';
import type { FetchShape } from './fetch-shape.ts';
import { failFields, mergeAnswer } from './merge-answer.ts';
import { placeErrors } from './place-errors.ts';
import { rewriteAnswer } from './rewrite-answer.ts';

export interface EntityFetchOptions extends EntityListOptions {
  client: SubgraphClient;
}

/** The nodes ask one subgraph, and are ready at the same time. One with contexts comes alone. */
export async function compileEntityFetch(
  nodes: readonly FetchNode[],
  options: EntityFetchOptions,
): Promise<Step> {
  const { client, documents, types } = options;
  const lists = await entityLists(nodes, options);
  const operation = subgraphOperation('query', entityDocument(nodes, lists, documents));
  const variables = [...new Set(nodes.flatMap((node) => node.variables))];
  const askedShape: FetchShape = new Map(lists.map(({ name, askedShape }) => [name, askedShape]));

  async function send(batches: readonly Batch[], contexts: string, execution: Execution): Promise<void> {
    if (batches.every(({ entries }) => entries.length === 0)) return;
    const texts = lists.map(({ variable }, index) => `"${variable}":${listOf(batches[index])}`);
    const first = texts.join(',') + contexts;
    const request = {
      operation,
      variables: variablesText(first, variables, execution),
      ...(execution.context.freshness && contexts === '' && { parts: partsOf(batches, execution) }),
    };
    const answer = await ask(client, request, execution);
    const data = placeErrors(answer, askedShape, execution);
    const isShared = !(answer instanceof Failure) && answer.isShared;
    for (const [index, list] of lists.entries()) {
      const batch = batches[index];
      const answered = data instanceof Failure ? data : data[list.name];
      if (batch) take(batch.entries, { answered, isShared }, list, options);
    }
  }

  function partsOf(batches: readonly Batch[], { variables: values }: Execution): RequestParts {
    const representations = new Map<string, readonly string[]>();
    for (const [index, { variable }] of lists.entries()) {
      representations.set(variable, batches[index]?.entries.map(({ text }) => text) ?? []);
    }
    return { representations, values };
  }

  return async (execution) => {
    const [alone] = lists;
    if (alone?.node.contexts) {
      const groups = batchesByContext(alone, alone.node.contexts, execution.data, types);
      await Promise.all([...groups].map(([contexts, batch]) => send([batch], contexts, execution)));
    } else {
      const batches = lists.map((list) => collectBatch(list, execution, types));
      await send(batches, '', execution);
    }
  };
}

/** JSON text of the representations. */
function listOf(batch: Batch | undefined): string {
  let text = '[';
  for (const entry of batch?.entries ?? []) text += text === '[' ? entry.text : `,${entry.text}`;
  return `${text}]`;
}

interface Answered {
  answered: unknown;
  /** Whether its entities are others' too. */
  isShared: boolean;
}

function take(
  entries: readonly BatchEntry[],
  { answered, isShared }: Answered,
  list: EntityList,
  options: EntityFetchOptions,
): void {
  const { node, shape } = list;
  const { types } = options;
  const isChanged = isShared && (!list.isShareable || node.outputRewrites !== undefined);
  const isAnswer = Array.isArray(answered) && answered.length === entries.length;
  const failure = answered instanceof Failure ? answered : malformed;
  for (const [index, { recipients }] of entries.entries()) {
    const given: unknown = isAnswer ? answered[index] : failure;
    const entity = isChanged ? list.copy(given) : given;
    const asked = recipients[0]?.target['__typename'];
    const fits = isObject(entity) && typeof asked === 'string' && types.canBe(entity['__typename'], asked);
    if (fits) {
      rewriteAnswer(entity, node.outputRewrites, types);
      give(entity, recipients, list, options);
    } else {
      for (const { target } of recipients) failFields(target, shape, failureFor(entity), types);
    }
  }
}

/**
 * Merges an entity into everything that stands for it. Objects within it that something may be merged into later are
 * shared only by those found at one place; what another place selects below them can be something else under the same name.
 */
function give(
  entity: JsonObject,
  recipients: readonly Recipient[],
  { shape, isShareable, copy: ownCopy }: EntityList,
  { types, places }: EntityFetchOptions,
): void {
  if (isShareable || recipients.length === 1) {
    for (const { target, without } of recipients) {
      mergeAnswer(target, without ? withoutFields(entity, without) : entity, shape, types);
    }
    return;
  }
  const given = new Map<Source, JsonObject>();
  const own = recipients.map(({ source, without }, position) => {
    if (without) return withoutFields(entity, without);
    const known = places.areShareable ? given.get(source) : undefined;
    const copy = known ?? (position === 0 ? entity : ownCopy(entity));
    given.set(source, copy);
    return copy;
  });
  // Only then, because merging changes what was not copied yet.
  for (const [position, { target }] of recipients.entries()) {
    mergeAnswer(target, own[position] ?? entity, shape, types);
  }
}

function withoutFields(entity: JsonObject, fields: ReadonlyMap<string, unknown>): JsonObject {
  const left = copyOf(entity);
  for (const field of fields.keys()) delete left[field];
  return left;
}

function failureFor(entity: unknown): Failure {
  if (entity instanceof Failure) return entity;
  return entity === null ? absent : malformed;
}
