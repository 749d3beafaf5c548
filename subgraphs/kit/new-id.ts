// Owns how rows made by a running service are named; seeds name theirs themselves.
import { randomUUID } from 'node:crypto';

/** `newId('order')` is `order-` and a random UUID. */
export function newId(prefix: string): string {
  return `${prefix}-${randomUUID()}`;
}
