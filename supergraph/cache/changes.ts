// Owns what is said when something has changed, and by which marks that is known: the protocol of subgraphs and routers.
import { isRecord } from '../foundation/is-record.ts';

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

/** undefined for what is no message of this protocol. */
export function readChange(message: string): Change | undefined {
  let value: unknown;
  try {
    value = JSON.parse(message);
  } catch {
    return undefined;
  }
  if (!isRecord(value)) return undefined;
  const { keys = [], types = [], tags = [], all = false, fence } = value;
  if (!isTexts(keys) || !isTexts(types) || !isTexts(tags) || typeof all !== 'boolean') return undefined;
  return { keys, types, tags, all, ...(typeof fence === 'string' && { fence }) };
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
