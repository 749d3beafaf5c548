// Holds subgraphs to answering in the time that a router has, which it says in a header.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import Fastify from 'fastify';
import { answerInTime } from '../../../subgraphs/kit/calls/answer-in-time.ts';

const cases: [what: string, header: string | undefined, isSlow: boolean, status: number][] = [
  ['who says nothing gets the answer', undefined, false, 200],
  ['who has time gets the answer', '5000', false, 200],
  ['who has more than any timer knows gets the answer', '99999999999', false, 200],
  ['who has no time any more is told so', '40', true, 504],
  ...['soon', '-1', '0', '1.5', '1e3', ''].map((header): [string, string, boolean, number] => [
    `"${header}" says nothing`,
    header,
    false,
    200,
  ]),
];

for (const [what, header, isSlow, status] of cases) {
  test(what, async (t) => {
    const app = Fastify();
    t.after(() => app.close());
    let end = (): void => {};
    const over = new Promise<void>((resolve) => {
      end = resolve;
    });
    app.post(
      '/',
      answerInTime(async () => {
        if (isSlow) await over;
        return { data: {} };
      }),
    );
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    const headers = header === undefined ? {} : { 'tributary-timeout': header };
    const response = await fetch(url, { method: 'POST', headers });
    assert.equal(response.status, status);
    const body = (await response.json()) as { errors?: [{ extensions: object }] };
    if (isSlow) assert.deepEqual(body.errors?.[0].extensions, { code: 'SUBGRAPH_UNAVAILABLE' });
    else assert.deepEqual(body, { data: {} });
    end();
  });
}
