// Owns what the tests of accounts' mutations have in common: the documents, asking them, and somebody new to ask as.
import assert from 'node:assert/strict';
import type { Kysely } from 'kysely';
import type { AccountsTables } from '../../../subgraphs/accounts/database.ts';
import { prepareDatabase } from '../../../subgraphs/kit/database/prepare-database.ts';
import type { TestDatabase } from '../../support/databases.ts';
import { quickAccounts as accounts } from '../../support/quick-accounts.ts';
import type { GraphQLBody, TestSubgraph } from '../../support/subgraph.ts';

export interface UserError {
  code: string;
  message: string;
  field: string[] | null;
  retryAt?: string | null;
}

export interface SignInPayload {
  token: string | null;
  expiresAt: string | null;
  refreshToken: string | null;
  user: { id: string; displayName: string } | null;
  userErrors: UserError[];
}

const userErrors = 'userErrors { code message field }';
const signInFields = `token expiresAt refreshToken user { id displayName } userErrors { code message field retryAt }`;
const addressFields = `address { id street isDefault } user { defaultAddress { id } } ${userErrors}`;
export const documents = {
  signUp: `mutation ($input: SignUpInput!) { signUp(input: $input) { ${signInFields} } }`,
  signIn: `mutation ($input: SignInInput!) { signIn(input: $input) { ${signInFields} } }`,
  refreshSession: `mutation ($refreshToken: String!) { refreshSession(refreshToken: $refreshToken) { ${signInFields} } }`,
  signOut: `mutation ($refreshToken: String!, $everywhere: Boolean! = false) {
    signOut(refreshToken: $refreshToken, everywhere: $everywhere) { ${userErrors} } }`,
  updateProfile: `mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) {
    user { name displayName locale preferredCurrency } ${userErrors} } }`,
  addAddress: `mutation ($input: AddressInput!) { addAddress(input: $input) { ${addressFields} } }`,
  updateAddress: `mutation ($id: ID!, $input: AddressInput!) { updateAddress(id: $id, input: $input) { ${addressFields} } }`,
  removeAddress: `mutation ($id: ID!) { removeAddress(id: $id) {
    removedId user { defaultAddress { id } } ${userErrors} } }`,
  eraseMe: `mutation ($password: String!) { eraseMe(password: $password) {
    requestedAt domains { domain erasedAt } ${userErrors} } }`,
};
export type Mutation = keyof typeof documents;

export type AccountsClient = ReturnType<typeof accountsClient>;

export function accountsClient(subgraph: TestSubgraph) {
  let people = 0;

  /** `from` is the network address of the client, as a router on this machine tells it. */
  async function ask<Payload>(
    mutation: Mutation,
    variables: object,
    token?: string,
    from?: string,
  ): Promise<Payload> {
    const response = await fetch(subgraph.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(from === undefined ? {} : { 'x-forwarded-for': from }),
      },
      body: JSON.stringify({ query: documents[mutation], variables }),
      signal: AbortSignal.timeout(30_000),
    });
    const body = (await response.json()) as GraphQLBody;
    assert.equal(body.errors, undefined, JSON.stringify(body.errors));
    return body.data?.[mutation] as Payload;
  }

  /** The codes of the errors that are not the person's to put right. */
  async function failuresOf(mutation: Mutation, variables: object, token?: string): Promise<unknown[]> {
    const { body } = await subgraph.query(documents[mutation], { variables: { ...variables }, token });
    return (body.errors ?? []).map(({ extensions }) => extensions?.['code']);
  }

  async function me(selection: string, token: string): Promise<unknown> {
    const { body } = await subgraph.query(`{ me { ${selection} } }`, { token });
    assert.equal(body.errors, undefined);
    return body.data?.['me'];
  }

  const newcomer = (given: object = {}) => ({
    email: `tove.${++people}@example.com`,
    password: 'correct horse',
    name: 'Tove Berg',
    ...given,
  });

  /** The token of somebody without addresses. */
  async function newPerson(): Promise<string> {
    const { token } = await ask<SignInPayload>('signUp', { input: newcomer() });
    assert.ok(token);
    return token;
  }

  return { ask, failuresOf, me, newcomer, newPerson };
}

/** Code and last step of the path of each error; every one has a sentence for the person. */
export function problemsOf({ userErrors }: { userErrors: UserError[] }): [string, string | undefined][] {
  return userErrors.map(({ code, message, field }) => {
    assert.match(message, /^[A-Z].*\.$/);
    return [code, field?.at(-1)];
  });
}

/** The tables of accounts beside its service: to look at what it keeps, and to make time pass. */
export async function openTables(
  database: TestDatabase,
): Promise<{ db: Kysely<AccountsTables>; close: () => Promise<void> }> {
  const { db, close } = await prepareDatabase(accounts, database);
  return { db: db as unknown as Kysely<AccountsTables>, close };
}
