// Holds that somebody who leaves and changes their cart in the same moment meets no failure, whoever comes first.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signCall } from '../../../subgraphs/kit/calls/sign-call.ts';
import { erasureScope } from '../../../subgraphs/kit/personal-data/erasures-route.ts';
import { orders } from '../../../subgraphs/orders/orders.ts';
import { databaseEngines } from '../../support/databases.ts';
import { startTestSubgraph } from '../../support/subgraph.ts';

const callerSecret = 'a secret of at least 32 characters, for tests';
const changes = [
  'mutation { a: addToCart(input: {productId: "product-001", quantity: 1}) { userErrors { code } } b: clearCart { userErrors { code } } }',
  'mutation { addToCart(input: {productId: "product-002", quantity: 1}) { userErrors { code } } }',
];

for (const engine of databaseEngines()) {
  test(`carts are changed while their owner leaves on ${engine.name}`, { timeout: 120_000 }, async () => {
    const database = await engine.start();
    const subgraph = await startTestSubgraph(orders, database, { callerSecret });
    try {
      const token = await subgraph.identity.tokenFor({ userId: 'user-001' });
      const body = JSON.stringify({ userId: 'user-001' });
      let isOver = false;
      const changing = [...changes, ...changes, ...changes].map(async (change) => {
        while (!isOver) {
          const answer = await subgraph.query(change, { token });
          assert.equal(answer.body.errors, undefined, JSON.stringify(answer.body));
        }
      });
      const leaving = async () => {
        for (let times = 0; times < 40; times++) {
          const call = { secret: callerSecret, from: 'accounts', to: 'orders', scopes: [erasureScope], body };
          const headers = { 'content-type': 'application/json', 'tributary-caller': signCall(call) };
          const answer = await fetch(new URL('/erasures', subgraph.url), { method: 'POST', headers, body });
          assert.equal(answer.status, 200, await answer.text());
        }
      };
      await Promise.all([leaving().finally(() => (isOver = true)), ...changing]);
    } finally {
      await subgraph.stop();
      await database.stop();
    }
  });
}
