// Starts two routers that differ in nothing but a plugin, for which each request goes by Apollo Server, and compares them.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { type BffDeclaration, defineBff } from '../../../supergraph/declaration/define-bff.ts';
import type { FixtureGraph } from '../fixtures/fixture-graph.ts';
import { type RouterUnderTest, startTestRouter } from '../fixtures/router-under-test.ts';

export interface Sent {
  /** What is expected of the answer. */
  status: number;
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string | Buffer;
}

export interface RouterPair {
  /** Sends all of it three times to both: what is new at first is known then. */
  compare: (all: readonly Sent[]) => Promise<void>;
  stop: () => Promise<void>;
}

export async function startPair(
  graph: FixtureGraph,
  forward: NonNullable<BffDeclaration['forward']>,
  subgraphUrl: (name: string) => string | undefined = () => undefined,
): Promise<RouterPair> {
  const start = (plugins: NonNullable<BffDeclaration['plugins']>) =>
    startTestRouter(graph.supergraphSdl, {
      bff: defineBff({ name: 'test', port: 0, forward, plugins }),
      environment: { subgraphUrl, corsOrigins: ['https://shop.example'] },
    });
  const knowing = await start([]);
  const asking = await start([{}]);
  return {
    async compare(all) {
      for (const time of ['the first time', 'the second time', 'the third time']) {
        for (const sent of all) {
          const expected = await exchange(sent, asking, graph);
          assert.equal(expected.status, sent.status, expected.text);
          assert.deepEqual(await exchange(sent, knowing, graph), expected, time);
        }
      }
    },
    async stop() {
      await knowing.stop();
      await asking.stop();
    },
  };
}

/** By POST, as JSON unless it is text already. */
export function post(
  status: number,
  body: object | string | Buffer,
  headers: Record<string, string> = {},
): Sent {
  const sent = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  return {
    status,
    method: 'POST',
    path: '/graphql',
    headers: { 'content-type': 'application/json', ...headers },
    body: sent,
  };
}

export function get(
  status: number,
  search: Record<string, string>,
  headers: Record<string, string> = {},
): Sent {
  return { status, method: 'GET', path: `/graphql?${new URLSearchParams(search)}`, headers };
}

export const preflighted = { 'apollo-require-preflight': 'true' };

/** All that a client sees, but the time and how long the connection is kept. */
async function answerTo({ method, path, headers, body }: Sent, { origin }: RouterUnderTest) {
  const requestId = randomUUID();
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request(`${origin}${path}`, { method, headers: { ...headers, 'x-request-id': requestId } })
      .on('response', resolve)
      .on('error', reject)
      .end(body);
  });
  assert.equal(response.headers['x-request-id'], requestId);
  const lines = response.rawHeaders.flatMap((name, index, all) =>
    index % 2 === 0 ? [`${name.toLowerCase()}: ${all[index + 1]}`] : [],
  );
  return {
    status: response.statusCode,
    headers: lines.filter((line) => !/^(?:date|x-request-id|keep-alive): /.test(line)).sort(),
    text: await text(response),
  };
}

/** The answer, and what subgraphs were asked for it. */
async function exchange(sent: Sent, router: RouterUnderTest, graph: FixtureGraph) {
  graph.seen.length = 0;
  const answer = await answerTo(sent, router);
  const asked = graph.seen.map(({ subgraph, query, headers }) =>
    [subgraph, query, headers.authorization, headers['accept-language']].join(' '),
  );
  return { ...answer, asked: asked.sort() };
}
