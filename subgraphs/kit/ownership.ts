// Owns the question whose data a caller may see or change; domains ask it before they show what belongs to one person.
import { GraphQLError } from 'graphql';
import type { Caller } from './caller.ts';

/** The scope that lets the support team read what belongs to customers. */
const supportScope = 'customers:read';

/** True for the owner and for the support team; never for an anonymous caller. */
export function mayRead(caller: Caller, ownerId: string): boolean {
  return caller.userId !== null && (caller.userId === ownerId || caller.scopes.has(supportScope));
}

/** The id of the person who changes something. Throws GraphQLError UNAUTHENTICATED for nobody, should a schema's guard be gone. */
export function signedIn({ userId }: Caller): string {
  if (userId !== null) return userId;
  throw new GraphQLError('Sign in first.', { extensions: { code: 'UNAUTHENTICATED' } });
}
