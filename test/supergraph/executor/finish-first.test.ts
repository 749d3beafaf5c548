// Holds the order of operations: few at a time while answers come, all of them while subgraphs are waited for.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { FinishFirst } from '../../../supergraph/executor/finish-first.ts';
import type { SubgraphClient } from '../../../supergraph/transport/subgraph-client.ts';

const answer = { data: {} };
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const many = Array.from({ length: 100 }, (_, index) => index);
const ask = (client: SubgraphClient) => client({} as never, {} as never);

suite('operations are begun', () => {
  test('all of them while the first wait for answers, in their order', async () => {
    const order = new FinishFirst();
    const begun: number[] = [];
    let end: () => void = assert.fail;
    const held = new Promise<void>((resolve) => {
      end = resolve;
    });
    const running = many.map((index) =>
      order.run(async () => {
        begun.push(index);
        await held;
      }),
    );
    assert.equal(begun.length, 8);
    while (begun.length < many.length) await turn();
    assert.deepEqual(begun, many);
    end();
    await Promise.all(running);
  });

  const ways: [string, () => Promise<typeof answer>][] = [
    ['answers', async () => answer],
    ['failures', () => Promise.reject(new Error('the subgraph is gone'))],
  ];
  for (const [name, respond] of ways) {
    test(`few at a time while ${name} keep coming`, async () => {
      const order = new FinishFirst();
      const client = order.noticed(() => turn().then(respond));
      let underWay = 0;
      let most = 0;
      const running = many.map(() =>
        order.run(async () => {
          underWay += 1;
          most = Math.max(most, underWay);
          for (let step = 0; step < 5; step += 1) await ask(client).catch(() => undefined);
          underWay -= 1;
        }),
      );
      await Promise.all(running);
      // Those that are begun without a look, and those of the one turn before the first answers.
      assert.ok(most <= 16, `${most} were under way at once`);
    });
  }

  test('when others throw', async () => {
    const order = new FinishFirst();
    const running = many.map((index) =>
      order.run(async () => {
        await turn();
        throw new Error(`${index}`);
      }),
    );
    const results = await Promise.allSettled(running);
    assert.deepEqual(
      results.map((result) => result.status === 'rejected' && result.reason.message),
      many.map(String),
    );
    assert.equal(await order.run(async () => 'one more'), 'one more');
  });
});

test('a client’s answers and failures stay as they are', async () => {
  const order = new FinishFirst();
  assert.equal(await ask(order.noticed(async () => answer)), answer);
  const failure = new Error('no');
  await assert.rejects(ask(order.noticed(() => Promise.reject(failure))), failure);
});
