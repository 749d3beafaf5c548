// Owns the `_entities` fields of a request: which fetches share one, and the text that asks for all of them.
import type { FetchNode } from '../planner/plan.ts';
import { type CopyWhatChanges, compileCopy } from './copy-what-changes.ts';
import { copyOf } from './failure.ts';
import type { FetchDocuments, SelectedEntities } from './fetch-documents.ts';
import { type FetchShape, rewrittenShape } from './fetch-shape.ts';
import { compileFindTargets, type FindTargets } from './find-targets.ts';
import { placeOf, type SharedPlaces } from './shared-places.ts';
import { compileTargets, type Targets } from './targets.ts';
import type { TypeNames } from './type-names.ts';
import type { WorkSlices } from './work-slices.ts';
import { Representations } from './write-representation.ts';

/** Where the entities of a list come from. */
export interface Source {
  find: FindTargets;
  /** All that are there, each object once. */
  targets: Targets;
  representations: Representations;
  /** See placeOf. */
  place: string;
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
  /** Of an answered entity that is others' too. */
  copy: CopyWhatChanges;
}

export interface EntityListOptions {
  documents: FetchDocuments;
  /** Of the whole plan. */
  places: SharedPlaces;
  slices: WorkSlices;
  types: TypeNames;
}

/** Of fetches that are sent together; names are as planned when there is only one. */
export async function entityLists(
  nodes: readonly FetchNode[],
  { documents, places, slices, types }: EntityListOptions,
): Promise<EntityList[]> {
  const lists = new Map<string, EntityList>();
  const isAlone = nodes.length === 1;
  for (const node of nodes) {
    await slices.turn();
    const { selections, shape: askedShape } = entitiesOf(node, documents);
    const key = JSON.stringify([selections, node.outputRewrites]);
    let list = lists.get(key);
    if (list === undefined) {
      list = {
        name: isAlone ? '_entities' : `e${lists.size}`,
        variable: isAlone ? 'representations' : `r${lists.size}`,
        selections,
        node,
        sources: [],
        askedShape,
        shape: rewrittenShape(askedShape, node.outputRewrites),
        isShareable: places.areShareable,
        copy: copyOf,
      };
      lists.set(key, list);
    }
    const find = compileFindTargets(node.path, types, { around: node.contexts !== undefined });
    const representations = new Representations(node, types);
    const targets = compileTargets(node, places, representations, types);
    const place = placeOf(node.path);
    list.sources.push({ find, targets, representations, place });
    list.isShareable &&= places.isLeftAlone(place, list.shape);
  }
  for (const list of lists.values()) {
    const at = list.sources.map(({ place }) => place);
    if (list.node.outputRewrites === undefined) list.copy = compileCopy(list.shape, at, places);
  }
  return [...lists.values()];
}

function entitiesOf(node: FetchNode, documents: FetchDocuments): SelectedEntities {
  const { entities } = documents.of(node);
  if (entities === undefined) throw new Error('A fetch of entities selects nothing of them.');
  return entities;
}

/** GraphQL text that asks for all the lists. */
export function entityDocument(
  nodes: readonly FetchNode[],
  lists: readonly EntityList[],
  documents: FetchDocuments,
): string {
  const [first] = nodes;
  if (nodes.length === 1 && first) return first.document;
  const definitions = new Map(lists.map(({ variable }) => [variable, `$${variable}:[_Any!]!`]));
  for (const node of nodes) {
    for (const [name, definition] of documents.of(node).variables) definitions.set(name, definition);
  }
  const fields = lists.map(
    ({ name, variable, selections }) => `${name}:_entities(representations:$${variable})${selections}`,
  );
  return `query(${[...definitions.values()].join(',')}){${fields.join(' ')}}`;
}
