// Owns our own shape of a query plan: what is asked of which subgraph, in which order. Plain JSON, so that it can be kept.

export interface QueryPlan {
  /** Nothing when no subgraph has to be asked. */
  node?: PlanNode;
}

export type PlanNode = SequenceNode | ParallelNode | FetchNode;

export interface SequenceNode {
  kind: 'sequence';
  nodes: PlanNode[];
}

export interface ParallelNode {
  kind: 'parallel';
  nodes: PlanNode[];
}

export interface FetchNode {
  kind: 'fetch';
  subgraph: string;
  operation: 'query' | 'mutation' | 'subscription';
  /** The text of the whole operation for the subgraph; for entities it selects `_entities` with `$representations`. */
  document: string;
  /** Variables of the client's (canonical) operation that the document uses; neither `representations` nor contexts. */
  variables: string[];
  /**
   * Where the answer belongs, in response names of the canonical operation: `'@'` steps into each item of a list,
   * `'... on Type'` goes on with objects of that type only. Empty at the root.
   */
  path: string[];
  /** There when this asks for entities: what each representation is made of. */
  requires?: RequiredSelection[];
  /**
   * Response names of those fields that need a required field, by that field's key in the representation. The others can
   * be had without it. What is not listed here, every field needs.
   */
  neededBy?: Record<string, string[]>;
  /** Changes to each representation before it is sent. */
  inputRewrites?: Rewrite[];
  /** Changes to each entity (or to the root) that the subgraph answered, before it is merged. */
  outputRewrites?: Rewrite[];
  /** Variables of the document that come from data around the entity (`@fromContext`). */
  contexts?: ContextVariable[];
  /**
   * There when it is sent by itself, and nothing waits for it but what reads it: the keys of the data, at the end of its path,
   * that it alone brings.
   */
  apart?: string[];
}

export type RequiredSelection = RequiredField | RequiredFragment;

export interface RequiredField {
  kind: 'field';
  /** The response name under which the data holds it. */
  name: string;
  /** The name that the subgraph expects in the representation; the same as `name` when left out. */
  as?: string;
  selections?: RequiredSelection[];
}

export interface RequiredFragment {
  kind: 'fragment';
  typeCondition: string;
  selections: RequiredSelection[];
}

/** Paths hold response names and `'... on Type'`; lists are stepped through. The last step is the key to change. */
export type Rewrite =
  | { kind: 'set'; path: string[]; value: unknown }
  | { kind: 'rename'; path: string[]; to: string };

export interface ContextVariable {
  variable: string;
  /** From the entity on: `'..'` goes up to the object around it, then as in rewrites; the last step is a key to read. */
  path: string[];
}
