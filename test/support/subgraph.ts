// Owns one subgraph under test: served over HTTP on a free port, with a database, tokens and a list of its SQL.
import type { GraphQLFormattedError } from 'graphql';
import type { ChangeBus } from '../../subgraphs/kit/changes/publish-changes.ts';
import type { SubgraphDefinition } from '../../subgraphs/kit/define-subgraph.ts';
import { serveSubgraph } from '../../subgraphs/kit/serve-subgraph.ts';
import type { TestDatabase, TestEngine } from './databases.ts';
import { startTestIdentity, type TestIdentity } from './identity.ts';

export interface GraphQLBody {
  data?: Record<string, unknown> | null;
  errors?: GraphQLFormattedError[];
}

export interface Answer {
  status: number;
  body: GraphQLBody;
}

export interface AskOptions {
  variables?: Record<string, unknown>;
  token?: string | undefined;
}

export interface TestSubgraph {
  /** Of the GraphQL endpoint. */
  url: string;
  identity: TestIdentity;
  /**
   * The SQL of every statement since the start but what nobody asked for, accounts' look for erasures that are due;
   * `statements.length = 0` forgets them.
   */
  statements: string[];
  query: (document: string, options?: AskOptions) => Promise<Answer>;
  /** Asks `_entities` with a selection such as `... on Product { name }`; `entities` is empty when it failed. */
  entities: (
    representations: readonly object[],
    selection: string,
    options?: AskOptions,
  ) => Promise<Answer & { entities: unknown[] }>;
  stop: () => Promise<void>;
}

/** With an engine, the database is the test's own and goes with it; a database that was started stays. */
export async function startTestSubgraph(
  definition: SubgraphDefinition,
  engine: TestEngine | TestDatabase,
  { callerSecret, changes }: { callerSecret?: string; changes?: ChangeBus } = {},
): Promise<TestSubgraph> {
  const database = 'start' in engine ? await engine.start() : engine;
  const identity = await startTestIdentity();
  const statements: string[] = [];
  const stopOthers = async () => {
    if ('start' in engine) await database.stop();
    await identity.stop();
  };
  const subgraph = await serveSubgraph(definition, {
    host: '127.0.0.1',
    port: 0,
    database,
    jwksUrl: identity.jwksUrl,
    issuer: identity.issuer,
    audience: identity.audience,
    callerSecret,
    changes,
    logLevel: 'silent',
    onStatement: (sql) => {
      if (!sql.startsWith('with "due"')) statements.push(sql);
    },
  }).catch(async (error: unknown) => {
    await stopOthers();
    throw error;
  });

  const query = async (document: string, { variables = {}, token }: AskOptions = {}): Promise<Answer> => {
    const response = await fetch(subgraph.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
      body: JSON.stringify({ query: document, variables }),
      signal: AbortSignal.timeout(30_000),
    });
    return { status: response.status, body: (await response.json()) as GraphQLBody };
  };

  return {
    url: subgraph.url,
    identity,
    statements,
    query,
    async entities(representations, selection, options = {}) {
      const document = `query ($representations: [_Any!]!) { _entities(representations: $representations) { ${selection} } }`;
      const variables = { ...options.variables, representations };
      const answer = await query(document, { ...options, variables });
      const found = answer.body.data?.['_entities'];
      return { ...answer, entities: Array.isArray(found) ? found : [] };
    },
    async stop() {
      await subgraph.stop();
      await stopOthers();
    },
  };
}
