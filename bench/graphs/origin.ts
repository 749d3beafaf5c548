// Owns what is known of a graph's subgraphs while they run.

export interface Origin {
  /** By the subgraph's name, where its answers are known. */
  addresses: Readonly<Record<string, string>>;
  /** Ends what was started and removes what was written. */
  stop: () => Promise<void>;
}
