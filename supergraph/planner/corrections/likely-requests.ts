// Owns a guess at the few requests by which an operation can be answered: types, fields and keys alone are looked at, not
// what fields require. It only says which ways are worth weighing.
import { addRounds, priceBeside, type Rounds } from './way.ts';

/** As the planner knows a type of a subgraph. */
export interface Vertex {
  index: number;
  source: string;
  type: { name: string };
}

interface GraphEdge {
  tail: Vertex;
  conditions?: unknown;
  transition: { kind: string; definition?: { name: string }; castedType?: { name: string } };
}

export interface Graph {
  outEdges: (vertex: Vertex) => readonly GraphEdge[];
}

interface Selection {
  kind: string;
  element: { name?: string; typeCondition?: { name: string } };
  selectionSet?: SelectionSet;
}

export interface SelectionSet {
  selections: () => readonly Selection[];
}

/** From the fetch at hand on. */
interface Asked {
  /** What waits for the fetch at hand. */
  below: Rounds;
  /** What does not: the planner makes no detour over it. */
  beside: Rounds;
}

/** One selection can be had by each of these. */
interface Choice {
  subgraph: string;
  asked: Asked;
}

/** Where one could be by the same fields: in the subgraph one came from, or, as long as one is in the first, anywhere. */
interface Shadows {
  areFirst: boolean;
  vertices: readonly Vertex[];
}

interface Exits {
  fields: Map<string, GraphEdge>;
  casts: Map<string, Vertex>;
  /** The same type in other subgraphs, by their names. */
  jumps: Map<string, Vertex>;
}

const jumping = new Set(['KeyResolution', 'RootTypeResolution', 'SubgraphEnteringTransition']);

/** Choices are made once more in the light of all others where there are so many of them at most. */
const mostReconsidered = 40;

export class LikelyRequests {
  private readonly graph: Graph;
  private readonly known = new Map<string, Asked>();
  private readonly texts = new WeakMap<SelectionSet, string>();
  private readonly exits = new Map<Vertex, Exits>();

  constructor(graph: Graph) {
    this.graph = graph;
  }

  from(root: Vertex, set: SelectionSet): Rounds {
    const first = [...this.exitsOf(root).jumps.values()];
    const selections = set.selections().map((selection) =>
      first.flatMap((vertex): Choice[] => {
        const shadows = { areFirst: true, vertices: first.filter((other) => other !== vertex) };
        const there = this.behind(vertex, shadows, selection);
        return there ? [choice(vertex.source, askedThrough(vertex.source, there))] : [];
      }),
    );
    return choose(selections).below;
  }

  /** Undefined where the subgraph does not have the field. */
  private behind(vertex: Vertex, shadows: Shadows, { element, selectionSet }: Selection): Asked | undefined {
    const field = element.name ?? '';
    const edge = this.exitsOf(vertex).fields.get(field);
    if (edge === undefined) return undefined;
    if (selectionSet === undefined) return { below: [], beside: [] };
    const vertices = shadows.vertices.flatMap((shadow) => {
      const other = this.exitsOf(shadow).fields.get(field);
      return other === undefined || other.conditions ? [] : other.tail;
    });
    return this.at(edge.tail, { ...shadows, vertices }, selectionSet);
  }

  private at(vertex: Vertex, shadows: Shadows, set: SelectionSet): Asked {
    const others = shadows.vertices.map(({ index }) => index).join();
    const key = `${vertex.index} ${shadows.areFirst} ${others} ${this.textOf(set)}`;
    let asked = this.known.get(key);
    if (asked === undefined) {
      asked = choose(this.choices(vertex, shadows, set));
      this.known.set(key, asked);
    }
    return asked;
  }

  /** Of each selection that is not simply there. */
  private choices(vertex: Vertex, shadows: Shadows, set: SelectionSet): Choice[][] {
    return set.selections().flatMap((selection): Choice[][] => {
      const { element, selectionSet } = selection;
      if (selection.kind !== 'FieldSelection') {
        const type = element.typeCondition?.name;
        const to = this.cast(vertex, type);
        if (to === undefined || selectionSet === undefined) return [];
        const vertices = shadows.vertices.flatMap((shadow) => this.cast(shadow, type) ?? []);
        return this.choices(to, { ...shadows, vertices }, selectionSet);
      }
      const here = this.behind(vertex, shadows, selection);
      if (here && selectionSet === undefined) return [];
      const elsewhere = [...this.exitsOf(vertex).jumps].flatMap(([subgraph, to]): Choice[] => {
        const asked = this.afterJump(vertex, shadows, to, selection);
        return asked ? [choice(subgraph, asked)] : [];
      });
      return [[...(here ? [choice(vertex.source, here)] : []), ...elsewhere]];
    });
  }

