// Holds the HTTP client to handing on unread only what is data and nothing else, and only to those who are content with it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type RawServer, startRawServer } from '../fixtures/raw-server.ts';
import { codeOf, type SubgraphUnderTest, subgraphAt } from './subgraph-under-test.ts';

let server: RawServer;
let subgraph: SubgraphUnderTest;
before(async () => {
  server = await startRawServer(() => {});
  subgraph = subgraphAt({ url: server.url });
});
after(async () => {
  await subgraph?.stop();
  await server?.stop();
});

const answerWith = (body: string | Buffer, status = 200): void =>
  server.answerWith((_, response) => response.writeHead(status).end(body));

describe('is handed on as it came:', () => {
  const big = `{"a":"${'ä🦉"errors\\"'.replaceAll('"', '\\"').repeat(50_000)}"}`;
  const cases: { name: string; body: string | Buffer; data: string; answer?: string }[] = [
    { name: 'data', body: '{"data":{"a":1}}', data: '{"a":1}' },
    { name: 'data without fields', body: '{"data":{}}', data: '{}' },
    { name: 'objects within objects', body: '{"data":{"a":{"b":{}}}}', data: '{"a":{"b":{}}}' },
    {
      name: 'white space everywhere',
      body: '\r\n{\t"data" :\n {"a": { } }\n }\n',
      data: '{"a": { } }',
    },
    {
      name: 'data after a byte order mark, without it',
      body: '\ufeff{"data":{"a":1}}',
      data: '{"a":1}',
      answer: '{"data":{"a":1}}',
    },
    {
      name: 'the names of the other members within a text',
      body: '{"data":{"a":"an \\"errors\\" and \\"extensions\\""}}',
      data: '{"a":"an \\"errors\\" and \\"extensions\\""}',
    },
    { name: 'fields that are nearly called so', body: '{"data":{"errors2":1}}', data: '{"errors2":1}' },
    { name: 'all of what comes in many pieces', body: `{"data":${big}}`, data: big },
    { name: 'what nobody has looked at', body: '{"data":{a: nonsense}}', data: '{a: nonsense}' },
  ];
  for (const { name, body, data, answer = String(body) } of cases) {
    test(name, async () => {
      answerWith(body);
      const { raw, ...others } = await subgraph.ask({ raw: true });
      assert.deepEqual(others, {});
      assert.equal(raw?.data.toString(), data);
      assert.equal(raw?.body.toString(), answer);
    });
  }
});

describe('is read all the same:', () => {
  const wide = ' '.repeat(100);
  const bodies = [
    '{"data":{"a":1},"extensions":{"cost":1}}',
    '{"data":{"a":1},"extensions":{}}',
    '{"extensions":{},"data":{"a":1}}',
    '{"data":{"a":null},"errors":[{"message":"x"}]}',
    '{"data":{"a":null},"errors":[{"message":"x","extensions":{}}],"extensions":{"b":{}}}',
    '{"errors":[{"message":"x"}],"data":{"a":{}}}',
    '{"data":null,"errors":[{"message":"x"}]}',
    '{"data":{"errors":[]}}',
    '{"data":{"a":"errors"}}',
    '{"data":{"a":{"extensions":{}}}}',
    `${wide}{"data":{"a":{}}}`,
    `{"data":{"a":{}}}${wide}`,
    `{"data":{"a":{}}${wide}}`,
    '{"d\\u0061ta":{"a":1}}',
    '{"data":{"a":1},"b":1}',
    '{"data":{"a":1}',
    '{"data":{"a":1}}}x',
    '{"data":{}',
    '{"data":[{}]}',
    '{"data":"{}"}',
    '{"data":null}',
    '{"Data":{"a":{}}}',
    '{"date":{"a":{}}}',
    '"data":{}}',
    '[{"data":{"a":1}}]',
    '\u00a0{"data":{"a":1}}',
    'x{"data":{"a":1}}',
    '{"data":{"a":1}}{"data":{"a":1}}x',
    '}}',
    '',
  ];
  for (const body of bodies) {
    test(body.replaceAll(wide, '(white space)') || 'nothing', async () => {
      answerWith(body);
      const usual = await outcome();
      assert.deepEqual(await outcome({ raw: true }), usual);
      assert.equal('raw' in usual, false);
    });
  }

  test('"errors" where one piece ends and the next begins', async () => {
    const pieces = ['{"data":{"a":null},"err', 'ors":[{"message":"x"}],"b":{"c":{}}}'];
    server.answerWith((_, response) => {
      response.write(pieces[0], () => setImmediate(() => response.end(pieces[1])));
    });
    assert.deepEqual(await subgraph.ask({ raw: true }), {
      data: { a: null },
      errors: [{ message: 'x' }],
      b: { c: {} },
    });
  });

  for (const status of [201, 302, 400, 401, 500]) {
    test(`data with the status ${status}`, async () => {
      answerWith('{"data":{"a":1}}', status);
      const usual = await outcome();
      assert.deepEqual(await outcome({ raw: true }), usual);
      assert.ok('code' in usual);
    });
  }

  test('whatever is not asked for so', async () => {
    answerWith('{"data":{"a":1}}');
    assert.deepEqual(await subgraph.ask(), { data: { a: 1 } });
    assert.deepEqual(await subgraph.ask({ raw: false }), { data: { a: 1 } });
  });
});

test('an answer that is handed on may be kept as its subgraph says', async () => {
  const told: [string, string][] = [];
  const context = { answerHeader: (name: string, value: string) => told.push([name, value]) };
  server.answerWith((_, response) => {
    response.writeHead(200, { 'cache-control': 'max-age=60' }).end('{"data":{"a":1}}');
  });
  assert.ok((await subgraph.ask({ raw: true, context })).raw);
  assert.deepEqual(told.at(-1), ['cache-control', 'max-age=60']);
});

async function outcome(options: { raw?: boolean } = {}): Promise<object> {
  const asking = subgraph.ask(options);
  const code = await codeOf(asking);
  return code === 'answered' ? asking : { code };
}
