// Owns the JSON text of a representation: an entity as a subgraph is told about it, from what the data holds.
import type { FetchNode, RequiredSelection, Rewrite } from '../planner/plan.ts';
import { Failure, isObject, type JsonObject, malformed, missing } from './failure.ts';
import { typeCondition } from './rewrite-answer.ts';
import type { TypeNames } from './type-names.ts';

/** Of an entity for which some fields cannot be asked: what they need is not there. */
export class PartialRepresentation {
  readonly text: string;
  /** By the response name of the field. */
  readonly failures: ReadonlyMap<string, Failure>;

  constructor(text: string, failures: ReadonlyMap<string, Failure>) {
    this.text = text;
    this.failures = failures;
  }
}

/** Of which is remembered what their representations are made of. */
const mostTypes = 1_000;

/** How one key of a representation comes about. Children are there for composite fields. */
interface Part {
  key: string;
  /** The key as JSON text, with its colon. */
  start: string;
  from: string;
  constant?: string;
  children?: ObjectPlan;
}

interface ObjectPlan {
  selections: RequiredSelection[];
  rewrites: Rewrite[];
  byType: Map<unknown, Part[]>;
}

/** The one field that a representation has beside its type: what it holds says all. */
export interface SoleField {
  /** The same for representations of equal form. */
  form: string;
  /** Where the data holds it. */
  from: string;
}

/** How entities are told to a subgraph by one fetch. */
export class Representations {
  private readonly plan: ObjectPlan;
  private readonly neededBy: ReadonlyMap<string, readonly string[]>;
  private readonly types: TypeNames;
  private readonly soleFields = new Map<unknown, SoleField | undefined>();

  constructor({ requires = [], inputRewrites = [], neededBy = {} }: FetchNode, types: TypeNames) {
    this.plan = { selections: requires, rewrites: inputRewrites, byType: new Map() };
    this.neededBy = new Map(Object.entries(neededBy));
    this.types = types;
  }

  /**
   * JSON text; a Failure when something that every field needs is not there; undefined for an object that the plan does
   * not ask for, because of its type.
   */
  write(entity: JsonObject): string | PartialRepresentation | Failure | undefined {
    const parts = partsFor(this.plan, entity['__typename'], this.types);
    // Without a key it is of a type that the plan does not ask for here.
    if (!parts.some(({ key }) => key !== '__typename' && !this.neededBy.has(key))) return undefined;
    const text = writeObject(entity, parts, this.types);
    return typeof text === 'string' ? text : writeWhatIsThere(entity, parts, this.neededBy, this.types);
  }

  /** Of representations that equal each other exactly when this field does and is a text; it is quicker to compare. */
  soleField(entity: JsonObject): SoleField | undefined {
    const type = entity['__typename'];
    let sole = this.soleFields.get(type);
    if (sole === undefined && !this.soleFields.has(type)) {
      sole = soleFieldOf(partsFor(this.plan, type, this.types), type);
      if (this.soleFields.size < mostTypes) this.soleFields.set(type, sole);
    }
    return sole;
  }
}

function soleFieldOf([type, field, ...others]: readonly Part[], typeName: unknown): SoleField | undefined {
  if (type?.key !== '__typename' || field === undefined || others.length > 0) return undefined;
  if (field.constant !== undefined || field.children || typeof typeName !== 'string') return undefined;
  return { form: `${type.constant ?? typeName} ${field.key}`, from: field.from };
}

function writeWhatIsThere(
  entity: JsonObject,
  parts: readonly Part[],
  neededBy: ReadonlyMap<string, readonly string[]>,
  types: TypeNames,
): PartialRepresentation | Failure {
  const failures = new Map<string, Failure>();
  const there = parts.filter((part) => {
    const fields = neededBy.get(part.key);
    if (fields === undefined) return true;
    const written = writeObject(entity, [part], types);
    if (typeof written === 'string') return true;
    for (const field of fields) failures.set(field, written);
    return false;
  });
  const text = writeObject(entity, there, types);
  return typeof text === 'string' ? new PartialRepresentation(text, failures) : text;
}

