// Holds that who asks is found out on every road through a router, and before anything else.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { getIntrospectionQuery } from 'graphql';
import { makeKey, type Provider, type SigningKey, startProvider } from './provider.ts';
import {
  audience,
  type RouterWithIdentity,
  refusalIn,
  startRouterWithIdentity,
  unauthenticated,
  viewerWatcher,
} from './router-with-identity.ts';

let provider: Provider;
let key: SigningKey;

before(async () => {
  key = await makeKey('key');
  provider = await startProvider(key);
});
after(() => provider?.stop());

const books = '{ books { title } }';
const post = (body: string): RequestInit => ({ method: 'POST', body });
const json = { 'content-type': 'application/json' };

/** By what they are called; each would be answered without a header. */
const requests: [string, string, RequestInit, number][] = [
  ['a query', '/graphql', post(JSON.stringify({ query: books })), 200],
  ['the name of the root type alone', '/graphql', post('{"query":"{ __typename }"}'), 200],
  ['introspection', '/graphql', post(JSON.stringify({ query: getIntrospectionQuery() })), 200],
  [
    'a mutation',
    '/graphql',
    post('{"query":"mutation { rename(id: \\"b1\\", title: \\"x\\") { id } }"}'),
    200,
  ],
  ['a query by GET', `/graphql?query=${encodeURIComponent(books)}`, { headers: json }, 200],
  [
    'a query by GET without anything that another site could not send',
    `/graphql?query=${encodeURIComponent(books)}`,
    {},
    400,
  ],
  ['a query that does not fit the schema', '/graphql', post('{"query":"{ nothing }"}'), 400],
  ['no GraphQL at all', '/graphql', post('{}'), 400],
  [
    'a persisted query that nobody knows',
    '/graphql',
    post(JSON.stringify({ extensions: { persistedQuery: { version: 1, sha256Hash: 'ab'.repeat(32) } } })),
    200,
  ],
];

const roads: [string, Parameters<typeof startRouterWithIdentity>[1]][] = [
  ['our engine', {}],
  ['the engine of Apollo', { environment: { engine: 'apollo' } }],
  ['a router with plugins', { bff: { plugins: [viewerWatcher().plugin] } }],
];

for (const [road, options] of roads) {
  describe(road, () => {
    let router: RouterWithIdentity;
    before(async () => {
      router = await startRouterWithIdentity(
        { issuers: [{ issuer: provider.issuer, audiences: [audience], jwks: provider.jwksUrl }] },
        options,
      );
    });
    after(() => router?.stop());

    for (const [name, path, init, status] of requests) {
      test(`${name}: answered without a token and with a good one, refused with a wrong one`, async () => {
        const send = (authorization?: string) =>
          router.fetch(path, {
            ...init,
            headers: {
              ...(init.body ? json : (init.headers as Record<string, string>)),
              ...(authorization && { authorization }),
            },
          });
        const good = `Bearer ${await key.sign(router.claims())}`;
        assert.equal((await send()).status, status);
        assert.equal((await send(good)).status, status);
        assert.equal((await send(good)).status, status, 'once more: much is known now');
        router.graph.seen.length = 0;
        for (const accept of ['application/json', 'application/graphql-response+json']) {
          const answer = await router.fetch(path, {
            ...init,
            headers: { ...(init.body ? json : {}), accept, authorization: `${good.slice(0, -8)}AAAAAAAA` },
          });
          assert.deepEqual(refusalIn(answer), unauthenticated);
        }
        assert.deepEqual(router.graph.seen, []);
      });
    }

    test('health and pages need no token, and no good one', async () => {
      for (const path of ['/health/live', '/health/ready', '/', '/explorer']) {
        assert.equal((await router.fetch(path, { headers: { authorization: 'Basic x' } })).status, 200, path);
      }
    });
  });
}

describe('known and shared requests', () => {
  let router: RouterWithIdentity;
  before(async () => {
    router = await startRouterWithIdentity({
      issuers: [{ issuer: provider.issuer, audiences: [audience], jwks: provider.jwksUrl }],
    });
  });
  after(() => router?.stop());

  test('each viewer has an answer of their own, however many ask the same at once', async () => {
    const users = Array.from({ length: 8 }, (_, index) => `user-${index}`);
    const tokens = await Promise.all(users.map((sub) => key.sign(router.claims({ sub }))));
    for (let round = 0; round < 3; round += 1) {
      const answers = await Promise.all(
        tokens.flatMap((token) =>
          [1, 2, 3].map(async () => {
            const { body } = await router.askWith(`Bearer ${token}`, '{ whoami }');
            return { own: body.data?.['whoami'] === `Bearer ${token}` };
          }),
        ),
      );
      assert.ok(answers.every(({ own }) => own));
    }
    assert.equal((await router.ask('{ whoami }')).body.data?.['whoami'], null);
  });

  test('a token that has ended is refused, though its request is known and was answered a moment ago', async () => {
    const exp = Math.floor(router.clock.now() / 1000) + 10;
    const authorization = `Bearer ${await key.sign(router.claims({ exp }))}`;
    for (let times = 0; times < 3; times += 1)
      assert.equal((await router.askWith(authorization)).status, 200);
    router.clock.advance(16_000);
    router.graph.seen.length = 0;
    assert.deepEqual(refusalIn(await router.askWith(authorization)), unauthenticated);
    assert.deepEqual(router.graph.seen, []);
  });
});

test('a client that hangs up while its token is checked costs no subgraph anything', async () => {
  const slow = await startProvider(key);
  let release: (() => void) | undefined;
  slow.answerWith((_request, response) => {
    release = () => response.end(JSON.stringify({ keys: [key.publicJwk] }));
  });
  const router = await startRouterWithIdentity({
    issuers: [{ issuer: slow.issuer, audiences: [audience], jwks: slow.jwksUrl }],
  });
  try {
    await slow.asked(1);
    const authorization = `Bearer ${await key.sign(router.claims())}`;
    const { hostname, port } = new URL(router.origin);
    const body = JSON.stringify({ query: books });
    const client = connect(Number(port), hostname);
    client.write(
      [
        'POST /graphql HTTP/1.1',
        `Host: ${hostname}`,
        'Content-Type: application/json',
        `Content-Length: ${body.length}`,
        `Authorization: ${authorization}`,
        '',
        body,
      ].join('\r\n'),
    );
    await once(client, 'connect');
    // What is answered now was sent later: by then the router has read the other, and then has seen it go.
    assert.equal((await router.ask('{ __typename }')).status, 200);
    client.destroy();
    await once(client, 'close');
    assert.equal((await router.ask('{ __typename }')).status, 200);
    release?.();
    assert.equal((await router.askWith(authorization, '{ books { id } }')).status, 200);
    assert.deepEqual(
      router.graph.seen.map(({ query }) => query.includes('title')),
      [false],
    );
  } finally {
    await router.stop();
    await slow.stop();
  }
});
