// The same river over a PostgreSQL server: DATABASE_URL is all it takes, and every service has its own database and role.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import pg from 'pg';
import { root } from '../architecture/source-files.ts';
import { databaseEngines } from '../support/databases.ts';
import { ask, freePort, startTributary } from '../support/tributary.ts';
import { runSeed } from './run-seed.ts';

const server = databaseEngines().find(({ name }) => name === 'PostgreSQL');

test('npm start over a PostgreSQL server', { skip: server === undefined && 'left out' }, async (t) => {
  const database = await server?.start();
  assert.ok(database);
  t.after(() => database.stop());
  const environment = { DATABASE_URL: database.url };
  const tributary = startTributary({ port: await freePort(), dataDir: tmpdir(), environment });
  t.after(() => tributary.signalAll('SIGKILL'));
  await tributary.ready;

  const samples = await readFile(join(root, 'bff-web/samples.graphql'), 'utf8');
  const { body } = await ask(tributary.web, samples, { operationName: 'SignIn' });
  const { token } = (body.data as { signIn: { token: string } }).signIn;
  const page = await ask(tributary.web, samples, { operationName: 'MyPage', token });
  assert.equal(page.body.errors, undefined, JSON.stringify(page.body.errors));
  await ask(tributary.web, samples, { operationName: 'AddToCart', token });
  assert.doesNotMatch(tributary.output(), /postgres\s+ready/, 'the embedded database is not started');

  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query(
    "select datname from pg_database where datname like 'tributary_%' order by 1",
  );
  assert.equal(rows.length, 9);
  await client.end();

  await tributary.signalAll('SIGINT');
  const reset = await runSeed(['--reset'], environment);
  assert.equal(reset.code, 0, reset.output);
  const orders = new URL(database.url);
  orders.pathname = '/tributary_orders';
  const emptied = new pg.Client({ connectionString: orders.href });
  await emptied.connect();
  const pieces = await emptied.query(
    "select count(*)::int from orders.cart_lines where product_id = 'product-0009'",
  );
  assert.deepEqual(pieces.rows, [{ count: 0 }], 'a reset forgets what users did');
  await emptied.end();
});
