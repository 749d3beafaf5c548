// Owns what the tests of payment methods ask and answer: one person's GraphQL over HTTP.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { TestSubgraph } from '../../support/subgraph.ts';

export interface Method {
  __typename: 'Card' | 'BankAccount' | 'Wallet';
  id: string;
  label: string;
  isDefault: boolean;
  addedAt: string;
  expiryYear?: number;
  expired?: boolean;
}

export interface Page {
  edges: { node: Method }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
  totalCount: number;
}

export interface Payload {
  paymentMethod?: Method | null;
  removedId?: string | null;
  user: { id: string; paymentMethods: Page } | null;
  userErrors: { code: string; message: string; field: string[] }[];
}

const methodFields = `__typename id label isDefault addedAt
  ... on Card { brand last4 expiryMonth expiryYear expired }
  ... on BankAccount { bankName ibanLast4 }
  ... on Wallet { provider }`;
const pageFields = `edges { node { ${methodFields} } } pageInfo { hasNextPage endCursor } totalCount`;
const userFields = `user { id paymentMethods(first: 100) { ${pageFields} } } userErrors { code message field }`;
export const labelsOf = (page: Page | undefined) => page?.edges.map(({ node }) => node.label);
export const defaultsOf = (page: Page | undefined) =>
  page?.edges.filter(({ node }) => node.isDefault).map(({ node }) => node.label);

/** What one person can do with payment methods; tests that change some have a person of their own. */
export async function payerAt(subgraph: TestSubgraph, userId: string, scopes: readonly string[] = []) {
  const token = await subgraph.identity.tokenFor({ userId, scopes });
  const mutate = async (document: string, variables: object): Promise<Payload> => {
    const { body } = await subgraph.query(document, { token, variables: { ...variables } });
    assert.equal(body.errors, undefined);
    return body.data?.['answer'] as Payload;
  };
  const methodsOf = async (owner: string, page = 'first: 100'): Promise<Page | null> => {
    const answer = await subgraph.entities(
      [{ __typename: 'User', id: owner }],
      `... on User { paymentMethods(${page}) { ${pageFields} } }`,
      { token },
    );
    assert.equal(answer.body.errors, undefined);
    const [user] = answer.entities as { paymentMethods: Page | null }[];
    return user?.paymentMethods ?? null;
  };
  return {
    token,
    methodsOf,
    methods: async (page?: string): Promise<Page> => {
      const own = await methodsOf(userId, page);
      assert.ok(own);
      return own;
    },
    addCard: (last4: string, change: object = {}) =>
      mutate(
        `mutation ($input: CardInput!) {
          answer: addCard(input: $input) { paymentMethod { ${methodFields} } ${userFields} }
        }`,
        {
          input: {
            token: `tok_${randomUUID()}`,
            brand: 'VISA',
            last4,
            expiryMonth: 12,
            expiryYear: new Date().getUTCFullYear() + 2,
            ...change,
          },
        },
      ),
    setDefault: (id: string) =>
      mutate(
        `mutation ($id: ID!) {
          answer: setDefaultPaymentMethod(id: $id) { paymentMethod { ${methodFields} } ${userFields} }
        }`,
        { id },
      ),
    remove: (id: string) =>
      mutate(`mutation ($id: ID!) { answer: removePaymentMethod(id: $id) { removedId ${userFields} } }`, {
        id,
      }),
  };
}

export const idOf = ({ paymentMethod }: Payload): string => {
  assert.ok(paymentMethod);
  return paymentMethod.id;
};
