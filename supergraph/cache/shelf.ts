// Owns a shelf: what is kept under the same terms, which is one selection of one type, or of one root field, in one subgraph.
import { LRUCache } from 'lru-cache';
import type { ResolvedRule } from './rules/resolved-rule.ts';

export interface Shelf {
  /** In this process; what stands on another shelf has another one. */
  readonly number: number;
  readonly subgraph: string;
  /** A type of entities, or a root field's coordinate. */
  readonly of: string;
  /** GraphQL text. */
  readonly selection: string;
  readonly rule: ResolvedRule;
  /** Tells shelves apart in all processes: of subgraph, selection, the types of all that is selected, and rule. */
  readonly hash: string;
  /** Names of variables that the selection uses. */
  readonly variables: readonly string[];
  /** What all on the shelf has. */
  readonly marks: readonly string[];
}

const mostShelves = 10_000;

/** Gives shelves their numbers: many operations have selections that are equal. */
export class ShelfRegister {
  readonly #shelves = new LRUCache<string, Shelf>({ max: mostShelves });
  #numbers = 0;

  of(shelf: Omit<Shelf, 'number'>): Shelf {
    const known = this.#shelves.get(shelf.hash);
    if (known) return known;
    const made = { number: this.#numbers++, ...shelf };
    this.#shelves.set(shelf.hash, made);
    return made;
  }
}
