// Starts one subgraph of a federation case: a real @apollo/subgraph schema behind HTTP that writes down what it is asked.
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { execute, type GraphQLResolveInfo, type GraphQLScalarType, parse, Source, validate } from 'graphql';
import type { SubgraphSchema } from '../../../supergraph/composition/read-subgraphs.ts';

export type Data = Record<string, unknown>;

// A method, so that resolvers may declare narrower parameters than these; the context is `{ headers }` of the request.
export type FieldResolver = {
  resolve(source: Data, given: Data, context: unknown, info: GraphQLResolveInfo): unknown;
}['resolve'];

export type Resolvers = Record<string, Record<string, FieldResolver> | GraphQLScalarType>;

export interface CaseSubgraph {
  /** Without a `@link`, one to federation v2.9 with every directive is put before it. */
  sdl: string;
  /** For a schema of federation 1: leaves that link out. */
  federation1?: true;
  /** `__resolveReference` and `__resolveType` as @apollo/subgraph and graphql-js call them. */
  resolvers?: Resolvers;
}

/** One request that a subgraph received. */
export interface Asked {
  subgraph: string;
  query: string;
  variables: Data;
  headers: IncomingHttpHeaders;
  /** Why the request was not valid for the subgraph; undefined when it was. */
  problem?: string;
  /** Whether it got no answer because the connection was closed. */
  hungUp?: true;
}

/** What a subgraph says in place of the truth; `body` is sent as JSON unless it is a string. */
export type RawAnswer =
  | 'hang up'
  | { status?: number; contentType?: string; headers?: Record<string, string>; body: unknown };

/** `honest` makes the answer that the resolvers give. */
export type Misbehaviour =
  | RawAnswer
  | ((asked: Asked, honest: () => Promise<Data>) => RawAnswer | Promise<RawAnswer>);

export interface RunningSubgraph {
  schema: SubgraphSchema;
  stop: () => void;
}

const federationLink = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
  "@authenticated" "@composeDirective" "@context" "@cost" "@extends" "@external" "@fromContext" "@inaccessible"
  "@interfaceObject" "@key" "@listSize" "@override" "@policy" "@provides" "@requires" "@requiresScopes" "@shareable" "@tag"
])`;

/** Listens on a free port of 127.0.0.1. `misbehaviour` is looked up for each request; `write` gets each before it is answered. */
export async function startCaseSubgraph(
  name: string,
  { sdl, federation1, resolvers }: CaseSubgraph,
  { write, misbehaviour }: { write: (asked: Asked) => void; misbehaviour: () => Misbehaviour | undefined },
): Promise<RunningSubgraph> {
  const typeDefs = parse(
    new Source(federation1 || sdl.includes('@link(') ? sdl : `${federationLink}\n${sdl}`, name),
  );
  const schema = buildSubgraphSchema({ typeDefs, ...(resolvers !== undefined && { resolvers }) });

  async function run({ query, variables, headers }: Asked): Promise<Data> {
    const document = parse(query);
    const result = await execute({ schema, document, variableValues: variables, contextValue: { headers } });
    return { ...result };
  }

  const http = createServer(async (request, response) => {
    const body = JSON.parse(await new Response(request as unknown as ReadableStream).text());
    const asked: Asked = {
      subgraph: name,
      query: body.query,
      variables: body.variables ?? {},
      headers: request.headers,
    };
    const problems = validate(schema, parse(asked.query)).map(({ message }) => message);
    if (problems.length > 0) asked.problem = problems.join(' ');
    write(asked);
    const misbehaving = misbehaviour();
    const raw = typeof misbehaving === 'function' ? await misbehaving(asked, () => run(asked)) : misbehaving;
    if (raw === 'hang up') asked.hungUp = true;
    if (raw !== undefined) return send(response, raw);
    if (asked.problem !== undefined) {
      return send(response, { status: 400, body: { errors: problems.map((message) => ({ message })) } });
    }
    return send(response, { body: await run(asked) });
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/graphql`;
  return {
    schema: { name, url, document: typeDefs },
    stop: () => {
      http.closeAllConnections();
      http.close();
    },
  };
}

function send(response: ServerResponse, answer: RawAnswer): void {
  if (answer === 'hang up') {
    response.destroy();
    return;
  }
  const { status = 200, contentType = 'application/json', headers, body } = answer;
  response.writeHead(status, { 'content-type': contentType, ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
