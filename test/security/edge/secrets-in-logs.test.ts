// Holds that no secret is in a router's log, however much it is told to say and whatever goes wrong.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { deadUrl } from '../../supergraph/fixtures/raw-server.ts';
import { freePort } from '../../support/redis.ts';
import { answerTo, openConnection } from './connection.ts';
import { askPlainly, type PlainRequest } from './plain-request.ts';
import { type RouterProcess, startRouterProcess } from './router-process.ts';

/** Each is somewhere else, so that what is found tells where it came from. */
const secrets = {
  caller: 'caller-secret-0123456789-0123456789-0123456789',
  admin: 'admin-secret-0123456789-0123456789-0123456789',
  redis: 'redis-password-secret',
  subgraph: 'subgraph-password-secret',
  token: 'token-secret-0123456789',
  cookie: 'cookie-secret-0123456789',
  wrongAdmin: 'wrong-admin-secret-0123456789',
  variable: 'variable-secret-0123456789',
  address: 'address-secret-0123456789',
};
const json = { 'content-type': 'application/json' };

let router: RouterProcess;
let adminPort: number;
before(async () => {
  adminPort = await freePort();
  const dead = new URL(await deadUrl());
  router = await startRouterProcess({
    LOG_LEVEL: 'trace',
    CALLER_SECRET: secrets.caller,
    ADMIN_PORT: String(adminPort),
    ADMIN_TOKEN: secrets.admin,
    REDIS_URL: `redis://user:${secrets.redis}@127.0.0.1:${dead.port}/0`,
    SUBGRAPH_POST_URL: `http://user:${secrets.subgraph}@127.0.0.1:${dead.port}/graphql`,
  });
});
after(() => router?.stop());

test('at LOG_LEVEL=trace, with all that can be refused or fail', async () => {
  const headers = {
    ...json,
    authorization: `Bearer ${secrets.token}`,
    cookie: `session=${secrets.cookie}`,
    'x-api-key': secrets.token,
  };
  const operations = [
    '{ books { title } }',
    '{ books { title postage reservations } }',
    '{ fail(with: CRASH) }',
    '{ fail(with: LEAK) }',
    '{ whoami }',
    '{ nothing }',
    '{',
    'query($id: ID!) { book(id: $id) { title postage } }',
    'query($id: Int!) { book(id: $id) { title } }',
  ];
  const variables = { id: secrets.variable };
  const asked: PlainRequest[] = [
    ...operations.flatMap((query): PlainRequest[] => [
      { method: 'POST', headers, body: JSON.stringify({ query, variables }) },
      {
        method: 'POST',
        headers: { ...json, cookie: headers.cookie },
        body: JSON.stringify({ query, variables }),
      },
      { path: `/graphql?query=${encodeURIComponent(query)}&access_token=${secrets.address}`, headers },
    ]),
    { method: 'POST', headers, body: `{"query":"${secrets.variable}` },
    { method: 'POST', headers: { ...headers, 'content-encoding': 'gzip' }, body: secrets.variable },
    { method: 'POST', headers: { ...headers, 'content-encoding': 'gzip' }, body: gzipSync(secrets.variable) },
    { method: 'POST', headers: { ...headers, 'content-type': 'a/b' }, body: secrets.variable },
    { method: 'POST', headers, body: ' '.repeat(2_000_000) },
    { path: `/nowhere?access_token=${secrets.address}`, headers },
    { path: `/%zz?access_token=${secrets.address}`, headers },
    { path: '/health/ready', headers },
  ];
  const statuses = new Set<number>();
  for (const request of asked) statuses.add((await askPlainly(router.origin, request)).status);
  for (const status of [200, 400, 404, 413, 415]) assert.ok(statuses.has(status), `${status}`);

  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const broken = [
    `GET /graphql HTTP/9.9\r\n${lines.join('\r\n')}\r\n\r\n`,
    `GET /graphql HTTP/1.1\r\nHost: a\r\n${lines.join('\r\n')}\r\n folded: ${secrets.token}\r\n\r\n`,
    `GET /graphql HTTP/1.1\r\nHost: a\r\n${lines.join('\r\n')}\r\nx: ${'a'.repeat(50_000)}\r\n\r\n`,
    `POST /graphql HTTP/1.1\r\nHost: a\r\n${lines.join('\r\n')}\r\nTransfer-Encoding: chunked\r\n\r\n${secrets.variable}`,
  ];
  for (const bytes of broken) assert.ok(((await answerTo(router.origin, bytes))?.status ?? 0) >= 400);
  const gone = await openConnection(router.origin);
  gone.write(`POST /graphql HTTP/1.1\r\nHost: a\r\n${lines.join('\r\n')}\r\nContent-Length: 900\r\n\r\n{`);
  gone.socket.resetAndDestroy();

  const admin = `http://127.0.0.1:${adminPort}`;
  for (const token of [secrets.admin, secrets.wrongAdmin]) {
    for (const path of ['/cache', '/cache?mark=Product:p1', '/%zz', '/nowhere']) {
      await askPlainly(admin, { path, headers: { authorization: `Bearer ${token}` } });
    }
    const body = JSON.stringify({ all: 'x' });
    await askPlainly(admin, {
      method: 'POST',
      path: '/cache/purge',
      headers: { ...json, authorization: `Bearer ${token}` },
      body,
    });
  }
  for (const token of [secrets.admin, secrets.wrongAdmin]) {
    await answerTo(admin, `GET /cache HTTP/9.9\r\nauthorization: Bearer ${token}\r\n\r\n`);
  }
  router.child.process.kill('SIGTERM');
  await router.child.ended;
  const output = router.child.output();
  // It has said something of all this, so that there was something to be careful about.
  assert.match(output, /"level":(?:10|20)/);
  assert.match(output, /Redis/i);
  for (const [where, secret] of Object.entries(secrets)) {
    const found = output.split('\n').find((line) => line.includes(secret));
    assert.equal(found, undefined, where);
    const bytes = [...Buffer.from(secret)].join(',');
    assert.ok(!output.includes(bytes), `${where}, byte by byte`);
  }
});
