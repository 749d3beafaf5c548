// Holds what a subgraph asks of others (keys, and calls) to looking at who answers, whatever Node is told, and to hearing only so much.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createPlainServer, type RequestListener, type Server } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { callSubgraph } from '../../../subgraphs/kit/calls/call-subgraph.ts';
import { identifyCaller, remoteKeySet } from '../../../subgraphs/kit/calls/caller.ts';
import { createAuthority } from '../../support/certificates.ts';
import { startTestIdentity } from '../../support/identity.ts';

/** As Node is told to believe everybody. */
function believeEverybody(t: TestContext): void {
  const variable = 'NODE_TLS_REJECT_UNAUTHORIZED';
  const before = process.env[variable];
  process.env[variable] = '0';
  t.after(() => {
    if (before === undefined) delete process.env[variable];
    else process.env[variable] = before;
  });
}

async function startStranger(t: TestContext, answer: RequestListener): Promise<string> {
  const { cert, key } = await (await createAuthority('somebody else')).issue();
  return `https://127.0.0.1:${await listen(t, createServer({ cert, key }, answer))}`;
}

async function listen(t: TestContext, server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

const call = (url: string) =>
  callSubgraph({
    secret: 'a secret of at least 32 characters, for tests',
    from: 'accounts',
    to: 'orders',
    scopes: [],
    url: new URL(url),
    body: { userId: 'user-1' },
    signal: AbortSignal.timeout(10_000),
  });

test('keys of somebody with another certificate are not asked for', async (t) => {
  believeEverybody(t);
  const identity = await startTestIdentity();
  t.after(() => identity.stop());
  const published = await (await fetch(identity.jwksUrl)).text();
  const heard: unknown[] = [];
  const origin = await startStranger(t, ({ url }, response) => {
    heard.push(url);
    response.setHeader('content-type', 'application/json').end(published);
  });
  assert.equal((await fetch(origin)).status, 200, 'Node itself believes everybody here');
  const { issuer, audience } = identity;
  const token = await identity.tokenFor({ userId: 'user-1' });
  const rules = (url: string) => ({ keySet: remoteKeySet(url), issuer, audience });
  await assert.rejects(identifyCaller(`Bearer ${token}`, rules(`${origin}/keys`)), {
    extensions: { code: 'SUBGRAPH_UNAVAILABLE', http: { status: 503 } },
  });
  assert.deepEqual(heard, ['/']);
  assert.equal((await identifyCaller(`Bearer ${token}`, rules(identity.jwksUrl))).userId, 'user-1');
});

test('a call goes to nobody with another certificate', async (t) => {
  believeEverybody(t);
  const heard: unknown[] = [];
  const origin = await startStranger(t, ({ url }, response) => {
    heard.push(url);
    response.end('{"erased":{}}');
  });
  await assert.rejects(call(`${origin}/erasures`));
  assert.deepEqual(heard, []);
});

test('an answer without end is not heard to its end', async (t) => {
  const port = await listen(
    t,
    createPlainServer((_, response) => {
      const more = () => {
        while (!response.destroyed && response.write(' '.repeat(16_384)));
      };
      response.on('drain', more);
      more();
    }),
  );
  await assert.rejects(call(`http://127.0.0.1:${port}/erasures`), { code: 'UND_ERR_RES_EXCEEDED_MAX_SIZE' });
});

test('an answer of 64 KB is heard', async (t) => {
  const port = await listen(
    t,
    createPlainServer((_, response) => response.end(' '.repeat(65_536))),
  );
  const { status, text } = await call(`http://127.0.0.1:${port}/erasures`);
  assert.deepEqual([status, text.length], [200, 65_536]);
});
