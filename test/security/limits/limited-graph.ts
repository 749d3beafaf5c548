// Starts a graph of two subgraphs with a journal, and sends operations to routers on every road that there is.
import { buildSubgraphSchema } from '@apollo/subgraph';
import { graphql, parse } from 'graphql';
import { compose } from '../../../supergraph/composition/compose.ts';
import { schemaOf } from '../../supergraph/fixtures/fixture-graph.ts';
import { startRawServer } from '../../supergraph/fixtures/raw-server.ts';
import { hashed, post, sha256 } from '../../supergraph/fixtures/registered-operations.ts';
import type { Answer, RouterUnderTest } from '../../supergraph/fixtures/router-under-test.ts';

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])';
const people = `${link}
  scalar JSON
  type Query {
    person: Person
    people(ids: [ID!], first: Int): [Person!]!
    echo(any: JSON, filter: Filter): Int
    broken: [Int]
    long(characters: Int!): String
    puzzled: Int
  }
  type Mutation { rename(name: String): Person }
  input Filter { and: [Filter!] ids: [ID!] name: String kind: Kind }
  enum Kind { TALL SMALL }
  type Person @key(fields: "id") { id: ID! name: String friend: Person friends: [Person!] }
`;
const work = `${link}
  type Person @key(fields: "id") { id: ID! job: String boss: Person }
`;
const ada = { id: '1', name: 'Ada' };
const person = (): object => ({ ...ada, friend: person, friends: () => [person(), person(), person()] });
const resolvers = {
  people: {
    person,
    people: ({ ids = [] }: { ids?: string[] }) => ids.map(person),
    echo: () => 1,
    rename: person,
    broken: () => [1, 2, 3, 4, 5, 6].map(() => new Error('no')),
    long: ({ characters }: { characters: number }) => 'x'.repeat(characters),
    puzzled: () => {
      throw Object.assign(new Error('There is no shelf "A". Did you mean "Archive"?'), {
        extensions: { code: 'NOT_FOUND' },
      });
    },
  },
  work: { boss: () => ({ __typename: 'Person', id: '2' }), job: () => 'analyst' },
};

export interface LimitedGraph {
  supergraphSdl: string;
  /** What subgraphs were asked; tests may empty it. */
  seen: string[];
  stop: () => Promise<void>;
}

export async function startLimitedGraph(): Promise<LimitedGraph> {
  const seen: string[] = [];
  const servers = await Promise.all([
    serve(people, resolvers.people, seen),
    serve(work, resolvers.work, seen),
  ]);
  const [first, second] = servers;
  return {
    supergraphSdl: compose([schemaOf('people', people, first?.url), schemaOf('work', work, second?.url)]),
    seen,
    stop: async () => {
      await Promise.all(servers.map((server) => server.stop()));
    },
  };
}

async function serve(sdl: string, root: object, seen: string[]) {
  const own = new Map(Object.entries(root));
  const schema = buildSubgraphSchema({
    typeDefs: parse(sdl),
    resolvers: {
      Person: {
        __resolveReference: ({ id }: { id: string }) => ({ id }),
        ...(own.has('boss') && { boss: own.get('boss'), job: own.get('job') }),
      },
    },
  });
  return startRawServer(async (request, response) => {
    let text = '';
    for await (const piece of request) text += piece;
    const { query, variables } = JSON.parse(text);
    seen.push(query);
    const answer = await graphql({ schema, source: query, variableValues: variables, rootValue: root });
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  });
}

export interface Asked {
  query: string;
  variables?: object;
  headers?: Record<string, string>;
}

export type Road = (router: RouterUnderTest, asked: Asked) => Promise<Answer>;

const json = { 'content-type': 'application/json' };
const byGet = (
  router: RouterUnderTest,
  parameters: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Answer> =>
  router.fetch(`/graphql?${new URLSearchParams(parameters)}`, {
    headers: { 'apollo-require-preflight': '1', ...headers },
  });
const variablesOf = ({ variables }: Asked): Record<string, string> =>
  variables === undefined ? {} : { variables: JSON.stringify(variables) };

/** An operation as it stands in a manifest, which only knows such as have a name. */
export const registered = (query: string): string =>
  query.startsWith('query') ? query.replace('query', 'query Registered') : `query Registered ${query}`;

/** By name; the registered ones need a manifest that has the operation. */
export const roads: Readonly<Record<string, Road>> = {
  POST: (router, { query, variables = {}, headers = {} }) => router.ask(query, { variables, headers }),
  GET: (router, asked) => byGet(router, { query: asked.query, ...variablesOf(asked) }, asked.headers),
  'an array': async (router, { query, variables = {}, headers = {} }) => {
    const body = JSON.stringify([{ query: '{ __typename }' }, { query, variables }]);
    const all = await router.fetch('/graphql', { method: 'POST', headers: { ...json, ...headers }, body });
    // What is wrong with the whole is said of the whole.
    const parts = all.body as Answer['body'] | Answer['body'][];
    return { ...all, body: Array.isArray(parts) ? (parts[1] ?? {}) : parts };
  },
  'its hash and text': (router, { query, variables = {} }) =>
    post(router, { query, variables, extensions: hashed(sha256(query)) }),
  'its registered id': (router, { query, variables = {} }) =>
    post(router, { variables, extensions: hashed(sha256(registered(query))) }),
  'its registered id by GET': (router, asked) =>
    byGet(router, {
      extensions: JSON.stringify(hashed(sha256(registered(asked.query)))),
      ...variablesOf(asked),
    }),
};

export const codesOf = ({ body }: Answer): unknown[] =>
  (body.errors ?? []).map(({ extensions }) => extensions['code']);

export const times = (count: number, text: string | ((index: number) => string)): string =>
  Array.from({ length: count }, (_, index) => (typeof text === 'string' ? text : text(index))).join(' ');
/** A value in so many lists. */
export const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);
/** `name` within that many `friend`s, of one person. */
export const friends = (levels: number, inner = 'name'): string =>
  `person ${'{ friend '.repeat(levels)}{ ${inner} }${' }'.repeat(levels)}`;
