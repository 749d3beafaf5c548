// Owns finding everything that is wrong with declared documents, in words that say how to put it right.
import { isRecord } from '../foundation/is-record.ts';
import { unknownKeys } from './check-keys.ts';

const mostInBatch = 100;

/** All problems, each a sentence. */
export function checkDocuments(documents: unknown): string[] {
  if (documents === undefined) return [];
  const problems = unknownKeys(documents, ['folder', 'unregistered', 'automatic', 'batch'], 'documents.');
  if (!isRecord(documents)) return problems;
  const { folder, unregistered, automatic, batch } = documents;
  if (typeof folder !== 'string' || folder === '') {
    problems.push('documents.folder: must name a folder beside the declaration.');
  }
  if (unregistered !== 'allow' && unregistered !== 'reject') {
    problems.push(
      `documents.unregistered: must be 'allow' or 'reject', but is ${JSON.stringify(unregistered)}.`,
    );
  }
  if (automatic !== undefined && typeof automatic !== 'boolean') {
    problems.push(`documents.automatic: must be true or false, but is ${JSON.stringify(automatic)}.`);
  }
  if (automatic === true && unregistered === 'reject') {
    problems.push(
      "documents.automatic: clients could register what they like, and unregistered is 'reject'.",
    );
  }
  if (
    batch !== undefined &&
    !(Number.isInteger(batch) && Number(batch) >= 1 && Number(batch) <= mostInBatch)
  ) {
    problems.push(
      `documents.batch: must be a number between 1 and ${mostInBatch}, but is ${JSON.stringify(batch)}.`,
    );
  }
  return problems;
}
