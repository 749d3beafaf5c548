// Owns knowing at which places of the data equal entities can be one object: it is looked at once then, asked for once,
// merged into once and written once.
import { parse } from 'graphql';
import type { FetchNode, PlanNode, RequiredSelection } from '../planner/plan.ts';
import { type FetchShape, rewrittenShape, shapeOf } from './fetch-shape.ts';

export class SharedPlaces {
  /** Whether anything in the data may stand in several places at all. */
  readonly areShareable: boolean;
  /** Shapes that make objects at a place, by the place. */
  private readonly makers = new Map<string, FetchShape[]>();
  /** Places where entities get more fields. */
  private readonly entities = new Set<string>();
  private readonly shared = new Set<string>();

  /** Of a plan; where values of contexts are read, the same entity is another thing in each place, and nothing is shared. */
  constructor(plan: PlanNode | undefined) {
    const nodes = plan ? fetchesIn(plan) : [];
    this.areShareable = nodes.every(({ contexts }) => contexts === undefined);
    if (!this.areShareable) return;
    for (const node of nodes) {
      const place = placeOf(node.path);
      if (node.requires) this.entities.add(place);
      this.addMakers(place, answeredShape(node));
    }
    for (const node of nodes) if (this.makesEqualOnesShared(node)) this.shared.add(placeOf(node.path));
  }

  /** Whether equal entities at this place become one object, by the first fetch that asks for them. */
  has(place: string): boolean {
    return this.shared.has(place);
  }

  /** Whether a shared place is at this place or below it. */
  hasBelow(place: string): boolean {
    for (const shared of this.shared) if (shared === place || shared.startsWith(`${place}.`)) return true;
    return false;
  }

  /** Whether nothing is ever merged into the objects within what is answered for entities at this place. */
  isLeftAlone(place: string, shape: FetchShape): boolean {
    return [...shape].every(([key, inner]) => {
      if (inner === null) return true;
      const within = `${place}.${key}`;
      if (this.makers.get(within)?.length !== 1 || this.entities.has(within)) return false;
      return this.isLeftAlone(within, inner);
    });
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
  private makesEqualOnesShared({ path, requires, inputRewrites }: FetchNode): boolean {
    const [made, ...others] = this.makers.get(placeOf(path)) ?? [];
    if (!requires || inputRewrites?.length || made === undefined || others.length > 0) return false;
    return requires.every(
      (selection) => selection.kind === 'fragment' && tellsAll(selection.selections, made),
    );
  }
}

function fetchesIn(plan: PlanNode): FetchNode[] {
  return plan.kind === 'fetch' ? [plan] : plan.nodes.flatMap(fetchesIn);
}

function answeredShape({ document, requires, outputRewrites }: FetchNode): FetchShape {
  const asked = shapeOf(parse(document));
  const answered = requires ? (asked.get('_entities') ?? new Map()) : asked;
  return rewrittenShape(answered, outputRewrites);
}

/** Where a path leads, by keys of the data alone: `user.reviews` of `['user', '... on Person', 'reviews', '@']`. */
export function placeOf(path: readonly string[]): string {
  return path.filter((step) => step !== '@' && !step.startsWith('... on ')).join('.');
}

function tellsAll(selections: readonly RequiredSelection[], shape: FetchShape): boolean {
  return [...shape].every(([key, inner]) =>
    selections.some((selection) => {
      if (selection.kind !== 'field' || selection.name !== key) return false;
      return inner === null || tellsAll(selection.selections ?? [], inner);
    }),
  );
}
