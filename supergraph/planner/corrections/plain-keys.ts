// Owns that the planner works out once per plan how the fields of a plain key are had: fields without selections that
// the subgraph simply has. It would do so for each step of each way, a third of its time where ways are many.

export interface KeyEdge {
  head: { type: { kind: string } };
  conditions?: { selections: () => readonly { element: { name?: string }; selectionSet?: unknown }[] };
}

interface FieldEdge {
  conditions?: unknown;
  overrideCondition?: unknown;
  requiredContexts: readonly unknown[];
  transition: { kind: string; definition?: { name: string } };
}

interface Graph<Vertex> {
  outEdges: (vertex: Vertex) => readonly FieldEdge[];
}

export class PlainKeys<Edge extends KeyEdge, Resolution> {
  private readonly resolutions = new Map<Edge, Resolution>();

  /** What was found out for an operation may name its variables. */
  forget(): void {
    this.resolutions.clear();
  }

  known(edge: Edge): Resolution | undefined {
    return this.resolutions.get(edge);
  }

  keep(graph: Graph<Edge['head']>, edge: Edge, resolution: Resolution): void {
    if (isPlain(edge, graph.outEdges(edge.head))) this.resolutions.set(edge, resolution);
  }
}

function isPlain({ head, conditions }: KeyEdge, exits: readonly FieldEdge[]): boolean {
  if (head.type.kind !== 'ObjectType' || conditions === undefined) return false;
  const simple = exits.filter(
    (exit) => !exit.conditions && !exit.overrideCondition && exit.requiredContexts.length === 0,
  );
  const names = new Set(simple.flatMap(({ transition }) => transition.definition?.name ?? []));
  return conditions
    .selections()
    .every(({ element, selectionSet }) => selectionSet === undefined && names.has(element.name ?? ''));
}
