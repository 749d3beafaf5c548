// Owns who is shown what of a person; directives in the schema say what needs somebody signed in.
import { isOwner, isSupport, isThePerson } from '../kit/rules/ownership.ts';
import { or, type Permissions } from '../kit/rules/shield.ts';

const forThePerson = or(isThePerson, isSupport);
const forTheOwner = or(isOwner, isSupport);

export const permissions: Permissions = {
  shownTo: {
    User: {
      name: forThePerson,
      email: forThePerson,
      locale: forThePerson,
      preferredCurrency: forThePerson,
      roles: forThePerson,
      addresses: forThePerson,
      defaultAddress: forThePerson,
      signIns: forThePerson,
    },
    Address: forTheOwner,
    SignInEvent: forTheOwner,
  },
};
