// Owns knowing at which places of the data equal entities can be one object: it is looked at once then, asked for once,
// merged into once and written once.
import type { FetchNode, RequiredSelection } from '../planner/plan.ts';
import type { FetchDocuments } from './fetch-documents.ts';
import { type FetchShape, rewrittenShape } from './fetch-shape.ts';
import type { WorkSlices } from './work-slices.ts';

export class SharedPlaces {
  /** Whether anything in the data may stand in several places at all. */
  readonly areShareable: boolean;
  /** Shapes that make objects at a place, by the place. */
  private readonly makers = new Map<string, FetchShape[]>();
  /** Places where entities get more fields. */
  private readonly entities = new Set<string>();
  private readonly shared = new Set<string>();
  /** Places that are shared or have such below them. */
  private readonly around = new Set<string>();

  private constructor(areShareable: boolean) {
    this.areShareable = areShareable;
  }

  /**
   * Of all fetches of a plan; where values of contexts are read, the same entity is another thing in each place, and
   * nothing is shared.
   */
  static async of(
    nodes: readonly FetchNode[],
    documents: FetchDocuments,
    slices: WorkSlices,
  ): Promise<SharedPlaces> {
    const places = new SharedPlaces(nodes.every(({ contexts }) => contexts === undefined));
    if (!places.areShareable) return places;
    const placed: { node: FetchNode; place: string }[] = [];
    for (const node of nodes) {
      await slices.turn();
      const place = placeOf(node.path);
      placed.push({ node, place });
      if (node.requires) places.entities.add(place);
      places.addMakers(place, answeredShape(node, documents));
    }
    for (const { node, place } of placed) {
      await slices.turn();
      if (places.makesEqualOnesShared(node, place)) places.share(place);
    }
    return places;
  }

  /** Whether equal entities at this place become one object, by a fetch whose representations tell all of them. */
  has(place: string): boolean {
    return this.shared.has(place);
  }

  /** Whether the representations of this very fetch tell all that the objects at its place were made with. */
  tellsAllOf(node: FetchNode): boolean {
    const place = placeOf(node.path);
    return this.shared.has(place) && this.makesEqualOnesShared(node, place);
  }

  /** Whether a shared place is at this place or below it. */
  hasBelow(place: string): boolean {
    return this.around.has(place);
  }

  /** Whether nothing is ever merged into the objects within what is answered for entities at this place. */
  isLeftAlone(place: string, shape: FetchShape): boolean {
    return [...shape].every(([key, inner]) => {
      if (inner === null) return true;
      const within = place === '' ? key : `${place}.${key}`;
      if (this.makers.get(within)?.length !== 1 || this.entities.has(within)) return false;
      return this.isLeftAlone(within, inner);
    });
  }

  private share(place: string): void {
    this.shared.add(place);
    let end = place.length;
    for (; end > 0; end = place.lastIndexOf('.', end - 1)) this.around.add(place.slice(0, end));
  }

  private addMakers(place: string, shape: FetchShape): void {
    for (const [key, inner] of shape) {
      if (inner === null) continue;
      const within = place === '' ? key : `${place}.${key}`;
      const makers = this.makers.get(within);
      if (makers) makers.push(inner);
      else this.makers.set(within, [inner]);
      this.addMakers(within, inner);
    }
  }

  // Equal representations are equal objects where the representation tells all that the object has.
  private makesEqualOnesShared({ requires, inputRewrites }: FetchNode, place: string): boolean {
    const [made, ...others] = this.makers.get(place) ?? [];
    if (!requires || inputRewrites?.length || made === undefined || others.length > 0) return false;
    return requires.every(
      (selection) => selection.kind === 'fragment' && tellsAll(selection.selections, made),
    );
  }
}

function answeredShape(node: FetchNode, documents: FetchDocuments): FetchShape {
  const { entities, shape } = documents.of(node);
  return rewrittenShape(node.requires ? (entities?.shape ?? new Map()) : shape, node.outputRewrites);
}

/** Where a path leads, by keys of the data alone: `user.reviews` of `['user', '... on Person', 'reviews', '@']`. */
export function placeOf(path: readonly string[]): string {
  let place = '';
  for (const step of path) {
    if (step !== '@' && !step.startsWith('... on ')) place = place === '' ? step : `${place}.${step}`;
  }
  return place;
}

function tellsAll(selections: readonly RequiredSelection[], shape: FetchShape): boolean {
  return [...shape].every(([key, inner]) =>
    selections.some((selection) => {
      if (selection.kind !== 'field' || selection.name !== key) return false;
      return inner === null || tellsAll(selection.selections ?? [], inner);
    }),
  );
}
