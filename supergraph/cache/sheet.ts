// Owns the answer to one request while it is put together: what was kept stands in its places, and the rest is open.
import { GraphQLError } from 'graphql';
import type { RequestParts, SubgraphRequest } from '../transport/subgraph-client.ts';
import type { Audience } from './audience.ts';
import type { KeepableRequest } from './compile-request.ts';
import type { Kept } from './kept.ts';
import type { Fences } from './level-two.ts';
import type { Shelf } from './shelf.ts';

/** One entity or root field of a request. */
export interface Place {
  /** Of its list, or of the field, among those of the request. */
  readonly column: number;
  /** In its list; 0 for a field. */
  readonly row: number;
  /** The representation; empty for a field. */
  readonly text: string;
  /** undefined where nothing is kept. */
  readonly shelf: Shelf | undefined;
  /** In this process. */
  readonly key: string;
  /** What there is of it that is too old. */
  old: Kept | undefined;
  /** What stood at its marks before it was asked for, where replicas keep it together. */
  fences?: Fences;
}

const typeName = /^\{"__typename":"([_A-Za-z]\w*)"/;

export class Sheet {
  readonly #request: KeepableRequest;
  readonly #parts: RequestParts;
  readonly #audience: Audience;
  /** By list; for fields there is one column for each, with one value. */
  readonly #columns: unknown[][];
  readonly #prefixes = new Map<Shelf, string | undefined>();

  constructor(request: KeepableRequest, parts: RequestParts, audience: Audience) {
    this.#request = request;
    this.#parts = parts;
    this.#audience = audience;
    const { lists, fields } = request;
    this.#columns = [
      ...lists.map(({ variable }) => new Array<unknown>(this.#texts(variable).length).fill(null)),
      ...fields.map(() => [null]),
    ];
  }

  /** `take` puts in what is kept, or gives false; what it does not have is in the list that comes back. */
  lay(take: (key: string, shelf: Shelf, column: number, row: number) => boolean): Place[] {
    const open: Place[] = [];
    const { lists, fields } = this.#request;
    for (const [column, { variable, shelfOf }] of lists.entries()) {
      const texts = this.#texts(variable);
      let start = '';
      let shelf: Shelf | undefined;
      let prefix: string | undefined;
      for (let row = 0; row < texts.length; row++) {
        const text = texts[row] ?? '';
        if (start === '' || !text.startsWith(start)) {
          const [head = '', type] = typeName.exec(text) ?? [];
          start = head;
          shelf = type === undefined ? undefined : shelfOf(type);
          prefix = shelf && this.#prefix(shelf);
        }
        const key = prefix === undefined ? '' : prefix + text;
        if (shelf && prefix !== undefined && take(key, shelf, column, row)) continue;
        const held = prefix === undefined ? undefined : shelf;
        open.push({ column, row, text, shelf: held, key, old: undefined });
      }
    }
    for (const [index, { shelf }] of fields.entries()) {
      const column = lists.length + index;
      const key = shelf && this.#prefix(shelf);
      if (shelf && key !== undefined && take(key, shelf, column, 0)) continue;
      open.push({
        column,
        row: 0,
        text: '',
        shelf: key === undefined ? undefined : shelf,
        key: key ?? '',
        old: undefined,
      });
    }
    return open;
  }

  /** Whether it is about entities, and not about root fields. */
  get isOfEntities(): boolean {
    return this.#request.lists.length > 0;
  }

  /** The representation there; empty for a field. */
  textAt(column: number, row: number): string {
    const list = this.#request.lists[column];
    return (list && this.#texts(list.variable)[row]) ?? '';
  }

  put({ column, row }: Pick<Place, 'column' | 'row'>, value: unknown): void {
    const values = this.#columns[column];
    if (values) values[row] = value;
  }

  /** Where the place is in the answer. */
  pathOf({ column, row }: Place): (string | number)[] {
    const { lists, fields } = this.#request;
    const list = lists[column];
    return list ? [list.name, row] : [fields[column - lists.length]?.name ?? ''];
  }

  data(): Record<string, unknown> {
    const { lists, fields } = this.#request;
    const named = [...lists, ...fields].map(({ name }, column) => {
      const values = this.#columns[column] ?? [];
      return [name, column < lists.length ? values : values[0]] as const;
    });
    return Object.fromEntries(named);
  }

  /** A request for these places alone, of which those of one list stand in their order. */
  requestFor(places: readonly Place[], whole: SubgraphRequest): SubgraphRequest {
    const { lists, fields, variables, only } = this.#request;
    const valuesOf = (names: readonly string[]) =>
      names.flatMap((name) => {
        const value = this.#parts.values.get(name);
        return value === undefined ? [] : [`${JSON.stringify(name)}:${value}`];
      });
    if (lists.length === 0) {
      if (places.length === fields.length) {
        return { operation: whole.operation, variables: `{${valuesOf(variables).join()}}` };
      }
      const operation = only(places.map(({ column }) => column));
      const used = variables.filter((name) => isUsed(operation.document, name));
      return { operation, variables: `{${valuesOf(used).join()}}` };
    }
    const values = valuesOf(variables);
    const representations = lists.map(({ variable }, column) => {
      const texts = places.flatMap((place) => (place.column === column ? [place.text] : []));
      return `${JSON.stringify(variable)}:[${texts.join()}]`;
    });
    return { operation: whole.operation, variables: `{${[...representations, ...values].join()}}` };
  }

  /** All that tells a place from the others on its shelf, in all processes. */
  sharedKeyOf({ shelf, text }: Place): string {
    const audience = shelf && this.#audience.of(shelf.rule.scope);
    return shelf ? `${this.#valuesOf(shelf)}\0${audience}\0${text}` : '';
  }

  #texts(variable: string): readonly string[] {
    return this.#parts.representations.get(variable) ?? [];
  }

  /** undefined where nothing is kept for whoever asks. */
  #prefix(shelf: Shelf): string | undefined {
    if (this.#prefixes.has(shelf)) return this.#prefixes.get(shelf);
    const audience = this.#audience.of(shelf.rule.scope);
    const prefix =
      audience === undefined ? undefined : `${shelf.number}\0${this.#valuesOf(shelf)}\0${audience}\0`;
    this.#prefixes.set(shelf, prefix);
    return prefix;
  }

  // A variable that is left out says something else than null. JSON texts hold no such character.
  #valuesOf({ variables }: Shelf): string {
    return variables.map((name) => this.#parts.values.get(name) ?? '').join('\u0001');
  }
}

function isUsed(document: string, variable: string): boolean {
  return new RegExp(`\\$${variable}\\b`).test(document);
}

/** An error of ours at a place. */
export function errorAt(error: unknown, path: readonly (string | number)[]): GraphQLError {
  const { message, extensions } =
    error instanceof GraphQLError
      ? error
      : new GraphQLError('', { extensions: { code: 'INTERNAL_SERVER_ERROR' } });
  return new GraphQLError(message, { path, extensions });
}
