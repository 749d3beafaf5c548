// Owns what is said when something has changed, and by which marks that is known: the protocol of subgraphs and routers.
import { isRecord } from '../foundation/is-record.ts';
import { didYouMean } from '../foundation/suggest.ts';

/*
 * Whoever changes something says so on the channel `tributary:changes`, as JSON:
 *
 *   { "keys": ["Product:p1"], "types": ["Category"], "tags": ["prices"], "fence": "x7Qk…" }
 *
 * - `keys`: entities, each as `Type:` and the value of its key. One that has several keys is said by each of them. A key of
 *   several fields is said by its values in the order of their names, with commas between, those of objects within too.
 * - `types`: all entities of a type; also a coordinate, `Query.products`.
 * - `tags`: all that has a tag, by a rule of a declaration or a `surrogate-key` of a subgraph's answer.
 * - `"all": true`: everything.
 *
 * Each may be left out. What has changed stands in Redis before it is said: under `tributary:fence:` and each mark, a text
 * that was never there before, for a day at least. What was read before the change carries the text that stood there then,
 * and is known by that to be old, whenever it is written. Who does so sends the text as `fence`; for whoever leaves it out the
 * routers that hear it do it.
 */

export interface Change {
  keys?: readonly string[];
  types?: readonly string[];
  tags?: readonly string[];
  all?: boolean;
  /** Stands in Redis already. */
  fence?: string;
}

/** Everything has this mark. */
export const everything = '*';

export const anyOf = (type: string): string => `${type}:*`;
export const tagMark = (tag: string): string => `#${tag}`;

/** By which things are known that the change is about: `Product:p1` is also a change of some product, `Product:*`. */
export function marksOf({ keys = [], types = [], tags = [], all = false }: Change): string[] {
  if (all) return [everything];
  const someOf = keys.map((key) => anyOf(key.slice(0, Math.max(0, key.indexOf(':')))));
  return [...new Set([...keys, ...someOf, ...types, ...tags.map(tagMark)])];
}

/** A change with just these marks. */
export function changeOf(marks: readonly string[]): Change {
  if (marks.includes(everything)) return { all: true };
  return {
    keys: marks.filter((mark) => !mark.startsWith('#') && mark.includes(':') && !mark.endsWith(':*')),
    types: marks.filter((mark) => !mark.startsWith('#') && (!mark.includes(':') || mark.endsWith(':*'))),
    tags: marks.filter((mark) => mark.startsWith('#')).map((mark) => mark.slice(1)),
  };
}

/** undefined for what is no message of this protocol. */
export function readChange(message: string): Change | undefined {
  const read = readMessage(message);
  return typeof read === 'string' ? undefined : read;
}

const members = ['keys', 'types', 'tags', 'all'] as const;

/** Or why it cannot be read, as the rest of a sentence; none of its values is repeated in it. */
export function readMessage(message: string): Change | string {
  let value: unknown;
  try {
    value = JSON.parse(message);
  } catch {
    return 'it is no JSON';
  }
  if (!isRecord(value)) return 'it is no JSON object';
  const { keys = [], types = [], tags = [], all = false, fence } = value;
  if (!isTexts(keys) || !isTexts(types) || !isTexts(tags)) {
    return '"keys", "types" and "tags" must be lists of texts';
  }
  if (typeof all !== 'boolean') return '"all" must be true or false';
  if (!members.some((name) => Object.hasOwn(value, name))) {
    const meant = Object.keys(value).map((name) => didYouMean(name, members));
    const [one] = meant.filter((suggestion) => suggestion !== '');
    return `it has none of "keys", "types", "tags" and "all"${one === undefined ? '' : `.${one}`}`;
  }
  return { keys, types, tags, all, ...(typeof fence === 'string' && { fence }) };
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
