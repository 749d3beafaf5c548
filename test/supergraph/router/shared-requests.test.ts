// Holds a router to asking subgraphs once for identical queries that are under way at once, and for nobody else.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { startChild } from '../fixtures/child-process.ts';
import {
  good,
  mutation,
  type RequestsUnderWay,
  type Seen,
  type Sent,
  startUnderWay,
  type UnderWay,
} from './requests-under-way.ts';

// Without it a request that waits for an answer which nobody was asked for would wait for ever.
const timeout = 30_000;
const goodText = '{"data":{"book":{"title":"t"}}}';

let all: RequestsUnderWay;
before(async () => {
  all = await startUnderWay({ headers: ['Accept-Language', 'x-tenant'], answerHeaders: ['x-list'] });
});
after(() => all?.stop());
beforeEach(() => all.hold());
// What a test leaves under way would be joined by the next.
afterEach(() => all.answer());

const seenBy = (sent: readonly UnderWay[]): Promise<Seen[]> => Promise.all(sent.map(({ seen }) => seen));
const alone = async (sent: Sent = {}): Promise<UnderWay> => {
  const [one] = await all.send(sent);
  return one ?? assert.fail();
};

describe('identical queries that are under way at once', () => {
  test('ask the subgraph once, and each gets the answer under its own id', { timeout }, async () => {
    const ids = ['one', 'two', 'three'];
    const sent = await all.send(...ids.map((id) => ({ headers: { 'x-request-id': id } })));
    await all.askedTimes(1);
    all.answer(200, good, { 'x-list': 'l' });
    const seen = await seenBy(sent);
    assert.deepEqual(
      seen.map(({ status, headers, text }) => [status, headers['x-request-id'], headers['x-list'], text]),
      ids.map((id) => [200, id, 'l', goodText]),
    );
    assert.equal(all.asked.length, 1);
    assert.ok(ids.includes(String(all.asked[0]?.headers['x-request-id'])));
  });

  test('ask it again when the answer has come', { timeout }, async () => {
    for (const count of [1, 2]) {
      const sent = await all.send({}, {});
      await all.askedTimes(count);
      all.asked.at(-1)?.response.end(good);
      await seenBy(sent);
      assert.equal(all.asked.length, count);
    }
  });

  test('are one request for a thousand of them', { timeout }, async () => {
    const sent: UnderWay[] = [];
    // More new connections at once are more than a server keeps waiting.
    for (let wave = 0; wave < 5; wave += 1)
      sent.push(...(await all.send(...Array.from({ length: 200 }, () => ({})))));
    await all.askedTimes(1);
    all.answer();
    assert.deepEqual([...new Set((await seenBy(sent)).map(({ text }) => text))], [goodText]);
    assert.equal(all.asked.length, 1);
  });

  const alike: [string, Sent, Sent][] = [
    [
      'headers that no subgraph gets',
      { headers: { cookie: 'a=1' } },
      { headers: { cookie: 'a=2', 'user-agent': 'x' } },
    ],
    [
      'equal headers that subgraphs get',
      { headers: { authorization: 'a', 'accept-language': 'de' } },
      { headers: { 'Accept-Language': 'de', Authorization: 'a' } },
    ],
    ['equal variables', { body: { variables: { id: 'b2' } } }, { body: { variables: { id: 'b2' } } }],
    ['ways to accept that get the same content type', { headers: { accept: 'application/json' } }, {}],
  ];
  for (const [name, first, second] of alike) {
    test(`are shared with ${name}`, { timeout }, async () => {
      const sent = await all.send(first, second);
      await all.askedTimes(1);
      all.answer();
      const seen = await seenBy(sent);
      assert.deepEqual(
        seen.map(({ headers, text }) => [headers['content-type'], text]),
        seen.map(() => ['application/json; charset=utf-8', goodText]),
      );
      assert.equal(all.asked.length, 1);
    });
  }

  const failures: [string, number, string, string][] = [
    ['a failure of the subgraph', 503, 'no', 'SUBGRAPH_UNAVAILABLE'],
    [
      'an error in its answer',
      200,
      '{"data":null,"errors":[{"message":"x","extensions":{"code":"NOT_FOUND"}}]}',
      'NOT_FOUND',
    ],
  ];
  for (const [name, status, body, code] of failures) {
    test(`share ${name}, which is not remembered`, { timeout }, async () => {
      const sent = await all.send({}, {}, {});
      await all.askedTimes(1);
      all.answer(status, body);
      const texts = (await seenBy(sent)).map(({ text }) => text);
      assert.equal(new Set(texts).size, 1);
      assert.equal(JSON.parse(texts[0] ?? '').errors[0].extensions.code, code);
      assert.equal(all.asked.length, 1);
      all.answer();
      assert.equal((await (await alone()).seen).text, goodText);
      assert.equal(all.asked.length, 2);
    });
  }

  test('that cannot be run are refused each, and ask nobody', { timeout }, async () => {
    const wrong = {
      headers: { accept: 'application/graphql-response+json' },
      body: { variables: { id: {} } },
    };
    const seen = await seenBy(await all.send(wrong, wrong));
    assert.deepEqual(
      seen.map(({ status, text }) => [status, JSON.parse(text).errors[0].extensions.code]),
      seen.map(() => [400, 'BAD_USER_INPUT']),
    );
    assert.equal(all.asked.length, 0);
  });
});