  private cast(vertex: Vertex, type: string | undefined): Vertex | undefined {
    return type === undefined || type === vertex.type.name ? vertex : this.exitsOf(vertex).casts.get(type);
  }

  /** As the planner does, which goes nowhere by a detour over a subgraph that it need not have entered. */
  private afterJump(vertex: Vertex, shadows: Shadows, to: Vertex, selection: Selection): Asked | undefined {
    const { areFirst, vertices } = shadows;
    const isBack = vertices.some(({ source }) => source === to.source);
    if (isBack && !areFirst) return undefined;
    const [shortcut] = areFirst
      ? vertices.filter(({ source }) => source === to.source)
      : vertices.filter((shadow) => this.exitsOf(shadow).jumps.has(to.source));
    if (shortcut === undefined) {
      const there = this.behind(to, { areFirst: false, vertices: [vertex] }, selection);
      return there && { below: askedThrough(to.source, there).below, beside: [] };
    }
    const others = areFirst ? [vertex, ...vertices.filter((other) => other !== shortcut)] : [shortcut];
    const there = this.behind(to, { areFirst, vertices: others }, selection);
    return there && { below: [], beside: askedThrough(to.source, there).below };
  }

  private exitsOf(vertex: Vertex): Exits {
    const known = this.exits.get(vertex);
    if (known) return known;
    const exits: Exits = { fields: new Map(), casts: new Map(), jumps: new Map() };
    for (const edge of this.graph.outEdges(vertex)) {
      const { kind, definition, castedType } = edge.transition;
      const { source } = edge.tail;
      if (kind === 'FieldCollection' && definition) exits.fields.set(definition.name, edge);
      else if (kind === 'DownCast' && castedType) exits.casts.set(castedType.name, edge.tail);
      else if (jumping.has(kind) && source !== vertex.source && !exits.jumps.has(source))
        exits.jumps.set(source, edge.tail);
    }
    this.exits.set(vertex, exits);
    return exits;
  }

  /** Without names of answers, so that what is selected alike is weighed once. */
  private textOf(set: SelectionSet): string {
    let text = this.texts.get(set);
    if (text === undefined) {
      const parts = set.selections().map(({ kind, element, selectionSet }) => {
        const name = kind === 'FieldSelection' ? element.name : `...${element.typeCondition?.name ?? ''}`;
        return selectionSet ? `${name}{${this.textOf(selectionSet)}}` : name;
      });
      text = parts.join(' ');
      this.texts.set(set, text);
    }
    return text;
  }
}

function choice(subgraph: string, asked: Asked): Choice {
  return { subgraph, asked };
}

/** The same, seen from where that subgraph is asked. */
function askedThrough(subgraph: string, { below, beside }: Asked): Asked {
  const rounds: Rounds = [new Set([subgraph]), ...below];
  addRounds(rounds, beside);
  return { below: rounds, beside: [] };
}

/** One choice for each selection, so that they have many requests in common. */
function choose(selections: readonly Choice[][]): Asked {
  const open = selections.filter(({ length }) => length > 0).sort((one, other) => one.length - other.length);
  const popularity = new Map<string, number>();
  for (const { subgraph } of open.flat()) popularity.set(subgraph, (popularity.get(subgraph) ?? 0) + 1);
  const chosen: Asked[] = [];
  const all: Asked = { below: [], beside: [] };
  for (const choices of open) {
    const one = cheapest(choices, all, popularity);
    chosen.push(one);
    add(all, one);
  }
  if (open.length > mostReconsidered) return all;
  for (const [index, choices] of open.entries()) {
    if (choices.length > 1) chosen[index] = cheapest(choices, together(chosen, index), popularity);
  }
  return together(chosen);
}

function cheapest(choices: readonly Choice[], others: Asked, popularity: ReadonlyMap<string, number>): Asked {
  const ranked = choices.map(({ subgraph, asked }) => ({
    asked,
    price: priceBeside(others.below, asked.below, 1) + priceBeside(others.beside, asked.beside, 0),
    popularity: popularity.get(subgraph) ?? 0,
  }));
  return ranked.reduce((one, other) =>
    other.price < one.price || (other.price === one.price && other.popularity > one.popularity) ? other : one,
  ).asked;
}

function together(chosen: readonly Asked[], without?: number): Asked {
  const all: Asked = { below: [], beside: [] };
  for (const [index, one] of chosen.entries()) if (index !== without) add(all, one);
  return all;
}

function add(to: Asked, { below, beside }: Asked): void {
  addRounds(to.below, below);
  addRounds(to.beside, beside);
}
