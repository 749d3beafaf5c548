// Owns gathering the entities of a fetch from the data: each representation once, with all the objects it stands for.
import type { ContextVariable } from '../planner/plan.ts';
import { contextVariables } from './context-variables.ts';
import type { EntityList, Source } from './entity-list.ts';
import type { Execution } from './execution.ts';
import { Failure, type JsonObject } from './failure.ts';
import type { FetchShape } from './fetch-shape.ts';
import { failFields } from './merge-answer.ts';
import type { TypeNames } from './type-names.ts';

/** Recipients by the text of their representation. */
export type Batch = Map<string, Recipient[]>;

export interface Recipient {
  target: JsonObject;
  /** Fields that were not to be asked for it: what they need is not there. */
  without?: ReadonlyMap<string, Failure>;
  /** Where it was found: objects found at one place go the same way through the rest of the plan. */
  source: Source;
}

/** Objects for which nothing can be asked get their failures here. */
export function collectBatch(list: EntityList, execution: Execution, types: TypeNames): Batch {
  const batch: Batch = new Map();
  for (const source of list.sources) {
    for (const entity of source.targets(execution)) addTo(batch, entity, source, list.shape, types);
  }
  return batch;
}

/** Batches of entities that see the same values around them, by the JSON text of those variables. */
export function batchesByContext(
  { sources, shape }: EntityList,
  contexts: readonly ContextVariable[],
  data: JsonObject,
  types: TypeNames,
): Map<string, Batch> {
  const batches = new Map<string, Batch>();
  for (const source of sources) {
    source.find(data, (entity, _holder, _key, around) => {
      const text = contextVariables({ entity, around }, contexts, types);
      if (typeof text !== 'string') {
        failFields(entity, shape, text, types);
        return;
      }
      const batch = batches.get(text) ?? new Map();
      batches.set(text, batch);
      addTo(batch, entity, source, shape, types);
    });
  }
  return batches;
}

function addTo(batch: Batch, target: JsonObject, source: Source, shape: FetchShape, types: TypeNames): void {
  const written = source.write(target);
  if (written === undefined) return;
  if (written instanceof Failure) {
    failFields(target, shape, written, types);
    return;
  }
  const isWhole = typeof written === 'string';
  const text = isWhole ? written : written.text;
  const recipient: Recipient = isWhole ? { target, source } : { target, source, without: written.failures };
  if (recipient.without) {
    for (const [field, failure] of recipient.without) target[field] ??= failure;
    if ([...shape.keys()].every((field) => recipient.without?.has(field))) return;
  }
  const recipients = batch.get(text);
  if (recipients === undefined) batch.set(text, [recipient]);
  else recipients.push(recipient);
}
