// Owns what is told of an answer beside its rates: how large it is, and how much of it is there more than once.
import type { Answer } from '../measure/gateway.ts';

/** Facts for people; a share of duplicates only where the answer holds entities. */
export function answerFacts(answer: Answer): Record<string, string> {
  const { all, different } = entitiesIn(answer.data);
  return {
    answer: sizeOf(answer.bytes),
    ...(all > 1 && { entities: `${all}, ${Math.round((1 - different / all) * 100)} % of them duplicates` }),
  };
}

/** Bytes for people. */
export function sizeOf(bytes: number): string {
  if (bytes < 1e3) return `${bytes} bytes`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Counts objects that name themselves by an id, and how many of these there are without repetition. */
export function entitiesIn(data: unknown): { all: number; different: number } {
  const seen = new Set<string>();
  let all = 0;
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const fields: Record<string, unknown> = { ...value };
    if (typeof fields['id'] === 'string') {
      all++;
      seen.add(fields['id']);
    }
    Object.values(fields).forEach(visit);
  };
  visit(data);
  return { all, different: seen.size };
}
