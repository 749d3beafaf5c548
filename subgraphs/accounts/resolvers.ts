// Owns how the accounts' schema is answered from its rows; who is shown them is in permissions.ts.
import type { PageArguments } from '../kit/cursor.ts';
import type { Resolvers } from '../kit/define-subgraph.ts';
import { myDataResolvers } from '../kit/personal-data/my-data.ts';
import { signedIn } from '../kit/rules/ownership.ts';
import { addAddress, removeAddress, updateAddress } from './change-addresses.ts';
import type { Context } from './context.ts';
import type { AccountsTables, AddressRow, UserRow } from './database.ts';
import { displayNameOf } from './display-name.ts';
import { eraseMe } from './erase-me.ts';
import type { Loaders } from './loaders.ts';
import type { Passwords } from './passwords.ts';
import { personalData } from './personal-data.ts';
import { refreshSession } from './refresh-session.ts';
import { signIn } from './sign-in.ts';
import { signOut } from './sign-out.ts';
import { signUp } from './sign-up.ts';
import { updateProfile } from './update-profile.ts';

export const resolversWith = (passwords: Passwords): Resolvers<Context> => ({
  Query: {
    me: (_, __, { loaders, caller }) =>
      caller.userId === null ? null : loaders.users.load({ id: caller.userId }),
    user: (_, { id }: { id: string }, { loaders }) => loaders.users.load({ id }),
    exportMyData: (_, __, { caller }) => ({ userId: signedIn(caller) }),
  },
  Mutation: {
    signUp: (_, given: Parameters<typeof signUp>[1], context) => signUp(passwords, given, context),
    signIn: (_, given: Parameters<typeof signIn>[1], context) => signIn(passwords, given, context),
    refreshSession,
    signOut,
    updateProfile,
    addAddress,
    updateAddress,
    removeAddress,
    eraseMe: (_, given: Parameters<typeof eraseMe>[1], context) => eraseMe(passwords, given, context),
  },

  ...myDataResolvers<AccountsTables, Loaders>('accounts', personalData),

  User: {
    __resolveReference: ({ id }: { id: string }, { loaders }) => loaders.users.load({ id }),
    displayName: displayNameOf,
    avatarUrl: (user: UserRow) => user.avatar_url,
    memberSince: (user: UserRow) => user.member_since,
    preferredCurrency: (user: UserRow) => user.preferred_currency,
    addresses: (user: UserRow, { first, after }: PageArguments, { loaders }) =>
      loaders.addressBooks.load(user.id, { first, after }),
    defaultAddress: (user: UserRow, _, { loaders }) => loaders.defaultAddresses.load({ user_id: user.id }),
    signIns: (user: UserRow, { first, after }: PageArguments, { loaders }) =>
      loaders.signIns.load(user.id, { first, after }),
  },

  Address: {
    __resolveReference: ({ id }: { id: string }, { loaders }) => loaders.addresses.load({ id }),
    postalCode: (address: AddressRow) => address.postal_code,
    isDefault: (address: AddressRow) => address.is_default,
  },
});
