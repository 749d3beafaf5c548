// Owns the body of an operation's answer: data, errors in the words of the table, and what stood in.
import type { OperationAnswer } from '../executor/projection/compile-projection.ts';
import { maskError } from '../foundation/mask-errors.ts';
import { withoutSuggestion } from '../limits/operation/schema-readers.ts';
import { degradedForClient } from './degraded-for-client.ts';

/** `tellsSchema` is asked only where there are errors, which may speak of it. */
export function operationBody(
  { whole, data, errors, degraded }: OperationAnswer,
  tellsSchema: () => boolean,
): string | Buffer {
  if (errors.length === 0 && degraded === undefined) return whole;
  const told = errors.map((error) => maskError(error.toJSON(), error));
  const masked = told.length === 0 || tellsSchema() ? told : told.map(withoutSuggestion);
  const start = errors.length === 0 ? '{"data":' : `{"errors":${JSON.stringify(masked)},"data":`;
  const extensions = degraded && { degraded: degradedForClient(degraded) };
  const end = extensions ? `,"extensions":${JSON.stringify(extensions)}}` : '}';
  if (typeof data === 'string') return `${start}${data}${end}`;
  return Buffer.concat([Buffer.from(start), data, Buffer.from(end)]);
}
