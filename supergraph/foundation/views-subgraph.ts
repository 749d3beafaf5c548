// Owns how the views of a BFF are called where they stand among subgraphs.

/** The subgraph of a BFF's views; `subgraphs` of a declaration has policies by this name. */
export function viewsSubgraph(bff: string): string {
  return `${bff}-views`;
}

/** What a supergraph says in place of an address: nobody fetches from there. */
export function viewsAddress(bff: string): string {
  return `views:${bff}`;
}
