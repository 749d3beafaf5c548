// Owns who is shown what people pay with and what they paid.
import { isOwner, isSupport, isThePerson } from '../kit/rules/ownership.ts';
import { or, type Permissions } from '../kit/rules/shield.ts';

const forTheOwner = or(isOwner, isSupport);

export const permissions: Permissions = {
  shownTo: {
    Payment: forTheOwner,
    // For every kind of method.
    PaymentMethod: forTheOwner,
    User: { paymentMethods: or(isThePerson, isSupport) },
  },
};
