// Owns fetches of entities: representations written once each, fetches that start together sent as one request, and
// every answer brought back to all the places that asked.
import { parse, type SelectionSetNode } from 'graphql';
import type { ContextVariable, FetchNode } from '../planner/plan.ts';
import { type SubgraphClient, subgraphOperation } from '../transport/subgraph-client.ts';
import { contextVariables } from './context-variables.ts';
import { type Answer, ask, type Execution, type Step, variablesText } from './execution.ts';
import { absent, copyOf, Failure, isObject, type JsonObject } from './failure.ts';
import { type FetchShape, rewrittenShape, shapeOf } from './fetch-shape.ts';
import { compileFindTargets, type Target } from './find-targets.ts';
import { markErrors, markWhereEmpty } from './mark-errors.ts';
import { failFields, mergeAnswer } from './merge-answer.ts';
import { rewriteAnswer } from './rewrite-answer.ts';
import { withoutPath } from './root-fetch.ts';
import type { TypeNames } from './type-names.ts';
import { compileRepresentation, type WriteRepresentation } from './write-representation.ts';

/** Where entities for one list come from. */
interface Source {
  findTargets: (root: JsonObject) => Target[];
  write: WriteRepresentation;
}

/** One `_entities` field of the request. Fetches that select the same share one. */
interface EntityList {
  /** Its response name in the request. */
  name: string;
  variable: string;
  selections: string;
  node: FetchNode;
  sources: Source[];
  askedShape: FetchShape;
  shape: FetchShape;
}

/** Targets by the text of their representation. */
type Batch = Map<string, Recipient[]>;

interface Recipient {
  target: JsonObject;
  /** Where it was found: objects found at one place go the same way through the rest of the plan. */
  source: Source;
}

export interface EntityFetchOptions {
  client: SubgraphClient;
  types: TypeNames;
  /** Whether an object of the data may stand in several places; not where what is merged into it depends on the place. */
  shareObjects: boolean;
}

/** The nodes ask one subgraph, and are ready at the same time. One with contexts comes alone. */
export function compileEntityFetch(nodes: readonly FetchNode[], options: EntityFetchOptions): Step {
  const { client, types } = options;
  const lists = entityLists(nodes, types);
  const operation = subgraphOperation('query', documentFor(nodes, lists));
  const variables = [...new Set(nodes.flatMap((node) => node.variables))];
  const askedShape: FetchShape = new Map(lists.map(({ name, askedShape }) => [name, askedShape]));

  async function send(batches: readonly Batch[], contexts: string, execution: Execution): Promise<void> {
    if (batches.every((batch) => batch.size === 0)) return;
    const texts = lists.map(
      ({ variable }, index) => `"${variable}":[${[...(batches[index]?.keys() ?? [])].join(',')}]`,
    );
    const first = texts.join(',') + contexts;
    const answer = await ask(client, operation, variablesText(first, variables, execution), execution);
    const data = prepare(answer, askedShape, execution);
    for (const [index, list] of lists.entries()) {
      const batch = batches[index];
      if (batch) take(batch, data instanceof Failure ? data : data[list.name], list, options);
    }
  }

  return async (execution) => {
    const [alone] = lists;
    if (alone?.node.contexts) {
      const groups = batchesByContext(alone, alone.node.contexts, execution, types);
      await Promise.all([...groups].map(([contexts, batch]) => send([batch], contexts, execution)));
    } else {
      const batches = lists.map((list) => collectBatch(list, execution, types));
      await send(batches, '', execution);
    }
  };
}

function entityLists(nodes: readonly FetchNode[], types: TypeNames): EntityList[] {
  const lists = new Map<string, EntityList>();
  const isAlone = nodes.length === 1;
  for (const node of nodes) {
    const document = parse(node.document);
    const selections = node.document.slice(...span(entitySelections(document)));
    const key = JSON.stringify([selections, node.outputRewrites]);
    let list = lists.get(key);
    if (list === undefined) {
      const askedShape = shapeOf(document).get('_entities') ?? new Map();
      list = {
        name: isAlone ? '_entities' : `e${lists.size}`,
        variable: isAlone ? 'representations' : `r${lists.size}`,
        selections,
        node,
        sources: [],
        askedShape,
        shape: rewrittenShape(askedShape, node.outputRewrites),
      };
      lists.set(key, list);
    }
    list.sources.push({
      findTargets: compileFindTargets(node.path, types, { around: node.contexts !== undefined }),
      write: compileRepresentation(node.requires ?? [], node.inputRewrites, types),
    });
  }
  return [...lists.values()];
}

function entitySelections(document: ReturnType<typeof parse>): SelectionSetNode {
  for (const definition of document.definitions) {
    if (definition.kind !== 'OperationDefinition') continue;
    const [field] = definition.selectionSet.selections;
    if (field?.kind === 'Field' && field.selectionSet) return field.selectionSet;
  }
  throw new Error('A fetch of entities selects nothing of them.');
}

