// Starts a router with policies before a scripted subgraph that writes down what it is asked, for tests of these policies.
import { EventEmitter, once } from 'node:events';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { createServer } from 'node:net';
import { compose } from '../../../supergraph/composition/compose.ts';
import {
  type BffDeclaration,
  defineBff,
  type SubgraphPolicy,
} from '../../../supergraph/declaration/define-bff.ts';
import { libraryTypeDefs, postTypeDefs, schemaOf } from '../fixtures/fixture-graph.ts';
import { startRawServer } from '../fixtures/raw-server.ts';
import { type Answer, type RouterUnderTest, startTestRouter } from '../fixtures/router-under-test.ts';

export interface Asked {
  headers: IncomingHttpHeaders;
  response: ServerResponse;
  /** When it came. */
  at: number;
  /** Resolves when its connection is closed. */
  closed: Promise<unknown>;
}

export type Behaviour = (asked: Asked, count: number) => void;

export interface GuardedRoute {
  router: RouterUnderTest;
  /** What the library was asked, in order. */
  asked: Asked[];
  /** What the post was asked. */
  postAsked: Asked[];
  askedTimes: (count: number) => Promise<void>;
  /** From now on. */
  library: (how: Behaviour) => void;
  post: (how: Behaviour) => void;
  /** Each is another question, which nobody shares. */
  ask: (signal?: AbortSignal) => Promise<Answer>;
  rename: () => Promise<Answer>;
  /** The value of a metric whose line has all of these words; 0 where there is none. */
  metric: (...words: string[]) => Promise<number>;
  stop: () => Promise<void>;
}

const supergraph = compose([schemaOf('library', libraryTypeDefs), schemaOf('post', postTypeDefs)]);

export const good = '{"data":{"book":{"title":"Emma"},"rename":{"title":"Emma"}}}';

/** Answers with this at once. */
export function says(status: number, body = good, headers: Record<string, string> = {}): Behaviour {
  return ({ response }) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
}

export const silence: Behaviour = () => {};

/** The policy is the library's. */
export async function startGuarded(
  policy: SubgraphPolicy,
  more: Partial<BffDeclaration> = {},
): Promise<GuardedRoute> {
  const library = await startJournal();
  const post = await startJournal();
  const metricsPort = await freePort();
  const urls: Record<string, string> = { library: library.url, post: post.url };
  const router = await startTestRouter(supergraph, {
    bff: defineBff({ name: 'test', port: 0, ...more, subgraphs: { library: policy } }),
    environment: { metricsPort, subgraphUrl: (name) => urls[name] },
  });
  let questions = 0;
  const question = 'query Title($id: ID!) { book(id: $id) { title } }';
  return {
    router,
    asked: library.asked,
    postAsked: post.asked,
    askedTimes: library.askedTimes,
    library: library.behave,
    post: post.behave,
    ask(signal) {
      questions += 1;
      return router.fetch('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: question, variables: { id: `${questions}` } }),
        ...(signal && { signal }),
      });
    },
    rename: () => router.ask('mutation { rename(id: "1", title: "Emma") { title } }'),
    async metric(...words) {
      const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
      const line = text
        .split('\n')
        .find((one) => !one.startsWith('#') && words.every((word) => one.includes(word)));
      return line === undefined ? 0 : Number(line.slice(line.lastIndexOf(' ')));
    },
    async stop() {
      await router.stop();
      await library.stop();
      await post.stop();
    },
  };
}

async function startJournal() {
  const asked: Asked[] = [];
  const journal = new EventEmitter().setMaxListeners(0);
  let behave: Behaviour = says(200);
  const server = await startRawServer((request, response) => {
    request.resume().once('end', () => {
      const one = {
        headers: request.headers,
        response,
        at: performance.now(),
        closed: once(response, 'close'),
      };
      asked.push(one);
      behave(one, asked.length);
      journal.emit('asked');
    });
  });
  return {
    url: server.url,
    asked,
    behave(how: Behaviour) {
      behave = how;
    },
    async askedTimes(count: number) {
      while (asked.length < count) await once(journal, 'asked');
    },
    stop: server.stop,
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

/** The code of the first error; 'answered' where there is none. */
export function codeIn({ body }: Answer): unknown {
  return body.errors === undefined ? 'answered' : body.errors[0]?.extensions['code'];
}

/** How often each came. */
export function tally(codes: readonly unknown[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const code of codes) counts[String(code)] = (counts[String(code)] ?? 0) + 1;
  return counts;
}

/** Looks again in each turn of the loop, for what nobody tells; bounded by the test's own time. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setImmediate(resolve));
}
