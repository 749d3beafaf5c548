// Owns what a world is: subgraph schemas over one set of plain data, from which subgraphs and a monolith are made.

/** A thing of the data. Entities and members of abstract types carry their `__typename`. */
export type Row = Record<string, unknown>;

/** The rows of each entity type, and whatever else resolvers read. Values point at other rows directly. */
export type Data = Record<string, Row[]>;

export type Arguments = Record<string, never>;

/** Gives rows and plain values. For roots the source is empty. */
export type Resolve = (source: Row, args: Arguments, data: Data) => unknown;

/** By type, then field. A field without one reads the property of its name. */
export type Resolvers = Record<string, Record<string, Resolve>>;

export interface World {
  name: string;
  /** SDL of each subgraph, without the link header. */
  subgraphs: Record<string, string>;
  createData: () => Data;
  /** What fields mean; the monolith uses nothing else. Those of an interface serve the types that implement it. */
  resolvers: Resolvers;
  /** Of fields with `@requires`, by subgraph: their source is the representation that arrived, nothing else. */
  required?: Record<string, Resolvers>;
  /** GraphQL literals that hit something, by coordinate of an argument (`Query.book.id`) or by name of an input type. */
  literals: Record<string, string[]>;
}

/** The first row of a type that has all these values. */
export function find(data: Data, type: string, values: Row): Row | null {
  return (
    (data[type] ?? []).find((row) => Object.entries(values).every(([name, value]) => row[name] === value)) ??
    null
  );
}
