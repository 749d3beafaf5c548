// Owns what may be told of an error in a sentence: of the database's, nothing that quotes a row. Loads nothing by itself.

/** As PostgreSQL says it; pg makes Errors of it. */
export interface DatabaseError extends Error {
  /** SQLSTATE. */
  code: string;
  /** Where in PostgreSQL's code. */
  routine: string;
  table?: string | undefined;
  column?: string | undefined;
  constraint?: string | undefined;
}

/** By SQLSTATE class: those whose messages name tables, columns, constraints and roles, and no value of a row. */
const namingClasses: ReadonlySet<string> = new Set([
  '08',
  '23',
  '25',
  '28',
  '3D',
  '3F',
  '40',
  '42',
  '53',
  '55',
  '57',
]);

export function isDatabaseError(error: unknown): error is DatabaseError {
  return error instanceof Error && 'severity' in error && 'routine' in error && 'code' in error;
}

/** For a person: its message, but of the database's errors only one that tells no value of a row. */
export function errorSentence(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!isDatabaseError(error) || namingClasses.has(error.code.slice(0, 2))) return error.message;
  return `the database refused with ${error.code} (${error.routine}); its message is left out, because it may hold personal data`;
}
