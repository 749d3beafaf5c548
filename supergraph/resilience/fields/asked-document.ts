// Owns following a subgraph's answer through the document that it answers: which field stands at which place of it.
import {
  type FieldNode,
  type InlineFragmentNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
} from 'graphql';
import { isRecord } from '../../foundation/is-record.ts';
import type { GraphTypes } from './graph-types.ts';

export type Path = readonly (string | number)[];

/** Selections with the fragments that they name written out. */
export interface PlainSet extends SelectionSetNode {
  readonly selections: readonly (PlainField | PlainFragment)[];
}

interface PlainField extends FieldNode {
  readonly selectionSet?: PlainSet;
}

interface PlainFragment extends InlineFragmentNode {
  readonly selectionSet: PlainSet;
}

/** A field as it is asked for. */
export interface AskedField {
  /** Its response name. */
  key: string;
  node: PlainField;
  /** The type whose it is, as the document says; empty for what is neither in the supergraph nor below a type condition. */
  type: string;
}

/** An object of the answer, with what was asked of it. */
interface Asked {
  set: PlainSet;
  type: string;
}

/** A field of an object of the answer, by its coordinates: that of the object, and that by which the document asks for it. */
export interface Visited {
  coordinate: string;
  askedAs: string;
}

/** `value` is undefined where the answer has none. */
type Visit = (field: Visited, path: Path, value: unknown) => boolean;

/** A field that an error speaks of. */
export interface Located {
  coordinate: string;
  /** The path that ends with the field, as a text. */
  place: string;
  /** Whether the answer has the place: where null went up there is none. */
  isThere: boolean;
}

/** Names the type of an object of whose fields none is left, for whoever looks for its type. */
export const typeMark = '_left';

export class AskedDocument {
  readonly definition: OperationDefinitionNode;
  readonly root: PlainSet;
  readonly subgraph: string;
  readonly types: GraphTypes;
  /** All that it may ask for, by the objects that the subgraph may answer. */
  readonly coordinates: ReadonlySet<string>;

  /** Throws for a text that is no operation. */
  constructor(text: string, subgraph: string, types: GraphTypes) {
    const document = parse(text, { noLocation: true });
    const fragments = new Map<string, SelectionSetNode & { on: string }>();
    let definition: OperationDefinitionNode | undefined;
    for (const one of document.definitions) {
      if (one.kind === Kind.OPERATION_DEFINITION) definition ??= one;
      else if (one.kind === Kind.FRAGMENT_DEFINITION) {
        fragments.set(one.name.value, { ...one.selectionSet, on: one.typeCondition.name.value });
      }
    }
    if (definition === undefined) throw new Error('There is no operation in the document.');
    this.definition = definition;
    this.root = plain(definition.selectionSet, fragments);
    this.subgraph = subgraph;
    this.types = types;
    const coordinates = new Set<string>();
    this.#collect({ set: this.root, type: types.queryType }, coordinates);
    this.coordinates = coordinates;
  }

  /** The fields at the top: of the entities where it asks for such, else of the root. */
  topFields(): AskedField[] {
    const fields = this.#fieldsOf({ set: this.root, type: this.types.queryType }, undefined);
    return fields.flatMap((field) => {
      const { node } = field;
      if (!isOfEntities(node)) return [field];
      return node.selectionSet ? this.#fieldsOf({ set: node.selectionSet, type: '' }, undefined) : [];
    });
  }

  /** Of the object's own type, where that is told, else as the document says. */
  coordinate({ type, node }: Pick<AskedField, 'type' | 'node'>, object?: unknown): string {
    const name = isRecord(object) ? this.#typeOf(object) : undefined;
    return `${name ?? type}.${node.name.value}`;
  }

