// Owns the JSON text of a representation: an entity as a subgraph is told about it, from what the data holds.
import type { RequiredSelection, Rewrite } from '../planner/plan.ts';
import { Failure, isObject, type JsonObject } from './failure.ts';
import { typeCondition } from './rewrite-answer.ts';
import type { TypeNames } from './type-names.ts';

/**
 * JSON text; a Failure when something that the representation needs is not there; undefined for an object that the
 * plan does not ask for, because of its type.
 */
export type WriteRepresentation = (entity: JsonObject) => string | Failure | undefined;

/** How one key of a representation comes about. Children are there for composite fields. */
interface Part {
  key: string;
  from: string;
  constant?: string;
  children?: ObjectPlan;
}

interface ObjectPlan {
  selections: RequiredSelection[];
  rewrites: Rewrite[];
  byType: Map<unknown, Part[]>;
}

export function compileRepresentation(
  requires: RequiredSelection[],
  rewrites: Rewrite[] | undefined,
  types: TypeNames,
): WriteRepresentation {
  const plan: ObjectPlan = { selections: requires, rewrites: rewrites ?? [], byType: new Map() };
  return (entity) => {
    const parts = partsFor(plan, entity['__typename'], types);
    return parts.some(({ key }) => key === '__typename') ? writeObject(entity, parts, types) : undefined;
  };
}

function partsFor(plan: ObjectPlan, typeName: unknown, types: TypeNames): Part[] {
  let parts = plan.byType.get(typeName);
  if (parts === undefined) {
    parts = rewritten(collectParts(plan.selections, typeName, types), plan.rewrites, typeName, types);
    plan.byType.set(typeName, parts);
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
  if (selections === undefined) return { key, from };
  return { key, from, children: { selections: [...selections], rewrites: [], byType: new Map() } };
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
      const constant = { key: step, from: step, constant: JSON.stringify(rewrite.value) };
      result = [...result.filter((other) => other !== part), constant];
    } else if (part) {
      result = result.map((other) => (other === part ? { ...part, key: rewrite.to } : other));
    }
  }
  return result;
}

function writeObject(object: JsonObject, parts: Part[], types: TypeNames): string | Failure {
  let text = '';
  for (const { key, from, constant, children } of parts) {
    const value = constant ?? writeValue(object[from], children, types);
    if (typeof value !== 'string') return value;
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${value}`;
  }
  return `{${text}}`;
}

function writeValue(value: unknown, children: ObjectPlan | undefined, types: TypeNames): string | Failure {
  if (value instanceof Failure) return value;
  // A field named like a method of every object, and not in the data, reads as that method.
  if (value === undefined || typeof value === 'function') return Failure.withCode('SUBGRAPH_VALUE_MISSING');
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
  if (!isObject(value)) return Failure.withCode('SUBGRAPH_MALFORMED');
  return writeObject(value, partsFor(children, value['__typename'], types), types);
}
