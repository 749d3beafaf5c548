// Owns how a change is said: which entities changed, by each of their keys, in the words that routers read.

/** Of a key of several fields, the value of each. */
export type KeyValue = string | number | boolean | null | { readonly [field: string]: KeyValue };

/** By type: the values of all keys by which its entities are known, `{ Product: ['p1', 'TEA-1'], User: 'u1' }`. */
export type ChangedEntities = Readonly<Record<string, KeyValue | readonly KeyValue[]>>;

export interface Change {
  /** `Product:p1` */
  keys: readonly string[];
  /** All entities of each. */
  types: readonly string[];
}

export const noChange: Change = { keys: [], types: [] };

/** With more, it is said of whole types. */
const mostKeys = 1000;

export function changeOf(entities: ChangedEntities): Change {
  const keys = Object.entries(entities).flatMap(([type, values]) =>
    (isList(values) ? values : [values]).map((value) => `${type}:${textOf(value)}`),
  );
  return bounded([...new Set(keys)], []);
}

export function bothOf(one: Change, other: Change): Change {
  const types = [...new Set([...one.types, ...other.types])];
  return bounded([...new Set([...one.keys, ...other.keys])], types);
}

export function isEmpty({ keys, types }: Change): boolean {
  return keys.length === 0 && types.length === 0;
}

/** By which routers know what the change is about: a product that changed is also a change of some product. */
export function marksOf({ keys, types }: Change): string[] {
  return [...new Set([...keys, ...keys.map((key) => someOf(typeOf(key))), ...types])];
}

/** `fence`: the text that stands in Redis already, under each of the marks. */
export function messageOf({ keys, types }: Change, fence?: string): string {
  return JSON.stringify({ keys, types, fence });
}

function bounded(all: string[], types: string[]): Change {
  const keys = all.filter((key) => !types.includes(typeOf(key)));
  if (keys.length <= mostKeys) return { keys, types };
  const whole = keys.map(typeOf).flatMap((type) => [type, someOf(type)]);
  return { keys: [], types: [...new Set([...types, ...whole])] };
}

const typeOf = (key: string): string => key.slice(0, key.indexOf(':'));
const someOf = (type: string): string => `${type}:*`;

/** Values in the order of their fields' names, with commas between, whatever lies within whatever. */
function textOf(value: KeyValue): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const fields = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return fields.map(([, inner]) => textOf(inner)).join(',');
}

function isList(values: KeyValue | readonly KeyValue[]): values is readonly KeyValue[] {
  return Array.isArray(values);
}