function span({ loc }: { loc?: { start: number; end: number } }): [number, number] {
  return [loc?.start ?? 0, loc?.end ?? 0];
}

function documentFor(nodes: readonly FetchNode[], lists: readonly EntityList[]): string {
  const [first] = nodes;
  if (nodes.length === 1 && first) return first.document;
  const definitions = new Map(lists.map(({ variable }) => [variable, `$${variable}:[_Any!]!`]));
  for (const { document } of nodes) {
    for (const definition of parse(document).definitions) {
      if (definition.kind !== 'OperationDefinition') continue;
      for (const variable of definition.variableDefinitions ?? []) {
        const name = variable.variable.name.value;
        if (name !== 'representations') definitions.set(name, document.slice(...span(variable)));
      }
    }
  }
  const fields = lists.map(
    ({ name, variable, selections }) => `${name}:_entities(representations:$${variable})${selections}`,
  );
  return `query(${[...definitions.values()].join(',')}){${fields.join(' ')}}`;
}

function collectBatch(list: EntityList, { data }: Execution, types: TypeNames): Batch {
  const batch: Batch = new Map();
  for (const source of list.sources) {
    for (const { entity } of source.findTargets(data)) addTo(batch, entity, source, list.shape, types);
  }
  return batch;
}

/** Batches of entities that see the same values around them, by the JSON text of those variables. */
function batchesByContext(
  { sources, shape }: EntityList,
  contexts: readonly ContextVariable[],
  { data }: Execution,
  types: TypeNames,
): Map<string, Batch> {
  const batches = new Map<string, Batch>();
  for (const source of sources) {
    for (const target of source.findTargets(data)) {
      const text = contextVariables(target, contexts, types);
      if (typeof text !== 'string') {
        failFields(target.entity, shape, text, types);
        continue;
      }
      const batch = batches.get(text) ?? new Map();
      batches.set(text, batch);
      addTo(batch, target.entity, source, shape, types);
    }
  }
  return batches;
}

function addTo(batch: Batch, target: JsonObject, source: Source, shape: FetchShape, types: TypeNames): void {
  const representation = source.write(target);
  if (representation === undefined) return;
  if (typeof representation !== 'string') {
    failFields(target, shape, representation, types);
    return;
  }
  const recipients = batch.get(representation);
  if (recipients === undefined) batch.set(representation, [{ target, source }]);
  else recipients.push({ target, source });
}

/** The data with each failure in its place, or the one failure of everything. */
function prepare(answer: Answer, askedShape: FetchShape, execution: Execution): JsonObject | Failure {
  if (answer instanceof Failure) return answer;
  const { data, errors } = answer;
  if (data === null) return new Failure(errors.map((error) => ({ error, below: [] })));
  const unplaced = markErrors(data, errors, askedShape);
  if (unplaced.length > 0 && !markWhereEmpty(data, unplaced, askedShape)) {
    execution.unplaced.push(...unplaced.map(withoutPath));
  }
  return data;
}

function take(batch: Batch, answered: unknown, list: EntityList, options: EntityFetchOptions): void {
  const { node, shape } = list;
  const { types } = options;
  if (!Array.isArray(answered) || answered.length !== batch.size) {
    const failure = answered instanceof Failure ? answered : Failure.withCode('SUBGRAPH_MALFORMED');
    for (const { target } of [...batch.values()].flat()) failFields(target, shape, failure, types);
    return;
  }
  let index = 0;
  for (const recipients of batch.values()) {
    const entity: unknown = answered[index++];
    const asked = recipients[0]?.target['__typename'];
    const fits = isObject(entity) && typeof asked === 'string' && types.canBe(entity['__typename'], asked);
    if (fits) rewriteAnswer(entity, node.outputRewrites, types);
    if (fits) give(entity, recipients, list, options);
    else for (const { target } of recipients) failFields(target, shape, failureFor(entity), types);
  }
}

/**
 * Merges an entity into everything that stands for it. Objects within it are shared by those found at one place; what
 * another place selects below them can be something else under the same name.
 */
function give(
  entity: JsonObject,
  recipients: readonly Recipient[],
  { shape }: EntityList,
  { types, shareObjects }: EntityFetchOptions,
): void {
  const given = new Map<Source, JsonObject>();
  const originals = recipients.map(({ source }, position) => {
    const known = shareObjects ? given.get(source) : undefined;
    const own = known ?? (position === 0 ? entity : copyOf(entity));
    given.set(source, own);
    return own;
  });
  // Only then, because merging changes what was not copied yet.
  for (const [position, { target }] of recipients.entries()) {
    mergeAnswer(target, originals[position] ?? entity, shape, types);
  }
}

function failureFor(entity: unknown): Failure {
  if (entity instanceof Failure) return entity;
  return entity === null ? absent : Failure.withCode('SUBGRAPH_MALFORMED');
}