describe('requests that are under way at once are not shared', () => {
  const from = (headers: Record<string, string>): Sent => ({ headers });
  const cases: [string, Sent, Sent][] = [
    ['with another authorization', from({ authorization: 'a' }), from({ authorization: 'b' })],
    ['with and without authorization', from({ authorization: 'a' }), {}],
    ['with an empty authorization and without one', from({ authorization: '' }), {}],
    [
      'with another header that subgraphs get',
      from({ 'accept-language': 'de' }),
      from({ 'accept-language': 'fr' }),
    ],
    ['with an empty header that subgraphs get and without it', from({ 'x-tenant': '' }), {}],
    ['with one value in another header', from({ 'accept-language': 'x' }), from({ 'x-tenant': 'x' })],
    [
      'with values that only look alike in a row',
      from({ 'accept-language': 'a', 'x-tenant': 'b' }),
      from({ 'accept-language': 'a:b' }),
    ],
    [
      'of another client',
      from({ 'apollographql-client-name': 'ios' }),
      from({ 'apollographql-client-name': 'web' }),
    ],
    [
      'of another version of a client',
      from({ 'apollographql-client-version': '1' }),
      from({ 'apollographql-client-version': '2' }),
    ],
    ['of a client with a name and one without', from({ 'apollographql-client-name': '' }), {}],
    ['with other variables', { body: { variables: { id: 'b1' } } }, { body: { variables: { id: 'b2' } } }],
    ['with null and without a variable', { body: { variables: { id: null } } }, {}],
    ['with another operation of the same text', {}, { body: { operationName: 'B' } }],
    ['by POST and by GET', {}, { method: 'GET' }],
    ['by GET', { method: 'GET' }, { method: 'GET' }],
    ['that want the plan', from({ 'x-query-plan': '1' }), {}],
    ['when they are mutations', { body: mutation }, { body: mutation }],
  ];
  for (const [name, first, second] of cases) {
    test(name, { timeout }, async () => {
      const sent = await all.send(first, second);
      const headers = (await all.askedTimes(2)).map(({ headers }) => headers);
      const tokens = [first, second].map((one) => one.headers?.['authorization']);
      assert.deepEqual(headers.map(({ authorization }) => authorization).sort(), tokens.sort());
      all.answer();
      for (const { status, text } of await seenBy(sent)) {
        assert.equal(status, 200);
        assert.doesNotMatch(text, /errors/);
      }
      assert.equal(all.asked.length, 2);
    });
  }

  test('when something was changed in between', { timeout }, async () => {
    const before = await alone();
    await all.askedTimes(1);
    const change = await alone({ body: mutation });
    const [, its] = await all.askedTimes(2);
    its?.response.end(good);
    assert.equal((await change.seen).text, '{"data":{"rename":{"title":"t"}}}');
    const later = await alone();
    await all.askedTimes(3);
    all.answer();
    assert.deepEqual(
      (await seenBy([before, later])).map(({ text }) => text),
      [goodText, goodText],
    );
  });

  test('when they accept other content types: each gets its own', { timeout }, async () => {
    const accepted = ['application/json', 'application/graphql-response+json'];
    const sent = await all.send(...accepted.map((accept) => ({ headers: { accept } })));
    await all.askedTimes(2);
    all.answer();
    assert.deepEqual(
      (await seenBy(sent)).map(({ headers }) => headers['content-type']),
      accepted.map((type) => `${type}; charset=utf-8`),
    );
  });

  test('when subgraphs may set cookies: each gets its own', { timeout }, async (t) => {
    const baking = await startUnderWay({ answerHeaders: ['Set-Cookie'] });
    t.after(() => baking.stop());
    baking.hold();
    const sent = await baking.send({}, {}, {});
    for (const [index, { response }] of (await baking.askedTimes(3)).entries()) {
      response.writeHead(200, { 'set-cookie': `session=${index}` }).end(good);
    }
    const cookies = (await seenBy(sent)).map(({ headers }) => String(headers['set-cookie']));
    assert.deepEqual(cookies.sort(), ['session=0', 'session=1', 'session=2']);
  });
});

