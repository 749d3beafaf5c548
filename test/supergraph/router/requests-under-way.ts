// Starts a router before a subgraph that answers when a test says so, and knows when the router has taken a request up.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { EventEmitter, once } from 'node:events';
import {
  Agent,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';
import { text } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { compose } from '../../../supergraph/composition/compose.ts';
import { type BffDeclaration, defineBff } from '../../../supergraph/declaration/define-bff.ts';
import { libraryTypeDefs, schemaOf } from '../fixtures/fixture-graph.ts';
import { startRawServer } from '../fixtures/raw-server.ts';
import { startTestRouter } from '../fixtures/router-under-test.ts';

export interface Asked {
  headers: IncomingHttpHeaders;
  response: ServerResponse;
}

export interface Sent {
  method?: 'GET';
  headers?: Record<string, string>;
  /** Operation A of `query`, unless it is said otherwise. */
  body?: { query?: string; variables?: object; operationName?: string | undefined };
}

export interface Seen {
  status: number | undefined;
  headers: IncomingHttpHeaders;
  text: string;
}

export interface UnderWay {
  seen: Promise<Seen>;
  /** Resolves when the router knows that this client is gone. */
  hangUp: () => Promise<void>;
}

export interface RequestsUnderWay {
  url: string;
  supergraphSdl: string;
  /** What the subgraph was asked since the last `hold`, in order. */
  asked: readonly Asked[];
  /** Resolves when it was asked this often. */
  askedTimes: (count: number) => Promise<readonly Asked[]>;
  /** From now on the subgraph does not answer. */
  hold: () => void;
  /** What it was asked so far, and everything from now on. */
  answer: (status?: number, body?: string, headers?: Record<string, string>) => void;
  /** Resolves when the router has taken up each of them. */
  send: (...all: Sent[]) => Promise<UnderWay[]>;
  stop: () => Promise<void>;
}

const query = 'query A($id: ID = "b1") { book(id: $id) { title } } query B { ledger }';
export const mutation = {
  query: 'mutation { rename(id: "b1", title: "x") { title } }',
  operationName: undefined,
};
export const good = '{"data":{"book":{"__typename":"Book","title":"t"},"rename":{"title":"t"},"ledger":"l"}}';

/** The router knows both operations and the mutation, for every content type. */
export async function startUnderWay(
  forward: NonNullable<BffDeclaration['forward']>,
): Promise<RequestsUnderWay> {
  const library = await startRawServer(() => {});
  const supergraphSdl = compose([schemaOf('library', libraryTypeDefs, library.url)]);
  const router = await startTestRouter(supergraphSdl, { bff: defineBff({ name: 'test', port: 0, forward }) });
  const agent = new Agent({ maxSockets: Number.POSITIVE_INFINITY });
  const arrivals = watchArrivals(Number(new URL(router.url).port));
  const asked: Asked[] = [];
  const journal = new EventEmitter();

  function listen(give: (response: ServerResponse) => void): void {
    library.answerWith(({ headers }, response) => {
      asked.push({ headers, response });
      journal.emit('asked');
      give(response);
    });
  }
  function answer(status = 200, body = good, headers = {}): void {
    const give = (response: ServerResponse) => response.writeHead(status, headers).end(body);
    for (const { response } of asked) if (!response.writableEnded) give(response);
    listen(give);
  }
  async function sendOne({
    method = 'POST' as const,
    headers,
    body,
  }: Omit<Sent, 'method'> & { method?: string }) {
    const sent = { query, operationName: 'A', ...body };
    const id = headers?.['x-request-id'] ?? randomUUID();
    const arrived = arrivals.of(id);
    const [path, content, needed] =
      method === 'GET'
        ? [
            `?query=${encodeURIComponent(sent.query)}&operationName=A`,
            '',
            { 'apollo-require-preflight': 'true' },
          ]
        : ['', JSON.stringify(sent), { 'content-type': 'application/json' }];
    const options = { agent, method, headers: { ...needed, ...headers, 'x-request-id': id } };
    const client = request(`${router.url}${path}`, options).end(content);
    const seen = once(client, 'response').then(async ([response]: IncomingMessage[]): Promise<Seen> => {
      assert.ok(response);
      return { status: response.statusCode, headers: response.headers, text: await text(response) };
    });
    // Who hangs up does not look at it.
    seen.catch(() => {});
    const response = await arrived;
    const hangUp = async () => {
      const gone = once(response, 'close');
      client.destroy();
      await gone;
    };
    return { seen, hangUp };
  }
  async function send(...all: Sent[]): Promise<UnderWay[]> {
    const sent = await Promise.all(all.map(sendOne));
    // A request whose last byte has come is taken up before the next turn.
    await setImmediate();
    return sent;
  }

  answer();
  for (const accept of ['', 'application/json', 'application/graphql-response+json']) {
    for (const body of [{}, { operationName: 'B' }, mutation]) {
      const [sent] = await send({ body, headers: accept === '' ? {} : { accept } });
      assert.equal((await sent?.seen)?.status, 200);
    }
  }
  return {
    url: library.url,
    supergraphSdl,
    asked,
    async askedTimes(count) {
      while (asked.length < count) await once(journal, 'asked');
      return asked;
    },
    hold() {
      asked.length = 0;
      listen(() => {});
    },
    answer,
    send,
    async stop() {
      arrivals.stop();
      agent.destroy();
      await router.stop();
      await library.stop();
    },
  };
}

/** Tells when the last byte of a request has come to the server in this process that listens at this port. */
function watchArrivals(port: number) {
  const arrivals = new EventEmitter().setMaxListeners(0);
  const note = (message: unknown) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    if (request.socket.localPort !== port) return;
    request.once('end', () => arrivals.emit(String(request.headers['x-request-id']), response));
    // Nobody reads what has no body.
    if (request.method === 'GET') request.resume();
  };
  subscribe('http.server.request.start', note);
  return {
    of: async (id: string): Promise<ServerResponse> => {
      const [response] = await once(arrivals, id);
      return response;
    },
    stop: () => unsubscribe('http.server.request.start', note),
  };
}
