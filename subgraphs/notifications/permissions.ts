// Owns to whom an inbox is shown.
import { isOwner, isSupport, isThePerson } from '../kit/rules/ownership.ts';
import { or, type Permissions } from '../kit/rules/shield.ts';

const forThePerson = or(isThePerson, isSupport);

export const permissions: Permissions = {
  shownTo: {
    Notification: or(isOwner, isSupport),
    User: { notifications: forThePerson, unreadNotificationCount: forThePerson },
  },
};