describe('one of several that share a request', () => {
  for (const [name, leaving] of [
    ['the first', 0],
    ['the last', 2],
  ] as const) {
    test(`hangs up: ${name} of them leaves the others their answer`, { timeout }, async () => {
      const sent = await all.send({}, {}, {});
      await all.askedTimes(1);
      await sent[leaving]?.hangUp();
      all.answer();
      const seen = await seenBy(sent.filter((_, index) => index !== leaving));
      assert.deepEqual(
        seen.map(({ text }) => text),
        [goodText, goodText],
      );
      assert.equal(all.asked.length, 1);
    });
  }

  test('hangs up: who comes then still joins the others', { timeout }, async () => {
    const [first, second] = await all.send({}, {});
    assert.ok(first && second);
    await all.askedTimes(1);
    await first.hangUp();
    const later = await all.send({});
    all.answer();
    assert.deepEqual(
      (await seenBy([second, ...later])).map(({ text }) => text),
      [goodText, goodText],
    );
    assert.equal(all.asked.length, 1);
  });

  test('is the last to hang up: the subgraph sees its connection close, and who comes then begins anew', {
    timeout,
  }, async () => {
    const sent = await all.send({}, {});
    const [only] = await all.askedTimes(1);
    assert.ok(only);
    const closed = once(only.response, 'close');
    for (const { hangUp } of sent) await hangUp();
    await closed;
    assert.equal(only.response.writableFinished, false);
    const later = await alone();
    await all.askedTimes(2);
    all.answer();
    assert.equal((await later.seen).text, goodText);
    assert.equal(all.asked.length, 2);
  });

  test('is a mutation that hangs up: the other one goes on', { timeout }, async () => {
    const first = await alone({ body: mutation });
    const [its] = await all.askedTimes(1);
    assert.ok(its);
    const second = await alone({ body: mutation });
    await all.askedTimes(2);
    const closed = once(its.response, 'close');
    await first.hangUp();
    await closed;
    all.answer();
    assert.equal((await second.seen).text, '{"data":{"rename":{"title":"t"}}}');
  });
});

test('a client that hangs up is no failure: nothing is written about it', { timeout: 60_000 }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'router-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'supergraph.graphql');
  writeFileSync(file, all.supergraphSdl);
  const main = new URL('../../../supergraph/main.ts', import.meta.url);
  const child = startChild(main, { args: ['--supergraph', file, '--port', '0'] });
  const [, url = ''] = await child.says(/router answers on (http:\S+)/);
  const options = { method: 'POST', headers: { 'content-type': 'application/json', accept: '*/*' } };
  const body = '{"query":"{ ledger }"}';
  // Once it is new, once it is known.
  for (const time of ['the first time', 'the second time', 'the third time']) {
    all.hold();
    const client = request(url, options).end(body);
    client.on('error', () => {});
    const [its] = await all.askedTimes(1);
    const closed = once(its?.response ?? assert.fail(time), 'close');
    client.destroy();
    await closed;
    all.answer();
    assert.equal((await fetch(url, { ...options, body })).status, 200);
  }
  child.process.kill('SIGTERM');
  await child.ended;
  assert.doesNotMatch(child.output(), /fail|error/i);
});
