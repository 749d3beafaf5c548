// Owns the `_entities` fields of a request: which fetches share one, and the text that asks for all of them.
import { parse, type SelectionSetNode } from 'graphql';
import type { FetchNode } from '../planner/plan.ts';
import { type FetchShape, rewrittenShape, shapeOf } from './fetch-shape.ts';
import { compileFindTargets, type FindTargets } from './find-targets.ts';
import { placeOf, type SharedPlaces } from './shared-places.ts';
import { compileTargets, type Targets } from './targets.ts';
import type { TypeNames } from './type-names.ts';
import { Representations } from './write-representation.ts';

/** Where the entities of a list come from. */
export interface Source {
  find: FindTargets;
  /** All that are there, each object once. */
  targets: Targets;
  representations: Representations;
}

/** One `_entities` field of the request. Fetches that select the same share one. */
export interface EntityList {
  /** Its response name in the request. */
  name: string;
  variable: string;
  selections: string;
  node: FetchNode;
  sources: Source[];
  askedShape: FetchShape;
  shape: FetchShape;
  /** Whether the objects within an answered entity can be given to everything that stands for it. */
  isShareable: boolean;
}

/** Of fetches that are sent together; names are as planned when there is only one. */
export function entityLists(
  nodes: readonly FetchNode[],
  places: SharedPlaces,
  types: TypeNames,
): EntityList[] {
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
        isShareable: places.areShareable,
      };
      lists.set(key, list);
    }
    const find = compileFindTargets(node.path, types, { around: node.contexts !== undefined });
    const representations = new Representations(node, types);
    const targets = compileTargets(node.path, places, representations, types);
    list.sources.push({ find, targets, representations });
    list.isShareable &&= places.isLeftAlone(placeOf(node.path), list.shape);
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

/** GraphQL text that asks for all the lists. */
export function entityDocument(nodes: readonly FetchNode[], lists: readonly EntityList[]): string {
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
