// Owns by which marks entities are known: their types' keys, and what an object says of them.
import { type DocumentNode, Kind, parse, type SelectionSetNode } from 'graphql';
import { isRecord } from '../foundation/is-record.ts';
import { stringArgument } from '../foundation/supergraph-facts.ts';

/** Of one key of a type, in the order of the names: `['id']`, or of a field within another `['organization', 'id']`. */
type KeyPaths = readonly (readonly string[])[];

/** A value is at its path, whatever a response calls it. */
export type ReadField = (path: readonly string[]) => unknown;

export class EntityKeys {
  readonly #keys = new Map<string, KeyPaths[]>();

  constructor({ definitions }: DocumentNode) {
    for (const definition of definitions) {
      const isType =
        definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.INTERFACE_TYPE_DEFINITION;
      if (!isType) continue;
      const keys = new Map<string, KeyPaths>();
      for (const directive of definition.directives ?? []) {
        const key = directive.name.value === 'join__type' ? stringArgument(directive, 'key') : undefined;
        if (key === undefined) continue;
        const paths = pathsIn(key);
        keys.set(JSON.stringify(paths), paths);
      }
      if (keys.size > 0) this.#keys.set(definition.name.value, [...keys.values()]);
    }
  }

  isEntity(type: string): boolean {
    return this.#keys.has(type);
  }

  /** One for each key that can be read; `isWhole` when that is each of the type's. */
  marks(type: string, read: ReadField): { marks: string[]; isWhole: boolean } {
    const keys = this.#keys.get(type) ?? [];
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
}

function isPresent(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function pathsIn(key: string): KeyPaths {
  const [definition] = parse(`{${key}}`, { noLocation: true }).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) return [];
  return leavesOf(definition.selectionSet).sort((one, other) => (one.join('.') < other.join('.') ? -1 : 1));
}

function leavesOf({ selections }: SelectionSetNode): string[][] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
    const inner = selection.selectionSet ? leavesOf(selection.selectionSet) : [[]];
    if (selection.kind === Kind.INLINE_FRAGMENT) return inner;
    return inner.map((path) => [selection.name.value, ...path]);
  });
}
