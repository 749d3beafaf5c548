// Owns how the accounts' schema is answered from its rows, and who sees what of a person.
import type { PageArguments } from '../kit/cursor.ts';
import type { Resolvers } from '../kit/define-subgraph.ts';
import { mayRead } from '../kit/ownership.ts';
import { addAddress, removeAddress, updateAddress } from './change-addresses.ts';
import type { Context } from './context.ts';
import type { AddressRow, UserRow } from './database.ts';
import { displayNameOf } from './display-name.ts';
import { refreshSession } from './refresh-session.ts';
import { signIn } from './sign-in.ts';
import { signOut } from './sign-out.ts';
import { signUp } from './sign-up.ts';
import { updateProfile } from './update-profile.ts';

export const resolvers: Resolvers<Context> = {
  Query: {
    me: (_, __, { loaders, caller }) =>
      caller.userId === null ? null : loaders.users.load({ id: caller.userId }),
    user: (_, { id }: { id: string }, { loaders }) => loaders.users.load({ id }),
  },
  Mutation: {
    signUp,
    signIn,
    refreshSession,
    signOut,
    updateProfile,
    addAddress,
    updateAddress,
    removeAddress,
  },

  User: {
    __resolveReference: ({ id }: { id: string }, { loaders }) => loaders.users.load({ id }),
    displayName: displayNameOf,
    avatarUrl: (user: UserRow) => user.avatar_url,
    memberSince: (user: UserRow) => user.member_since,
    name: forThePerson((user) => user.name),
    email: forThePerson((user) => user.email),
    locale: forThePerson((user) => user.locale),
    preferredCurrency: forThePerson((user) => user.preferred_currency),
    roles: forThePerson((user) => user.roles),
    addresses: forThePerson((user, { first, after }, { loaders }) =>
      loaders.addressBooks.load(user.id, { first, after }),
    ),
    defaultAddress: forThePerson((user, _, { loaders }) =>
      loaders.defaultAddresses.load({ user_id: user.id }),
    ),
    signIns: forThePerson((user, { first, after }, { loaders }) =>
      loaders.signIns.load(user.id, { first, after }),
    ),
  },

  Address: {
    __resolveReference: async ({ id }: { id: string }, { loaders, caller }) => {
      const address = await loaders.addresses.load({ id });
      return address && mayRead(caller, address.user_id) ? address : null;
    },
    postalCode: (address: AddressRow) => address.postal_code,
    isDefault: (address: AddressRow) => address.is_default,
  },
};

/** Null for everybody but the person and the support team. */
function forThePerson<Value>(read: (user: UserRow, page: PageArguments, context: Context) => Value) {
  return (user: UserRow, page: PageArguments, context: Context): Value | null =>
    mayRead(context.caller, user.id) ? read(user, page, context) : null;
}
