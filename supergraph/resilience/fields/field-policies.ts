// Owns what a declaration says of single fields, looked up as they are asked for: of an object's field what is said of it,
// else of the same field of one of its interfaces, else of the subgraph.
import type { BffDeclaration } from '../../declaration/define-bff.ts';
import type { BreakerPolicy, FieldPolicy } from '../../declaration/resilience-declaration.ts';
import { milliseconds } from '../../foundation/duration.ts';
import type { BreakerTerms } from '../breaker.ts';
import { breakerTerms } from '../resilience-terms.ts';
import type { GraphTypes } from './graph-types.ts';

export interface OwnPolicy {
  /** Under which it is declared. */
  coordinate: string;
  policy: FieldPolicy;
}

export class FieldPolicies {
  readonly #bff: BffDeclaration;
  readonly #types: GraphTypes;
  readonly #fields: ReadonlyMap<string, FieldPolicy>;
  readonly #views: string | undefined;

  /** `views` is the subgraph that runs in the router: there is nobody to spare, so only what is said of its fields themselves counts. */
  constructor(bff: BffDeclaration, types: GraphTypes, views: string | undefined) {
    this.#bff = bff;
    this.#types = types;
    this.#views = views;
    const declared = Object.entries<FieldPolicy | undefined>(bff.fields ?? {});
    this.#fields = new Map(declared.flatMap(([name, policy]) => (policy ? [[name, policy] as const] : [])));
  }

  /** Whether any field is one of which something is said. */
  get areThere(): boolean {
    return this.#fields.size > 0;
  }

  /** Whether any field has a time of its own. */
  get haveTimeouts(): boolean {
    return [...this.#fields.values()].some(({ timeout }) => timeout !== undefined);
  }

  /** What is said of a field itself; of a field of an abstract type, what is said of any of its objects. */
  ownOf(subgraph: string, type: string, field: string): OwnPolicy | undefined {
    const names = [type, ...this.#types.interfacesOf(type), ...this.#types.possibleTypes(subgraph, type)];
    for (const name of names) {
      const coordinate = `${name}.${field}`;
      const policy = this.#fields.get(coordinate);
      if (policy) return { coordinate, policy };
    }
    return undefined;
  }

  /** Milliseconds. */
  timeoutOf(subgraph: string, type: string, field: string): number | undefined {
    const timeout = this.ownOf(subgraph, type, field)?.policy.timeout;
    return timeout === undefined ? undefined : milliseconds(timeout);
  }

  /** undefined where it is asked for whatever happens. */
  breakerOf(subgraph: string, type: string, field: string): BreakerTerms | undefined {
    if (this.#types.isNeeded(type, field)) return undefined;
    const own = this.ownOf(subgraph, type, field)?.policy.breaker;
    return breakerTerms(own ?? this.#subgraphBreaker(subgraph));
  }

  /** Whether any field of a subgraph may stop being asked for. */
  mayBreak(subgraph: string): boolean {
    const own = [...this.#fields.values()].some(({ breaker }) => breakerTerms(breaker) !== undefined);
    return own || breakerTerms(this.#subgraphBreaker(subgraph)) !== undefined;
  }

  #subgraphBreaker(subgraph: string): BreakerPolicy | 'never' | undefined {
    const { subgraphs } = this.#bff;
    if (subgraph === this.#views) return 'never';
    return { ...subgraphs?.every, ...subgraphs?.[subgraph] }.breaker;
  }
}
