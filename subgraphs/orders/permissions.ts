// Owns who is shown what people ordered and what lies in their carts.
import { isOwner, isSupport, isThePerson } from '../kit/rules/ownership.ts';
import { or, type Permissions } from '../kit/rules/shield.ts';

const forTheOwner = or(isOwner, isSupport);
const forThePerson = or(isThePerson, isSupport);

export const permissions: Permissions = {
  shownTo: {
    Order: forTheOwner,
    Cart: forTheOwner,
    User: { orders: forThePerson, cart: forThePerson },
  },
};
