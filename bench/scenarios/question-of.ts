// Owns how a scenario's operation is asked over HTTP: as a body of JSON, or in the address.
import { stripIgnoredCharacters } from 'graphql';
import { graphs } from '../graphs/graphs.ts';
import type { Question } from '../load/question.ts';
import type { Scenario } from './scenarios.ts';

/** Throws for an operation that the graph does not have. */
export function questionOf({
  graph,
  operation,
  method = 'POST',
}: Pick<Scenario, 'graph' | 'operation'> & Partial<Pick<Scenario, 'method'>>): Question {
  const query = 'text' in operation ? operation.text : graphs[graph].operations[operation.name];
  if (query === undefined) throw new Error(`${graph} has no operation ${JSON.stringify(operation)}.`);
  if (method === 'POST') return { method, search: '', body: JSON.stringify({ query }) };
  // As clients write it who send it by GET: an address is not the place for blanks.
  const search = `?query=${encodeURIComponent(stripIgnoredCharacters(query))}`;
  return { method, search, body: '' };
}
