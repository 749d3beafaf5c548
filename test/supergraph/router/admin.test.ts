// Holds the admin port to its door, and to saying and dropping what caches hold.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import fastify from 'fastify';
import { buildSchema } from 'graphql';
import type { HeldEntry } from '../../../supergraph/cache/cache-desk.ts';
import { serveAdmin } from '../../../supergraph/router/serve-admin.ts';
import { type AdminPort, adminToken, entry, ListOfEntries, startAdminPort } from '../fixtures/admin-port.ts';

async function twoBffs(t: TestContext): Promise<{ web: ListOfEntries; app: ListOfEntries; port: AdminPort }> {
  const web = new ListOfEntries(entry('p1'), entry('p2', { level: 'responses' }));
  const app = new ListOfEntries(entry('p1', { scope: 'viewer', marks: ['Product:p1', 'Product', '*'] }));
  const bffs = [
    { name: 'web', cache: web },
    { name: 'app', cache: app },
    { name: 'plain', cache: undefined },
  ];
  const port = await startAdminPort(bffs);
  t.after(() => port.stop());
  return { web, app, port };
}

const codeOf = ({ errors }: Record<string, unknown>): unknown =>
  (errors as { extensions: { code: string } }[])[0]?.extensions.code;
const wordsOf = ({ errors }: Record<string, unknown>): string =>
  (errors as { message: string }[])[0]?.message ?? '';

test('what has a mark is told, of each BFF', async (t) => {
  const { web, app, port } = await twoBffs(t);
  const { status, headers, body } = await port.ask('/cache?mark=Product:p1');
  assert.deepEqual([status, headers.get('cache-control')], [200, 'no-store']);
  assert.deepEqual(body, { bffs: { web: [web.entries[0]], app: app.entries, plain: [] } });
  const by = (mark: string, ...entries: (HeldEntry | undefined)[]) =>
    entries.map((one) => ({ ...one, by: mark }));
  const { body: tagged } = await port.ask('/cache?mark=%23prices');
  assert.deepEqual(tagged, { bffs: { web: by('#prices', ...web.entries), app: [], plain: [] } });
  const { body: first } = await port.ask('/cache?mark=Product&most=1');
  assert.deepEqual(first, {
    bffs: { web: by('Product', web.entries[0]), app: by('Product', ...app.entries), plain: [] },
  });
});

test('what is in no supergraph is doubted, and what one of several BFFs knows is not', async (t) => {
  const { app, port } = await twoBffs(t);
  for (const [mark, doubt] of [
    ['Produkt:p1', 'There is no type "Produkt". Did you mean "Product"?'],
    ['Money', 'Money has no fields: it is kept as a part of other things alone.'],
    ['Query.product', 'There is no field "product" of Query. Did you mean "products"?'],
    ['Product', undefined],
    ['Query.products', undefined],
    ['*', undefined],
    ['%23anything', undefined],
  ] as const) {
    const { body } = await port.ask(`/cache?mark=${mark}`);
    assert.deepEqual(body['doubts'], doubt && [doubt], mark);
  }
  const purge = { keys: ['Produkt:p1', 'Product:p1'], types: ['Produkt', 'Money'], tags: ['Produkt'] };
  const doubts = [
    'There is no type "Produkt". Did you mean "Product"?',
    'Money has no fields: it is kept as a part of other things alone.',
  ];
  assert.deepEqual((await port.purge(purge)).body, { dropped: 2, told: 'all', doubts });
  app.schema = buildSchema('type Query { sold: Produkt } type Produkt { id: ID! }');
  assert.equal((await port.ask('/cache?mark=Produkt')).body['doubts'], undefined);
});

test('no more than 100 are told unless more are asked for', async (t) => {
  const cache = new ListOfEntries(...Array.from({ length: 120 }, (_, index) => entry(`p${index}`)));
  const port = await startAdminPort([{ name: 'web', cache }]);
  t.after(() => port.stop());
  const lengthOf = async (path: string): Promise<number | undefined> =>
    ((await port.ask(path)).body as { bffs: Record<string, unknown[]> }).bffs['web']?.length;
  assert.equal(await lengthOf('/cache?mark=*'), 100);
  assert.equal(await lengthOf('/cache?mark=*&most=1000'), 120);
});

test('what is purged is dropped by all BFFs, or by one', async (t) => {
  const { web, app, port } = await twoBffs(t);
  const one = await port.purge({ keys: ['Product:p1'], bff: 'app' });
  assert.deepEqual([one.status, one.body], [200, { dropped: 1, told: 'all' }]);
  assert.deepEqual([web.entries.length, app.entries.length], [2, 0]);
  assert.deepEqual(app.changes, [{ keys: ['Product:p1'], types: [], tags: [], all: false }]);
  assert.deepEqual((await port.purge({ tags: ['prices'] })).body, { dropped: 2, told: 'all' });
  assert.deepEqual([web.entries, web.changes.length, app.changes.length], [[], 1, 2]);
});

