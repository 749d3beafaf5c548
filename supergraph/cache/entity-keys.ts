// Owns by which marks entities are known: their types' keys, and what an object says of them.
import { Kind, type SelectionSetNode } from 'graphql';
import { isRecord } from '../foundation/is-record.ts';
import type { SchemaFacts } from './rules/schema-facts.ts';

/** Of one key of a type, in the order of the names: `['id']`, or of a field within another `['organization', 'id']`. */
type KeyPaths = readonly (readonly string[])[];

/** A value is at its path, whatever a response calls it. */
export type ReadField = (path: readonly string[]) => unknown;

export class EntityKeys {
  readonly #facts: SchemaFacts;
  readonly #known = new Map<string, KeyPaths[]>();

  constructor(facts: SchemaFacts) {
    this.#facts = facts;
  }

  /** One for each key that can be read; `isWhole` when that is each of the type's. */
  marks(type: string, read: ReadField): { marks: string[]; isWhole: boolean } {
    const keys = this.#keysOf(type);
    const marks = keys.flatMap((paths) => {
      const values = paths.map(read);
      return values.every(isPresent) ? [`${type}:${values.map(String).join()}`] : [];
    });
    return { marks: [...new Set(marks)], isWhole: marks.length === keys.length };
  }

  /** Of a representation, as JSON text. */
  marksOfRepresentation(type: string, text: string): string[] {
    const representation: unknown = JSON.parse(text);
    return this.marks(type, (path) => {
      let value: unknown = representation;
      for (const name of path) value = isRecord(value) ? value[name] : undefined;
      return value;
    }).marks;
  }

  #keysOf(type: string): KeyPaths[] {
    let keys = this.#known.get(type);
    if (keys === undefined) {
      const distinct = new Map(
        this.#facts.keysOf(type).map((key) => {
          const paths = leavesOf(key).sort((one, other) => (one.join('.') < other.join('.') ? -1 : 1));
          return [JSON.stringify(paths), paths];
        }),
      );
      keys = [...distinct.values()];
      this.#known.set(type, keys);
    }
    return keys;
  }
}

function isPresent(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function leavesOf({ selections }: SelectionSetNode): string[][] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
    const inner = selection.selectionSet ? leavesOf(selection.selectionSet) : [[]];
    if (selection.kind === Kind.INLINE_FRAGMENT) return inner;
    return inner.map((path) => [selection.name.value, ...path]);
  });
}
