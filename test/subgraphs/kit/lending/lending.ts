// Owns a small subgraph of things that belong to somebody, reached by every road that a schema has.
import { defineSubgraph, type SubgraphDefinition } from '../../../../subgraphs/kit/define-subgraph.ts';
import { isOwner, isSupport, isThePerson } from '../../../../subgraphs/kit/rules/ownership.ts';
import { and, not, or, type Permissions, rule } from '../../../../subgraphs/kit/rules/shield.ts';

interface Row {
  __typename: 'Loan' | 'Film';
  id: string;
  user_id: string;
}

const row = (__typename: Row['__typename'], id: string, user_id: string): Row => ({
  __typename,
  id,
  user_id,
});
const rows: readonly Row[] = [
  row('Loan', 'loan-a1', 'a'),
  row('Loan', 'loan-b1', 'b'),
  row('Loan', 'loan-a2', 'a'),
  row('Film', 'film-a1', 'a'),
  row('Film', 'film-b1', 'b'),
  // For its rule throws.
  row('Film', 'film-broken', 'a'),
];
const loans = rows.filter(({ __typename }) => __typename === 'Loan');
const found = (id: string): Row | null => rows.find((one) => one.id === id) ?? null;
const edges = loans.map((node) => ({ cursor: node.id, node }));

const isNotBlocked = rule('is not blocked', { cache: 'contextual' })(
  (_row: unknown, _args: unknown, { caller }) => !caller.roles.includes('BLOCKED'),
);
// Its verdict depends on the row, against what its cache promises.
const forTheOwner = rule('wrongly remembered owner', { cache: 'contextual' })(
  (one: Row, _args: unknown, { caller }) => one.user_id === caller.userId,
);
const breaks = rule('breaks for one')((one: Row) => {
  if (one.id === 'film-broken') throw new Error('the rule broke: secret detail');
  return false;
});

const permissions: Permissions = {
  shownTo: {
    Lent: isNotBlocked,
    Loan: or(forTheOwner, isSupport),
    Film: and(or(isOwner, isSupport), not(breaks)),
    Reader: { debts: or(isThePerson, isSupport) },
  },
};

export const lending: SubgraphDefinition = defineSubgraph<unknown, object>({
  name: 'lending',
  folder: new URL('.', import.meta.url),
  migrations: {},
  seed: async () => {},
  loaders: () => ({}),
  resolvers: {
    Query: {
      loan: (_: unknown, { id }: { id: string }) => found(id),
      loans: () => loans,
      loansOrNulls: () => loans,
      shelves: () => [loans, loans.slice(1, 2)],
      late: () => [Promise.resolve(loans[1]), Promise.reject(new Error('lost')), Promise.resolve(loans[0])],
      page: () => ({ edges }),
      holder: (_: unknown, __: unknown, { caller }) => ({ edge: edges[caller.displayName === 'B' ? 1 : 0] }),
      lent: () => rows,
      lentOrNulls: async () => rows,
      firstLent: (_: unknown, { id }: { id: string }) => found(id),
      things: () => [...rows.slice(0, 2), { __typename: 'Notice', text: 'closed' }],
      debts: () => 3,
      secretLoan: () => loans[0],
    },
    Mutation: {
      giveBack: (_: unknown, { id }: { id: string }) => {
        if (id === 'broken') throw new Error('secret detail');
        if (id === 'none') return { userErrors: ['There is none.'] };
        return { user: { id: 'a' }, userErrors: [] };
      },
      ponder: () => {
        process.send?.({ type: 'pondering' });
        return new Promise(() => {});
      },
      forbidden: () => ({ userErrors: [] }),
    },
    Lent: { __resolveReference: ({ id }: { id: string }) => found(id) },
    Loan: {
      __resolveReference: async ({ id }: { id: string }) => found(id),
      beside: (one: Row) => loans[(loans.findIndex(({ id }) => id === one.id) + 1) % loans.length],
    },
    Film: { __resolveReference: ({ id }: { id: string }) => found(id), minutes: () => 90 },
    Reader: {
      __resolveReference: ({ id }: { id: string }) => ({ id }),
      debts: () => 3,
      loans: () => loans,
    },
  },
  permissions,
});
