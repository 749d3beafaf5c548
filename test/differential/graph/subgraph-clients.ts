// Owns reaching a world's subgraphs without a network: text in, text out, as a server would have answered.
import { type DocumentNode, execute, GraphQLError, type GraphQLSchema, parse, validate } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { SubgraphClient, SubgraphResponse } from '../../../supergraph/transport/subgraph-client.ts';
import type { PreparedWorld } from './prepare-world.ts';
import { subgraphSchema } from './subgraph-schema.ts';
import type { WorldRun } from './world-run.ts';

export interface SubgraphExchange {
  subgraph: string;
  document: string;
  variables: string;
  /** As text: engines write into what they get. */
  answer: string;
}

export interface SubgraphClients {
  clients: Map<string, SubgraphClient>;
  /** Runs by the request id that leads to them; whoever adds one takes it away again. */
  runs: Map<string, { run: WorldRun; exchanges: SubgraphExchange[] }>;
}

export function subgraphClients(prepared: PreparedWorld): SubgraphClients {
  const runs: SubgraphClients['runs'] = new Map();
  const clients = new Map<string, SubgraphClient>();
  for (const name of prepared.sdl.keys()) {
    const schema = subgraphSchema(prepared, name);
    const documents = new LRUCache<string, Request>({ max: 100 });
    clients.set(name, async ({ operation: { document }, variables }, { requestId }) => {
      const found = runs.get(requestId);
      if (!found) throw new Error(`Nobody runs ${requestId}.`);
      const answer = await answerOf({ schema, documents }, document, variables, found.run);
      found.exchanges.push({ subgraph: name, document, variables, answer });
      return JSON.parse(answer) as SubgraphResponse;
    });
  }
  return { clients, runs };
}

/** What a text is, or why it is not answered. */
type Request = { document: DocumentNode; refusal?: never } | { refusal: string };

interface Server {
  schema: GraphQLSchema;
  /** As servers have it: a text that comes again is neither read nor checked anew. */
  documents: LRUCache<string, Request>;
}

function read(schema: GraphQLSchema, text: string): Request {
  let document: DocumentNode;
  try {
    document = parse(text, { noLocation: true });
  } catch (error) {
    if (error instanceof GraphQLError) return { refusal: JSON.stringify({ errors: [error] }) };
    throw error;
  }
  const problems = validate(schema, document);
  return problems.length > 0 ? { refusal: JSON.stringify({ errors: problems }) } : { document };
}

async function answerOf(
  { schema, documents }: Server,
  text: string,
  variables: string,
  run: WorldRun,
): Promise<string> {
  const request = documents.get(text) ?? read(schema, text);
  documents.set(text, request);
  if (request.refusal !== undefined) return request.refusal;
  const { document } = request;
  const result = await execute({
    schema,
    document,
    variableValues: JSON.parse(variables),
    contextValue: run,
  });
  return JSON.stringify(result);
}
