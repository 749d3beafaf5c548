// Owns the question whose data a caller may see or change: rules for what is read, plain functions for what is changed.
import { GraphQLError } from 'graphql';
import type { Caller } from '../calls/caller.ts';
import { rule } from './shield.ts';

/** The scope that lets the support team read what belongs to customers. */
const readCustomers = 'customers:read';
/** The scope that lets admins change what belongs to customers. */
const writeCustomers = 'customers:write';

type Context = { caller: Caller };

/** For rows with a `user_id`. */
export const isOwner = rule('is the owner')(
  (row: { user_id?: unknown }, _args: unknown, { caller }: Context) => isSelf(caller, row.user_id),
);

/** For a `User`, whatever a domain knows of one. */
export const isThePerson = rule('is the person')(
  (user: { id?: unknown }, _args: unknown, { caller }: Context) => isSelf(caller, user.id),
);

export const isSupport = rule('is support')(
  (_row: unknown, _args: unknown, { caller }: Context) =>
    caller.userId !== null && caller.scopes.has(readCustomers),
);

function isSelf({ userId }: Caller, id: unknown): boolean {
  return userId !== null && userId === id;
}

/** The id of the person who changes something. Throws GraphQLError UNAUTHENTICATED for nobody, should a schema's guard be gone. */
export function signedIn({ userId }: Caller): string {
  if (userId !== null) return userId;
  throw new GraphQLError('Sign in first.', { extensions: { code: 'UNAUTHENTICATED' } });
}

/**
 * Among whose rows a caller may look for one to change: their own, and for an admin those of whoever has it, which
 * `findOwner` tells; undefined when nobody has. Others never look at rows of others, so a row that is not theirs takes
 * them as long as one that is not there. Throws as `signedIn`.
 */
export async function ownerToChange(
  caller: Caller,
  findOwner: () => Promise<string | undefined>,
): Promise<string | undefined> {
  const own = signedIn(caller);
  return caller.scopes.has(writeCustomers) ? findOwner() : own;
}

const staffRoles: ReadonlySet<string> = new Set(['SUPPORT', 'ADMIN']);

/** Whether what this caller changes is recorded: by role, and by scope for identity providers with other roles. */
export function isStaff({ userId, roles, scopes }: Caller): boolean {
  const isAmongThem = roles.some((role) => staffRoles.has(role));
  return userId !== null && (isAmongThem || scopes.has(readCustomers) || scopes.has(writeCustomers));
}
