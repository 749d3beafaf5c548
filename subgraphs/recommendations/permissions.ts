// Owns to whom recommendations are shown.
import { isThePerson } from '../kit/rules/ownership.ts';
import type { Permissions } from '../kit/rules/shield.ts';

export const permissions: Permissions = {
  // A taste is nobody else's business, not even the support team's.
  shownTo: { User: { recommendations: isThePerson } },
};