test('it is told when one of them may not have reached its replicas', async (t) => {
  const { web, app, port } = await twoBffs(t);
  app.told = 'unsure';
  assert.deepEqual((await port.purge({ all: true })).body, { dropped: 3, told: 'unsure' });
  const ofWeb = { types: ['Query.products'], bff: 'web' };
  assert.deepEqual((await port.purge(ofWeb)).body, { dropped: 0, told: 'all' });
  [web.told, app.told] = ['none', 'none'];
  assert.deepEqual((await port.purge(ofWeb)).body, { dropped: 0, told: 'none' });
});

for (const [whose, authorization] of [
  ['without a token', undefined],
  ['with another', 'Bearer another-token-of-thirty-two-characters'],
  ['with the beginning of it', `Bearer ${adminToken.slice(0, -1)}`],
  ['with more than it', `Bearer ${adminToken}x`],
  ['with an empty one', 'Bearer '],
  ['with it as a password', `Basic ${Buffer.from(`admin:${adminToken}`).toString('base64')}`],
  ['with it alone', adminToken],
] as const) {
  test(`nothing is answered ${whose}, wherever it is asked`, async (t) => {
    const { web, port } = await twoBffs(t);
    const headers = { 'content-type': 'application/json', ...(authorization && { authorization }) };
    for (const [path, body] of [
      ['/cache?mark=*', undefined],
      ['/cache', undefined],
      ['/cache/purge', '{"all": true}'],
      ['/cache/purge', '{'],
      ['/elsewhere', undefined],
      ['/%zz', undefined],
    ] as const) {
      const answer = await port.ask(path, { method: body ? 'POST' : 'GET', headers, body: body ?? null });
      assert.equal(answer.status, 401, path);
      assert.equal(answer.headers.get('www-authenticate'), 'Bearer', path);
      assert.deepEqual(answer.body, {
        errors: [
          {
            message: 'Send the token of the admin port, as "authorization: Bearer <token>".',
            extensions: { code: 'UNAUTHENTICATED' },
          },
        ],
      });
    }
    assert.deepEqual(web.changes, []);
  });
}

test('a stranger is refused before the body has come', async (t) => {
  const { port } = await twoBffs(t);
  const socket = connect(Number(new URL(port.url).port), '127.0.0.1');
  t.after(() => socket.destroy());
  socket.write(
    'POST /cache/purge HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{',
  );
  const [chunk] = await once(socket, 'data');
  assert.match(String(chunk), /^HTTP\/1\.1 401 /);
});

test('the scheme of the token may be written in any case', async (t) => {
  const { port } = await twoBffs(t);
  const answer = await port.ask('/cache?mark=*', { headers: { authorization: `bearer ${adminToken}` } });
  assert.equal(answer.status, 200);
});

for (const [path, words] of [
  ['/cache', /^Say once what to look for/],
  ['/cache?mark=', /^Say once what to look for/],
  ['/cache?mark=a&mark=b', /^Say once what to look for/],
  ['/cache?mark=a&most=0', /^"most" must be a whole number from 1 to 1000\.$/],
  ['/cache?mark=a&most=1001', /^"most" must be/],
  ['/cache?mark=a&most=ten', /^"most" must be/],
  ['/cache?mark=a&most=1&most=2', /^"most" must be/],
  ['/cache?marc=a', /^There is no parameter "marc"\. Did you mean "mark"\?$/],
  ['/%zz', /not a valid url/],
] as const) {
  test(`looking at ${path} is refused with a sentence`, async (t) => {
    const { port } = await twoBffs(t);
    const { status, body } = await port.ask(path);
    assert.deepEqual([status, codeOf(body)], [400, 'BAD_REQUEST']);
    assert.match(wordsOf(body), words);
  });
}