  /** undefined for a path that leads to no field: nowhere, or to an entity as a whole. */
  locate(path: readonly unknown[], data: unknown): Located | undefined {
    let asked: Asked[] = [{ set: this.root, type: this.types.queryType }];
    let at: unknown = data;
    let found: Located | undefined;
    for (const [depth, step] of path.entries()) {
      if (typeof step === 'number') {
        at = Array.isArray(at) ? at[step] : undefined;
        continue;
      }
      const fields = asked
        .flatMap((one) => this.#fieldsOf(one, isRecord(at) ? at : undefined))
        .filter(({ key }) => key === step);
      const [field] = fields;
      if (field === undefined || typeof step !== 'string') return undefined;
      const isThere = isRecord(at) && at[step] !== undefined;
      const place = path.slice(0, depth + 1).join('\n');
      const coordinate = this.coordinate(field, at);
      found = isOfEntities(field.node) ? undefined : { coordinate, place, isThere };
      asked = fields.flatMap((one) => this.#below(one));
      at = isRecord(at) ? at[step] : undefined;
    }
    return found;
  }

  /** Visits each field of each object that is there; what `visit` gives false for is not looked into. */
  visit(data: Record<string, unknown>, visit: Visit): void {
    this.#visit(data, [{ set: this.root, type: this.types.queryType }], [], visit);
  }

  #visit(at: unknown, asked: readonly Asked[], path: (string | number)[], visit: Visit): void {
    if (Array.isArray(at)) {
      for (const [index, item] of at.entries()) {
        path.push(index);
        this.#visit(item, asked, path, visit);
        path.pop();
      }
      return;
    }
    if (!isRecord(at)) return;
    const below = new Map<string, Asked[]>();
    const isEntered = new Map<string, boolean>();
    for (const one of asked) {
      for (const field of this.#fieldsOf(one, at)) {
        const { key } = field;
        if (!isEntered.has(key)) {
          path.push(key);
          isEntered.set(key, isOfEntities(field.node) || visit(this.#visited(field, at), path, at[key]));
          path.pop();
        }
        if (isEntered.get(key)) below.set(key, [...(below.get(key) ?? []), ...this.#below(field)]);
      }
    }
    for (const [key, inner] of below) {
      if (inner.length === 0) continue;
      path.push(key);
      this.#visit(at[key], inner, path, visit);
      path.pop();
    }
  }

  #visited(field: AskedField, object: Readonly<Record<string, unknown>>): Visited {
    return { coordinate: this.coordinate(field, object), askedAs: this.coordinate(field) };
  }

  /** What is asked of an object, or could be asked of one whose type nobody knows. */
  #fieldsOf({ set, type }: Asked, object: Readonly<Record<string, unknown>> | undefined): AskedField[] {
    const name = object && this.#typeOf(object);
    return set.selections.flatMap((selection): AskedField[] => {
      if (selection.kind === Kind.FIELD) {
        return [{ key: (selection.alias ?? selection.name).value, node: selection, type }];
      }
      const condition = selection.typeCondition?.name.value ?? type;
      if (name !== undefined && !this.#fits(name, condition)) return [];
      return this.#fieldsOf({ set: selection.selectionSet, type: condition }, object);
    });
  }

  #below(field: AskedField): Asked[] {
    const set = field.node.selectionSet;
    return set ? [{ set, type: this.typeBelow(field) }] : [];
  }

  typeBelow({ type, node }: Pick<AskedField, 'type' | 'node'>): string {
    return isOfEntities(node) ? '' : (this.types.fieldType(type, node.name.value) ?? '');
  }

  #typeOf(object: Readonly<Record<string, unknown>>): string | undefined {
    const name = object['__typename'] ?? object[typeMark];
    // A subgraph may say of its objects what it likes.
    return typeof name === 'string' && this.types.isAnswered(this.subgraph, name) ? name : undefined;
  }

  #fits(name: string, condition: string): boolean {
    if (condition === '' || name === condition) return true;
    if (this.types.interfacesOf(name).includes(condition)) return true;
    return this.types.possibleTypes(this.subgraph, condition).includes(name);
  }

  #collect(asked: Asked, coordinates: Set<string>): void {
    for (const field of this.#fieldsOf(asked, undefined)) {
      const { type, node } = field;
      const name = node.name.value;
      if (name !== '__typename' && !isOfEntities(node)) {
        for (const one of [type, ...this.types.possibleTypes(this.subgraph, type)]) {
          coordinates.add(`${one}.${name}`);
        }
      }
      for (const one of this.#below(field)) this.#collect(one, coordinates);
    }
  }
}

export function isOfEntities({ name }: FieldNode): boolean {
  return name.value === '_entities';
}

function plain(
  { selections }: SelectionSetNode,
  fragments: ReadonlyMap<string, SelectionSetNode & { on: string }>,
): PlainSet {
  return {
    kind: Kind.SELECTION_SET,
    selections: selections.flatMap((selection): (PlainField | PlainFragment)[] => {
      if (selection.kind === Kind.FIELD) {
        const { selectionSet, ...leaf } = selection;
        return [selectionSet ? { ...leaf, selectionSet: plain(selectionSet, fragments) } : leaf];
      }
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        return [{ ...selection, selectionSet: plain(selection.selectionSet, fragments) }];
      }
      const fragment = fragments.get(selection.name.value);
      return fragment ? [on(fragment.on, plain(fragment, fragments), selection.directives)] : [];
    }),
  };
}

/** Selections for objects of one type. */
export function on(
  type: string,
  selectionSet: PlainSet,
  directives: InlineFragmentNode['directives'] = [],
): PlainFragment {
  return {
    kind: Kind.INLINE_FRAGMENT,
    typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: type } },
    directives,
    selectionSet,
  };
}
