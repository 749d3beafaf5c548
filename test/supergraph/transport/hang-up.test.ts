// Holds routers to asking no subgraph for somebody who is gone: a client that hangs up ends what was asked for it.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request, type ServerResponse } from 'node:http';
import { after, before, test } from 'node:test';
import { libraryAnswer, type RouteUnderTest, startRoute } from './route-under-test.ts';

let route: RouteUnderTest;
before(async () => {
  route = await startRoute();
});
after(() => route?.stop());

const body = '{"query":"{ books { title reservations } }"}';
const ways = {
  'with a POST': () =>
    request(route.url, { method: 'POST', headers: { 'content-type': 'application/json' } }).end(body),
  'with a GET': () =>
    request(`${route.url}?query=${encodeURIComponent('{ books { title reservations } }')}`, {
      headers: { 'apollo-require-preflight': 'true' },
    }).end(),
};

for (const [way, send] of Object.entries(ways)) {
  test(`a client that asked ${way} and hangs up ends the request to a subgraph`, async () => {
    const asked = new Promise<ServerResponse>((resolve) => {
      route.library.answerWith((_, response) => resolve(response));
    });
    const client = send();
    client.on('error', () => {});
    const closed = once(await asked, 'close');
    client.destroy();
    await closed;
  });
}

test('a client that waits gets its answer, and its connection serves the next', async () => {
  route.library.answerWith((_, response) => response.end(libraryAnswer));
  for (let left = 5; left > 0; left -= 1) {
    const answer = await fetch(route.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ books { title } }"}',
    });
    assert.equal(answer.status, 200);
    assert.deepEqual(JSON.parse(await answer.text()), { data: { books: [{ title: 'A' }, { title: 'B' }] } });
  }
});