for (const [body, words] of [
  [{}, /^Say what to drop/],
  [{ keys: [], types: [], tags: [], all: false }, /^Say what to drop/],
  [{ bff: 'web' }, /^Say what to drop/],
  [[], /^The body must be a JSON object/],
  ['null', /^The body must be a JSON object/],
  ['{', /^The body is not valid JSON\.$/],
  ['', /^The body is empty\.$/],
  [{ key: ['Product:p1'] }, /^The body may not have a member "key"\. Did you mean "keys"\?$/],
  [{ keys: ['Product:p1'], fence: 'x' }, /"fence"/],
  [{ keys: 'Product:p1' }, /^"keys" must be a list of entities such as "Product:p1"/],
  [{ keys: ['Product'] }, /^"keys" must be/],
  [{ keys: ['Product:'] }, /^"keys" must be/],
  [{ keys: ['Product:*'] }, /all of a type stand in "types"\.$/],
  [{ keys: ['Product:p1', 7] }, /^"keys" must be/],
  [{ types: ['Product:p1'] }, /^"types" must be/],
  [{ tags: [''] }, /^"tags" must be/],
  [{ all: 'yes' }, /^"all" must be true or false\.$/],
  [{ all: true, bff: 1 }, /^"bff" must be the name of a BFF\.$/],
  [{ all: true, bff: 'wep' }, /^There is no BFF "wep" here\. Did you mean "web"\?$/],
  [{ all: true, bff: 'plain' }, /^Nothing is kept by plain/],
] as const) {
  test(`purging ${JSON.stringify(body)} is refused with a sentence, and drops nothing`, async (t) => {
    const { web, app, port } = await twoBffs(t);
    const answer = await port.purge(body);
    assert.deepEqual([answer.status, codeOf(answer.body)], [400, 'BAD_REQUEST']);
    assert.match(wordsOf(answer.body), words);
    assert.deepEqual([...web.changes, ...app.changes], []);
  });
}

test('where nobody has a cache, nothing is held, and purging says so', async (t) => {
  const port = await startAdminPort([{ name: 'web', cache: undefined }]);
  t.after(() => port.stop());
  assert.deepEqual((await port.ask('/cache?mark=*')).body, { bffs: { web: [] } });
  const { status, body } = await port.purge({ all: true });
  assert.deepEqual([status, wordsOf(body)], [400, 'Nothing is kept by web: there is no cache.']);
});

test('a body that is too large, or no JSON, is refused in words of the table', async (t) => {
  const { port } = await twoBffs(t);
  const large = await port.purge({ keys: [`Product:${'x'.repeat(70_000)}`] });
  assert.deepEqual([large.status, codeOf(large.body)], [413, 'BODY_TOO_LARGE']);
  for (const type of ['text/plain', 'application/x-www-form-urlencoded']) {
    const headers = { authorization: `Bearer ${adminToken}`, 'content-type': type };
    const answer = await port.ask('/cache/purge', { method: 'POST', headers, body: '{"all":true}' });
    assert.deepEqual([answer.status, codeOf(answer.body)], [415, 'UNSUPPORTED_MEDIA_TYPE'], type);
  }
});

test('nothing else is at the port, and no other site is let in', async (t) => {
  const { port } = await twoBffs(t);
  const headers = { authorization: `Bearer ${adminToken}`, origin: 'https://evil.example' };
  for (const [method, path] of [
    ['GET', '/'],
    ['GET', '/graphql'],
    ['GET', '/cache/purge'],
    ['POST', '/cache'],
    ['DELETE', '/cache'],
    ['OPTIONS', '/cache'],
  ] as const) {
    const answer = await port.ask(path, { method, headers });
    assert.deepEqual([answer.status, codeOf(answer.body)], [404, 'ROUTE_NOT_FOUND'], `${method} ${path}`);
    assert.equal(answer.headers.get('access-control-allow-origin'), null);
  }
});

test('a cache that fails is an error of ours, and its words stay in the log', async (t) => {
  const failing = new ListOfEntries();
  failing.held = () => Promise.reject(new Error('connect 10.0.0.1'));
  const port = await startAdminPort([{ name: 'web', cache: failing }]);
  t.after(() => port.stop());
  const { status, body } = await port.ask('/cache?mark=*');
  assert.deepEqual([status, codeOf(body)], [500, 'INTERNAL_SERVER_ERROR']);
  assert.doesNotMatch(JSON.stringify(body), /10\.0\.0\.1/);
});

test('stopping it ends connections that are open', async (t) => {
  const { port } = await twoBffs(t);
  const socket = connect(Number(new URL(port.url).port), '127.0.0.1');
  t.after(() => socket.destroy());
  await once(socket, 'connect');
  // The server has seen the connection when it has answered on it.
  socket.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n');
  const said = text(socket);
  await once(socket, 'data');
  await port.stop();
  assert.match(await said, /401/);
  await assert.rejects(port.ask('/cache?mark=*'));
});

test('without a port, or without a token, it is served nowhere', async () => {
  const { log } = fastify({ logger: { level: 'silent' } });
  const host = '127.0.0.1';
  for (const environment of [
    { host, adminPort: undefined, adminToken },
    // A port of 0 would be a free one.
    { host, adminPort: 0, adminToken: undefined },
  ]) {
    const before = process.getActiveResourcesInfo().filter((kind) => kind === 'TCPServerWrap').length;
    const stop = await serveAdmin([], environment, log);
    const now = process.getActiveResourcesInfo().filter((kind) => kind === 'TCPServerWrap').length;
    assert.equal(now, before);
    await stop();
  }
});
