// Owns a document without some of its fields: what is asked then, and which places of the answer are empty because of it.
import {
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  print,
  type SelectionSetNode,
  stripIgnoredCharacters,
  visit,
} from 'graphql';
import {
  type RequestParts,
  type SubgraphOperation,
  type SubgraphRequest,
  subgraphOperation,
} from '../../transport/subgraph-client.ts';
import {
  type AskedDocument,
  isOfEntities,
  on,
  type Path,
  type PlainSet,
  typeMark,
} from './asked-document.ts';

type PlainSelection = PlainSet['selections'][number];

export class DocumentVariant {
  /** undefined where nothing is left to ask for. */
  readonly operation: SubgraphOperation | undefined;
  readonly #asked: AskedDocument;
  readonly #without: ReadonlySet<string>;
  /** Response names of what is not asked for at all. */
  readonly #gone: readonly string[];
  /** Names of variables that are not used any more. */
  readonly #unused: ReadonlySet<string>;

  /** `without` are coordinates. */
  constructor(asked: AskedDocument, without: ReadonlySet<string>) {
    this.#asked = asked;
    this.#without = without;
    const { definition, root, types } = asked;
    const left: PlainSelection[] = [];
    const gone: string[] = [];
    for (const selection of root.selections) {
      const kept = this.#left(selection, types.queryType);
      const isNothing = kept.every(
        (one) => one.kind === Kind.FIELD && isOfEntities(one) && this.#saysNothing(one, ''),
      );
      if (!isNothing || kept.some((one) => one === selection)) left.push(...kept);
      else if (selection.kind === Kind.FIELD) gone.push((selection.alias ?? selection.name).value);
    }
    this.#gone = gone;
    const asks = left.some((one) => one.kind !== Kind.FIELD || one.name.value !== '__typename');
    const variables = definition.variableDefinitions ?? [];
    const selectionSet: PlainSet = { ...root, selections: left };
    const used = variablesIn(selectionSet);
    this.#unused = new Set(variables.map(nameOf).filter((name) => !used.has(name)));
    const kept = {
      ...definition,
      selectionSet,
      variableDefinitions: variables.filter((one) => used.has(nameOf(one))),
    };
    this.operation = asks ? subgraphOperation('query', stripIgnoredCharacters(print(kept))) : undefined;
  }

  /** Of a request for the whole document. */
  request({ variables, parts }: SubgraphRequest, operation: SubgraphOperation): SubgraphRequest {
    const unused = this.#unused;
    // What was left unread could not be added to.
    return {
      operation,
      variables: unused.size === 0 ? variables : withoutKeys(variables, unused),
      ...(parts && { parts: partsWithout(parts, unused) }),
    };
  }

  /** Where the answer, of which nothing may be frozen, holds nothing because it was not asked for. */
  places(data: Record<string, unknown>): Path[] {
    const places: Path[] = [];
    for (const key of this.#gone) {
      data[key] = null;
      places.push([key]);
    }
    this.#asked.visit(data, ({ coordinate, askedAs }, path) => {
      if (!this.#without.has(coordinate) && !this.#without.has(askedAs)) return true;
      if (path.length > 1 || !this.#gone.includes(String(path[0]))) places.push([...path]);
      return false;
    });
    return places;
  }

  #left(selection: PlainSelection, type: string): PlainSelection[] {
    const { types, subgraph } = this.#asked;
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const selectionSet = this.#within(selection.selectionSet, selection.typeCondition?.name.value ?? type);
      return [selectionSet === selection.selectionSet ? selection : { ...selection, selectionSet }];
    }
    const name = selection.name.value;
    if (name === '__typename') return [selection];
    if (this.#without.has(`${type}.${name}`)) return [];
    const objects = types.possibleTypes(subgraph, type);
    const still = objects.filter((object) => !this.#without.has(`${object}.${name}`));
    if (objects.length > 0 && still.length === 0) return [markedType];
    const set = selection.selectionSet;
    const inner = set && this.#within(set, this.#asked.typeBelow({ type, node: selection }));
    const kept = inner === set || inner === undefined ? selection : { ...selection, selectionSet: inner };
    if (still.length === objects.length) return [kept];
    const forOthers = { kind: Kind.SELECTION_SET, selections: [kept] } as const;
    return [markedType, ...still.map((object) => on(object, forOthers))];
  }

  /** Whether nothing is asked of the entities but what they are, and that is known. */
  #saysNothing({ selectionSet }: { selectionSet?: PlainSet }, type: string): boolean {
    return (selectionSet?.selections ?? []).every((one) => {
      if (one.kind === Kind.INLINE_FRAGMENT) {
        return this.#saysNothing(one, one.typeCondition?.name.value ?? type);
      }
      // Of an interface somebody wants to know which of its objects each is.
      const isKnown = type === '' || this.#asked.types.isObject(type) || one === markedType;
      return one.name.value === '__typename' && isKnown;
    });
  }

  #within(set: PlainSet, type: string): PlainSet {
    const selections = set.selections.flatMap((selection) => this.#left(selection, type));
    if (selections.length === 0) return { ...set, selections: [markedType] };
    const isWhole =
      selections.length === set.selections.length &&
      selections.every((one, index) => one === set.selections[index]);
    return isWhole ? set : { ...set, selections };
  }
}

const markedType: FieldNode & { selectionSet?: never } = {
  kind: Kind.FIELD,
  alias: { kind: Kind.NAME, value: typeMark },
  name: { kind: Kind.NAME, value: '__typename' },
};

function variablesIn(set: SelectionSetNode): Set<string> {
  const names = new Set<string>();
  visit(set, { Variable: ({ name }) => void names.add(name.value) });
  return names;
}

function nameOf({ variable }: NonNullable<OperationDefinitionNode['variableDefinitions']>[number]): string {
  return variable.name.value;
}

function withoutKeys(variables: string, names: ReadonlySet<string>): string {
  const all = Object.entries(JSON.parse(variables) as Record<string, unknown>);
  return JSON.stringify(Object.fromEntries(all.filter(([name]) => !names.has(name))));
}

function partsWithout({ representations, values }: RequestParts, names: ReadonlySet<string>): RequestParts {
  return {
    representations: new Map([...representations].filter(([name]) => !names.has(name))),
    values: new Map([...values].filter(([name]) => !names.has(name))),
  };
}
