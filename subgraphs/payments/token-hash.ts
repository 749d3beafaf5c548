// Owns by what a card's token is known again, since the token itself is sealed and looks different each time.
import { createHash } from 'node:crypto';

/** The SHA-256 in hexadecimal. Tokens are long and random, so none is found from it by trying. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
