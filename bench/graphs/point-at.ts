// Owns moving a supergraph's subgraphs to another address.

/** A supergraph's SDL in which each subgraph is at `${base}/<name>/graphql`. */
export function pointAt(supergraph: string, base: string): string {
  return supergraph.replaceAll(
    /(@join__graph\(\s*name:\s*"([^"]+)",?\s*url:\s*)"[^"]*"/g,
    (_, before: string, name: string) => `${before}"${base}/${name}/graphql"`,
  );
}
