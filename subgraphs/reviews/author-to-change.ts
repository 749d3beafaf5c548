// Owns among whose reviews a caller may look for one to change.
import { ownerToChange } from '../kit/rules/ownership.ts';
import type { Context } from './loaders.ts';

/** The caller, and for an admin whoever wrote it; undefined when nobody did. Throws GraphQLError UNAUTHENTICATED for nobody. */
export function authorToChange(id: string, { caller, loaders }: Context): Promise<string | undefined> {
  return ownerToChange(caller, async () => (await loaders.reviews.load({ id }))?.author_id);
}
