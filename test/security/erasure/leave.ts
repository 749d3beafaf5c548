// Owns how a test signs somebody in and has them leave the shop, by asking accounts itself.
import assert from 'node:assert/strict';
import { demoPassword } from '../../../subgraphs/kit/demo/people.ts';
import type { DomainProcesses } from './domain-processes.ts';

export interface EraseMePayload {
  requestedAt: string | null;
  domains: { domain: string; erasedAt: string | null }[] | null;
  userErrors: { code: string }[];
}

export const signInDocument = 'mutation ($input: SignInInput!) { signIn(input: $input) { token } }';
const eraseMeDocument = `mutation ($password: String!) { eraseMe(password: $password) {
  requestedAt domains { domain erasedAt } userErrors { code } } }`;

/** The token of a seeded person. */
export async function signIn({ ask }: DomainProcesses, email: string): Promise<string> {
  const variables = { input: { email, password: demoPassword } };
  const { data } = await ask('accounts', signInDocument, { variables });
  return (data as { signIn: { token: string } }).signIn.token;
}

export async function leave(
  { ask }: DomainProcesses,
  token: string,
  password = demoPassword,
): Promise<EraseMePayload> {
  const { data, errors } = await ask('accounts', eraseMeDocument, { token, variables: { password } });
  assert.equal(errors, undefined, JSON.stringify(errors));
  return data?.['eraseMe'] as EraseMePayload;
}
