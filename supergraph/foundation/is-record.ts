// Owns whether a value that came from anywhere is an object with members by name, and no list.

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
