// Owns what is remembered of each operation that a subgraph is asked: its document once read, and a few documents without some of
// its fields.
import { LRUCache } from 'lru-cache';
import type { SubgraphOperation } from '../../transport/subgraph-client.ts';
import { AskedDocument } from './asked-document.ts';
import { DocumentVariant } from './document-variant.ts';
import type { FieldPolicies } from './field-policies.ts';
import type { GraphTypes } from './graph-types.ts';

/** Of one operation: fields seldom fail in more combinations at once, and then the same is made again. */
const mostVariants = 20;

export class AskedOperation {
  readonly document: AskedDocument;
  /** Milliseconds that it may take where it asks for nothing but fields that have a time of their own; the longest of these. */
  readonly timeout: number | undefined;
  /** Of the fields at the top. */
  readonly top: readonly string[];
  readonly #variants = new LRUCache<string, DocumentVariant>({ max: mostVariants });

  constructor(document: AskedDocument, policies: FieldPolicies) {
    this.document = document;
    const top = document.topFields().filter(({ node }) => node.name.value !== '__typename');
    const { subgraph } = document;
    const timeouts = top.flatMap(
      ({ type, node }) => policies.timeoutOf(subgraph, type, node.name.value) ?? [],
    );
    const isOwn = top.length > 0 && timeouts.length === top.length;
    this.timeout = isOwn ? Math.max(...timeouts) : undefined;
    this.top = top.map((field) => document.coordinate(field));
  }

  /** The same operation for the same coordinates, as long as it is remembered. */
  without(coordinates: readonly string[]): DocumentVariant {
    const key = [...coordinates].sort().join();
    const known = this.#variants.get(key) ?? new DocumentVariant(this.document, new Set(coordinates));
    this.#variants.set(key, known);
    return known;
  }
}

/** Of one subgraph. */
export class AskedOperations {
  readonly #subgraph: string;
  readonly #types: GraphTypes;
  readonly #policies: FieldPolicies;
  readonly #known = new WeakMap<SubgraphOperation, AskedOperation>();

  constructor(subgraph: string, types: GraphTypes, policies: FieldPolicies) {
    this.#subgraph = subgraph;
    this.#types = types;
    this.#policies = policies;
  }

  of(operation: SubgraphOperation): AskedOperation {
    let known = this.#known.get(operation);
    if (known === undefined) {
      const document = new AskedDocument(operation.document, this.#subgraph, this.#types);
      known = new AskedOperation(document, this.#policies);
      this.#known.set(operation, known);
    }
    return known;
  }
}
