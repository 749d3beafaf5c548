// Starts a small graph with rules behind a router that knows who asks: people, their taxes, and what is found in a house.
import { compose } from '../../../supergraph/composition/compose.ts';
import { type BffDeclaration, defineBff } from '../../../supergraph/declaration/define-bff.ts';
import type { Environment } from '../../../supergraph/foundation/environment.ts';
import {
  type Asked,
  type CaseSubgraph,
  type Data,
  startCaseSubgraph,
} from '../../federation/harness/case-subgraph.ts';
import { type Answer, startTestRouter } from '../../supergraph/fixtures/router-under-test.ts';
import { type Claims, startTestIdentity } from '../../support/identity.ts';

const people: Record<string, Data> = {
  p1: {
    __typename: 'Person',
    id: 'p1',
    label: 'Ada',
    name: 'Ada',
    salary: 100,
    secretName: 'A.',
    boss: 'p2',
  },
  p2: { __typename: 'Person', id: 'p2', label: 'Bo', name: 'Bo', salary: 200, secretName: 'B.', boss: 'p2' },
};
const things: Data[] = [
  people['p1'] ?? {},
  { __typename: 'Box', id: 'b1', label: 'a box' },
  { __typename: 'Safe', id: 's1', label: 'a safe', content: 'gold' },
];
const ofType = { __resolveType: ({ __typename }: Data) => __typename };

const houseSubgraphs: Record<string, CaseSubgraph> = {
  house: {
    sdl: `
      type Query {
        me: Person @authenticated
        person(id: ID!): Person
        people: [Person!]!
        node(id: ID!): Node
        found: [Found!]!
        safe: Safe
        kept: Kept
        report(day: String, pages: Int = 1): String @policy(policies: [["auditor"], ["owner", "awake"]])
        open: String
      }
      type Mutation {
        pay(amount: Int!): Int @requiresScopes(scopes: [["pay"]])
        must(amount: Int!): Int! @requiresScopes(scopes: [["pay"]])
        note(text: String!): String
      }
      interface Node { id: ID! label: String }
      type Person implements Node @key(fields: "id") {
        id: ID!
        label: String
        name: String
        salary: Int @requiresScopes(scopes: [["hr"], ["boss", "payroll"]])
        secretName: String! @authenticated
        boss: Person
      }
      type Box implements Node { id: ID! label: String }
      interface Kept { id: ID! }
      type Safe implements Kept @authenticated { id: ID! label: String content: String }
      union Found = Person | Box | Safe
    `,
    resolvers: {
      Node: ofType,
      Kept: ofType,
      Found: ofType,
      Query: {
        me: () => people['p1'],
        person: (_, { id }) => people[String(id)] ?? null,
        people: () => Object.values(people),
        node: (_, { id }) => things.find((thing) => thing['id'] === id) ?? null,
        found: () => things,
        safe: () => things[2],
        kept: () => things[2],
        report: (_, { day, pages }) => `${pages} pages of ${day}`,
        open: () => 'open',
      },
      Mutation: {
        pay: (_, { amount }) => amount,
        must: (_, { amount }) => amount,
        note: (_, { text }) => text,
      },
      Person: {
        __resolveReference: ({ id }) => people[String(id)] ?? null,
        boss: ({ boss }) => people[String(boss)] ?? null,
      },
    },
  },
  taxes: {
    sdl: `
      type Person @key(fields: "id") {
        id: ID!
        salary: Int @external
        tax: Int @requires(fields: "salary") @requiresScopes(scopes: [["hr"], ["boss", "payroll"]])
        nickname: String
      }
    `,
    resolvers: {
      Person: {
        __resolveReference: (given) => given,
        tax: ({ salary }) => Number(salary) / 10,
        nickname: ({ id }) => `nick of ${id}`,
      },
    },
  },
};

export interface RuledGraph {
  /** As somebody with these claims, or as nobody. */
  ask: (query: string, as?: Claims, variables?: object) => Promise<Answer>;
  /** A header with a new token for them. */
  authorization: (as: Claims) => Promise<string>;
  /** Whatever is sent, under a new token for these claims. */
  send: (path: string, init: RequestInit, as?: Claims) => Promise<Answer>;
  /** What the subgraphs received since it was emptied. */
  asked: Asked[];
  /** Names of fields that the subgraphs were asked for, each once, sorted. */
  fieldsAsked: () => string[];
  stop: () => Promise<void>;
}

export interface RuledGraphOptions {
  subgraphs?: Record<string, CaseSubgraph>;
  declaration?: Partial<BffDeclaration>;
  environment?: Partial<Environment>;
  /** Changes the supergraph, as an older composer may have left it. */
  change?: (sdl: string) => string;
}

export async function startRuledGraph(options: RuledGraphOptions = {}): Promise<RuledGraph> {
  const { subgraphs = houseSubgraphs, declaration = {}, environment, change = (sdl) => sdl } = options;
  const asked: Asked[] = [];
  const write = (one: Asked) => void asked.push(one);
  const running = await Promise.all(
    Object.entries(subgraphs).map(([name, subgraph]) =>
      startCaseSubgraph(name, subgraph, { write, misbehaviour: () => undefined }),
    ),
  );
  const identity = await startTestIdentity();
  const { issuer, audience, jwksUrl } = identity;
  const stopOthers = async () => {
    await identity.stop();
    for (const { stop } of running) stop();
  };
  const router = await startTestRouter(change(compose(running.map(({ schema }) => schema))), {
    bff: defineBff({
      name: 'test',
      port: 0,
      identity: { issuers: [{ issuer, audiences: [audience], jwks: jwksUrl }] },
      ...declaration,
    }),
    ...(environment && { environment }),
  }).catch(async (error: unknown) => {
    await stopOthers();
    throw error;
  });
  const authorization = async (as: Claims) => `Bearer ${await identity.tokenFor(as)}`;
  const headersFor = async (as?: Claims) => (as ? { authorization: await authorization(as) } : {});
  return {
    asked,
    authorization,
    ask: async (query, as, variables = {}) => router.ask(query, { variables, headers: await headersFor(as) }),
    send: async (path, init, as) =>
      router.fetch(path, { ...init, headers: { ...init.headers, ...(await headersFor(as)) } }),
    fieldsAsked() {
      const names = asked.flatMap(({ query }) => query.match(/\b[a-z_]\w*\b/gi) ?? []);
      return [...new Set(names)].sort();
    },
    async stop() {
      await router.stop();
      await stopOthers();
    },
  };
}
