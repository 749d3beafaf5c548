// Owns gathering the entities of a fetch from the data: each representation once, with all the objects it stands for.
import type { ContextVariable } from '../planner/plan.ts';
import { contextVariables } from './context-variables.ts';
import type { EntityList, Source } from './entity-list.ts';
import type { Execution } from './execution.ts';
import { Failure, type JsonObject } from './failure.ts';
import { failFields } from './merge-answer.ts';
import type { TypeNames } from './type-names.ts';

/** One representation. */
export interface BatchEntry {
  text: string;
  recipients: Recipient[];
}

export interface Recipient {
  target: JsonObject;
  /** Where it was found: objects found at one place go the same way through the rest of the plan. */
  source: Source;
  /** Fields that were not to be asked for it: what they need is not there. */
  without: ReadonlyMap<string, Failure> | undefined;
}

export class Batch {
  /** In the order in which the subgraph is asked for them. */
  readonly entries: BatchEntry[] = [];
  private readonly byText = new Map<string, BatchEntry>();
  /** Those with one field beside the type, by form and value: their texts need not be written to be compared. */
  private readonly bySoleField = new Map<string, Map<string, BatchEntry>>();
  private readonly list: EntityList;
  private readonly types: TypeNames;

  constructor(list: EntityList, types: TypeNames) {
    this.list = list;
    this.types = types;
  }

  /** An object for which nothing can be asked gets its failures here. */
  add(target: JsonObject, source: Source): void {
    const sole = source.representations.soleField(target);
    const value = sole && target[sole.from];
    if (sole === undefined || typeof value !== 'string') {
      this.addWritten(target, source);
      return;
    }
    let alike = this.bySoleField.get(sole.form);
    if (alike === undefined) {
      alike = new Map();
      this.bySoleField.set(sole.form, alike);
    }
    const entry = alike.get(value);
    if (entry) {
      entry.recipients.push({ target, source, without: undefined });
      return;
    }
    const added = this.addWritten(target, source);
    if (added) alike.set(value, added);
  }

  private addWritten(target: JsonObject, source: Source): BatchEntry | undefined {
    const written = source.representations.write(target);
    if (written === undefined) return undefined;
    if (written instanceof Failure) {
      failFields(target, this.list.shape, written, this.types);
      return undefined;
    }
    const isWhole = typeof written === 'string';
    const text = isWhole ? written : written.text;
    const without = isWhole ? undefined : written.failures;
    if (without) {
      for (const [field, failure] of without) target[field] ??= failure;
      if ([...this.list.shape.keys()].every((field) => without.has(field))) return undefined;
    }
    let entry = this.byText.get(text);
    if (entry === undefined) {
      entry = { text, recipients: [] };
      this.byText.set(text, entry);
      this.entries.push(entry);
    }
    entry.recipients.push({ target, source, without });
    return entry;
  }
}

export function collectBatch(list: EntityList, execution: Execution, types: TypeNames): Batch {
  const batch = new Batch(list, types);
  for (const source of list.sources) {
    for (const entity of source.targets(execution)) batch.add(entity, source);
  }
  return batch;
}

/** Batches of entities that see the same values around them, by the JSON text of those variables. */
export function batchesByContext(
  list: EntityList,
  contexts: readonly ContextVariable[],
  data: JsonObject,
  types: TypeNames,
): Map<string, Batch> {
  const batches = new Map<string, Batch>();
  for (const source of list.sources) {
    source.find(data, (entity, _holder, _key, around) => {
      const text = contextVariables({ entity, around }, contexts, types);
      if (typeof text !== 'string') {
        failFields(entity, list.shape, text, types);
        return;
      }
      const batch = batches.get(text) ?? new Batch(list, types);
      batches.set(text, batch);
      batch.add(entity, source);
    });
  }
  return batches;
}