function partsFor(plan: ObjectPlan, typeName: unknown, types: TypeNames): Part[] {
  let parts = plan.byType.get(typeName);
  if (parts === undefined) {
    parts = collectParts(plan.selections, typeName, types);
    // Of an object that nothing is required of, rewrites would make a representation without a key.
    if (parts.length > 0) parts = rewritten(parts, plan.rewrites, typeName, types);
    // A subgraph may say of its objects what it likes.
    if (plan.byType.size < mostTypes) plan.byType.set(typeName, parts);
  }
  return parts;
}

function collectParts(selections: RequiredSelection[], typeName: unknown, types: TypeNames): Part[] {
  const parts = new Map<string, Part>();
  const add = (given: RequiredSelection[]): void => {
    for (const selection of given) {
      if (selection.kind === 'fragment') {
        const applies = typeof typeName === 'string' && types.matches(typeName, selection.typeCondition);
        if (applies) add(selection.selections);
        continue;
      }
      const key = selection.as ?? selection.name;
      const known = parts.get(key)?.children;
      if (known && selection.selections) known.selections.push(...selection.selections);
      else if (!known) parts.set(key, partOf(key, selection.name, selection.selections));
    }
  };
  add(selections);
  return [...parts.values()];
}

function partOf(key: string, from: string, selections: RequiredSelection[] | undefined): Part {
  const start = startOf(key);
  if (selections === undefined) return { key, start, from };
  return { key, start, from, children: { selections: [...selections], rewrites: [], byType: new Map() } };
}

function startOf(key: string): string {
  return `${JSON.stringify(key)}:`;
}

function rewritten(parts: Part[], rewrites: Rewrite[], typeName: unknown, types: TypeNames): Part[] {
  let result = parts;
  for (const rewrite of rewrites) {
    const [step, ...rest] = rewrite.path;
    if (step === undefined) continue;
    const condition = typeCondition(step);
    if (condition !== undefined) {
      const applies = typeof typeName !== 'string' || types.matches(typeName, condition);
      if (applies) result = rewritten(result, [{ ...rewrite, path: rest }], typeName, types);
      continue;
    }
    const part = result.find(({ key }) => key === step);
    if (rest.length > 0) {
      part?.children?.rewrites.push({ ...rewrite, path: rest });
    } else if (rewrite.kind === 'set') {
      const constant = {
        key: step,
        start: startOf(step),
        from: step,
        constant: JSON.stringify(rewrite.value),
      };
      result = [...result.filter((other) => other !== part), constant];
    } else if (part) {
      result = result.map((other) =>
        other === part ? { ...part, key: rewrite.to, start: startOf(rewrite.to) } : other,
      );
    }
  }
  return result;
}

function writeObject(object: JsonObject, parts: readonly Part[], types: TypeNames): string | Failure {
  let text = '{';
  for (const { start, from, constant, children } of parts) {
    const value = constant ?? writeValue(object[from], children, types);
    if (typeof value !== 'string') return value;
    if (text.length > 1) text += ',';
    text += start + value;
  }
  return `${text}}`;
}

function writeValue(value: unknown, children: ObjectPlan | undefined, types: TypeNames): string | Failure {
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof Failure) return value;
  // A field named like a method of every object, and not in the data, reads as that method.
  if (value === undefined || typeof value === 'function') return missing;
  if (children === undefined || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) {
    let text = '';
    for (const item of value) {
      const written = writeValue(item, children, types);
      if (typeof written !== 'string') return written;
      text += `${text === '' ? '' : ','}${written}`;
    }
    return `[${text}]`;
  }
  if (!isObject(value)) return malformed;
  return writeObject(value, partsFor(children, value['__typename'], types), types);
}
