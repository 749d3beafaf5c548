// The whole river as a newcomer meets it: start, ask, Ctrl-C, start again, kill -9, start again.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { root } from '../architecture/source-files.ts';
import { scriptFlags } from '../support/node-flags.ts';
import { ask, freePort, startTributary, type Tributary } from '../support/tributary.ts';
import { runSeed } from './run-seed.ts';

const samples = (bff: string): Promise<string> => readFile(join(root, bff, 'samples.graphql'), 'utf8');
let dataDir: string;
let planFolder: string;
let port: number;
let running: Tributary | undefined;
let seededPieces: number;
let answered: string[];

before(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'tributary-'));
  planFolder = await mkdtemp(join(tmpdir(), 'tributary-plans-'));
  port = await freePort();
});
after(async () => {
  await running?.signalAll('SIGKILL');
  for (const folder of [dataDir, planFolder]) await rm(folder, { recursive: true, force: true });
});

async function start(
  flags: string[] = [],
  environment: Record<string, string> = {},
  nodeFlags?: readonly string[],
): Promise<{ tributary: Tributary; milliseconds: number }> {
  running = startTributary({
    port,
    dataDir,
    flags,
    ...(nodeFlags && { nodeFlags }),
    environment: { PLAN_FOLDER: planFolder, USAGE_FOLDER: '', ...environment },
  });
  return { tributary: running, milliseconds: await running.ready };
}

async function signIn({ web }: Tributary): Promise<string> {
  const { body } = await ask(web, await samples('bff-web'), { operationName: 'SignIn' });
  return (body.data as { signIn: { token: string } }).signIn.token;
}

async function cartPieces({ web }: Tributary, token: string): Promise<number> {
  const { body } = await ask(web, '{ me { cart { itemCount } } }', { token });
  return (body.data as { me: { cart: { itemCount: number } } }).me.cart.itemCount;
}

/** The files of query plans, as `<inode> <path>`: one that was written anew is another. */
async function keptPlans(): Promise<string[]> {
  const entries = await readdir(planFolder, { recursive: true });
  const plans = entries.filter((path) => path.endsWith('.plan'));
  const files = plans.map(async (path) => `${(await stat(join(planFolder, path))).ino} ${path}`);
  return (await Promise.all(files)).sort();
}

test('from nothing to ready within 30 s and 1.3 GB, both BFFs healthy, ended by Ctrl-C within 5 s', async (t) => {
  // Beyond what this and the tests below listen on.
  const [admin, metrics] = [port + 150, port + 160];
  const { tributary, milliseconds } = await start(
    [],
    { ADMIN_PORT: `${admin}`, ADMIN_TOKEN: 'x'.repeat(32), METRICS_PORT: `${metrics}` },
    scriptFlags,
  );
  for (const [what, first, path] of [
    ['admin port', admin, 'cache'],
    ['metrics', metrics, 'metrics'],
  ] as const) {
    for (const [index, bff] of ['bff-web', 'bff-mobile'].entries()) {
      const told = new RegExp(`^  ${what} of ${bff} +(http://localhost:${first + index}/${path})$`, 'm');
      assert.match(tributary.output(), told);
    }
  }
  const memory = tributary.residentMemory();
  t.diagnostic(`ready after ${(milliseconds / 1000).toFixed(1)} s, ${Math.round((memory ?? 0) / 1e6)} MB`);
  assert.ok(milliseconds < 30_000, tributary.output());
  assert.ok(memory === undefined || memory < 1.3e9, `${memory} bytes`);
  for (const base of [tributary.web, tributary.mobile]) {
    assert.equal((await fetch(`${base}/health/ready`)).status, 200);
  }

  const token = await signIn(tributary);
  const pieces = await cartPieces(tributary, token);
  seededPieces = pieces;
  await ask(tributary.web, await samples('bff-web'), { operationName: 'AddToCart', token });

  const ending = await tributary.signalAll('SIGINT');
  t.diagnostic(`ended after ${(ending / 1000).toFixed(1)} s`);
  assert.ok(ending < 5_000, `${ending} ms`);
  const plans = await keptPlans();
  assert.ok(plans.length >= 3, `${plans.length} plans of three operations`);

  const second = (await start()).tributary;
  assert.equal(
    await cartPieces(second, token),
    pieces + 2,
    'a second start keeps the data, and tokens stay good',
  );
  await ask(second.web, await samples('bff-web'), { operationName: 'AddToCart', token });
  assert.deepEqual(await keptPlans(), plans, 'a second start finds the query plans of the first');
  await second.signalAll('SIGKILL');

  const third = (await start()).tributary;
  assert.equal(await cartPieces(third, token), pieces + 4, 'kill -9 of the whole group loses nothing');
});

test('one question crosses nine subgraphs and comes back joined', async () => {
  const tributary = running as Tributary;
  const token = await signIn(tributary);
  const { body } = await ask(tributary.web, await samples('bff-web'), { operationName: 'MyPage', token });
  assert.equal(body.errors, undefined, JSON.stringify(body.errors));
  const { me } = body.data as { me: MyPage };
  assert.equal(me.displayName, 'Ada L.');
  assert.ok(me.unreadNotificationCount > 0, 'notifications');
  assert.equal(me.orders.edges.length, 3, 'orders');
  assert.ok(me.orders.totalCount > 50);
  const orders = me.orders.edges.map(({ node }) => node);
  assert.ok(
    orders.every(({ payment }) => payment.methodLabel.length > 0),
    'payments',
  );
  assert.ok(
    orders.some(({ shipments }) => shipments.some(({ trackingNumber }) => /^TRB\d{9}$/.test(trackingNumber))),
    'shipping',
  );
  const lines = orders.flatMap((order) => order.lines);
  for (const { product, productName } of lines) {
    assert.equal(product.name, productName, 'catalog and orders speak of one product');
    assert.ok(Number.isInteger(product.stock), 'inventory');
  }
  const reviews = lines.flatMap(({ product }) => product.reviews.edges.map(({ node }) => node));
  assert.ok(reviews.length > 0 && reviews.every(({ author }) => author.displayName.length > 0), 'reviews');
  assert.equal(me.recommendations.length, 3, 'recommendations');
  assert.ok(me.recommendations.every(({ name, inStock }) => name.length > 0 && typeof inStock === 'boolean'));
});

interface MyPage {
  displayName: string;
  unreadNotificationCount: number;
  orders: {
    totalCount: number;
    edges: {
      node: {
        payment: { methodLabel: string };
        shipments: { trackingNumber: string }[];
        lines: {
          productName: string;
          product: {
            name: string;
            stock: number;
            reviews: { edges: { node: { author: { displayName: string } } }[] };
          };
        }[];
      };
    }[];
  };
  recommendations: { name: string; inStock: boolean }[];
}

test('the mobile contract refuses what it hides, and hidden keys work underneath', async () => {
  const tributary = running as Tributary;
  const token = await signIn(tributary);
  const refused = await ask(tributary.mobile, await samples('bff-web'), { operationName: 'MyPage', token });
  assert.equal(refused.status, 400);
  assert.match(JSON.stringify(refused.body.errors), /Cannot query field \\"stock\\" on type \\"Product\\"/);

  for (const operationName of ['Home', 'Product']) {
    const { body } = await ask(tributary.mobile, await samples('bff-mobile'), { operationName, token });
    assert.equal(body.errors, undefined, JSON.stringify(body.errors));
  }
  const { body } = await ask(
    tributary.mobile,
    '{ product(id: "product-0009") { availability shippingEstimate(country: "AT") { amount } } }',
  );
  assert.equal(body.errors, undefined, 'stock is found by the hidden sku, the estimate by the hidden weight');
});

test('bad input gets a clear error', async () => {
  const { web } = running as Tributary;
  const cases: {
    name: string;
    query: string;
    variables?: object;
    token?: string;
    status: number;
    code?: string;
    data?: object;
  }[] = [
    {
      name: 'an unknown field',
      query: '{ product(id: "x") { colour } }',
      status: 400,
      code: 'GRAPHQL_VALIDATION_FAILED',
    },
    {
      name: 'a variable of the wrong type',
      query: 'query ($id: ID!) { product(id: $id) { name } }',
      variables: { id: { not: 'an id' } },
      status: 400,
      code: 'BAD_USER_INPUT',
    },
    {
      name: 'no token on me',
      query: '{ me { id } }',
      status: 200,
      code: 'UNAUTHENTICATED',
      data: { me: null },
    },
    {
      name: 'an id that does not exist',
      query: '{ product(id: "nope") { name } }',
      status: 200,
      data: { product: null },
    },
    {
      name: 'a literal out of range',
      query:
        'mutation { addToCart(input: { productId: "product-0001", quantity: 0 }) { userErrors { code } } }',
      token: await signIn(running as Tributary),
      status: 200,
      code: 'BAD_USER_INPUT',
    },
    {
      name: 'pages of pages of pages',
      query: `{ product(id: "product-0009") ${'{ reviews(first: 100) { edges { node { author '.repeat(4)} { id } ${'} } } }'.repeat(4)} }`,
      status: 400,
      code: 'COST_LIMIT_EXCEEDED',
    },
    {
      name: 'an endless text to search for',
      query: 'query ($text: String!) { search(text: $text) { totalCount } }',
      variables: { text: 'ab '.repeat(20_000) },
      status: 200,
      code: 'BAD_USER_INPUT',
    },
    {
      name: 'a subscription',
      query: 'subscription { x }',
      status: 400,
      code: 'OPERATION_RESOLUTION_FAILURE',
    },
    {
      name: 'an empty page',
      query: '{ products(first: 0) { totalCount } }',
      status: 200,
      code: 'BAD_USER_INPUT',
    },
  ];
  for (const { name, query, variables, token, status, code, data } of cases) {
    const answer = await ask(web, query, { ...(variables && { variables }), ...(token && { token }) });
    assert.equal(answer.status, status, `${name}: ${JSON.stringify(answer.body)}`);
    assert.equal(answer.body.errors?.[0]?.extensions?.code, code, name);
    if (data) assert.deepEqual(answer.body.data, data, name);
  }
  const broken = await fetch(`${web}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"query": "{ me',
  });
  assert.equal(broken.status, 400);
  assert.match(JSON.stringify(await broken.json()), /JSON/);
});

test('the README asks what it says and gets what it says', async () => {
  const tributary = running as Tributary;
  const token = await signIn(tributary);
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const pairs = [...readme.matchAll(/```graphql\n([\s\S]*?)```\s+```json\n([\s\S]*?)```/g)];
  assert.equal(pairs.length, 7);
  for (const [, question = '', answer = ''] of pairs) {
    const { body } = await ask(question.includes('home(') ? tributary.mobile : tributary.web, question, {
      token,
    });
    // A token is never the same twice; the page shows how it begins.
    const shown = JSON.stringify(body).replace(/"eyJ[^"]*"/, '"eyJ…"');
    assert.deepEqual(JSON.parse(shown), JSON.parse(answer));
  }
});

test('a second instance on the same ports is told so, and starts nothing', async () => {
  const second = startTributary({ port, dataDir });
  assert.equal(await second.ended, 1);
  assert.match(second.output(), new RegExp(`port ${port} of bff-web`));
});

test('a second instance on the same data is told who holds it', async () => {
  const second = startTributary({ port: await freePort(), dataDir });
  assert.equal(await second.ended, 1);
  assert.match(second.output(), /another instance \(pid \d+\) holds the data/i);
});

test('npm run seed -- --reset is refused while an instance runs', async () => {
  const { code, output } = await runSeed(['--reset'], { DATA_DIR: dataDir });
  assert.equal(code, 1);
  assert.match(output, /another instance \(pid \d+\) holds the data/i);
});

test('a port that something else holds is named', async () => {
  const squatter = createServer();
  const free = await freePort();
  squatter.listen(free + 102, '127.0.0.1');
  await once(squatter, 'listening');
  const told = startTributary({ port: free, dataDir });
  assert.equal(await told.ended, 1);
  assert.match(told.output(), new RegExp(`port ${free + 102} of catalog`));
  squatter.close();
});

test('admin ports and metrics that would meet, or that something else holds, are told before anything is started', async () => {
  const free = await freePort();
  const adminToken = { ADMIN_TOKEN: 'x'.repeat(32) };
  const refused = async (environment: Record<string, string>): Promise<string> => {
    const told = startTributary({ port: free, dataDir, environment: { ...adminToken, ...environment } });
    assert.equal(await told.ended, 1);
    assert.match(told.output(), /Nothing was started/);
    return told.output();
  };
  const [first, next] = [free + 140, free + 141];
  assert.match(
    await refused({ ADMIN_PORT: `${first}`, METRICS_PORT: `${next}` }),
    new RegExp(
      `Port ${next} would be that of metrics of bff-web and of admin port of bff-mobile: .*\\n.*: METRICS_PORT, ADMIN_PORT\\n`,
    ),
  );
  assert.match(
    await refused({ METRICS_PORT: `${free + 1}` }),
    /of bff-mobile: .*\n.*: METRICS_PORT, npm start -- --port 5000\n/,
  );
  const squatter = createServer();
  squatter.listen(next, '127.0.0.1');
  await once(squatter, 'listening');
  assert.match(
    await refused({ ADMIN_PORT: `${first}` }),
    new RegExp(`listens on port ${next} of admin port of bff-mobile\\..*\\n.*: ADMIN_PORT\\n`),
  );
  squatter.close();
});

test('--separate runs every subgraph as a process of its own, and one that dies takes nobody along', async () => {
  answered = await pages(running as Tributary);
  await (running as Tributary).signalAll('SIGINT');
  const { tributary } = await start(['--separate']);
  assert.match(tributary.output(), /every subgraph as a process of its own/);
  const reviews = /reviews\s+http:\S+\s+pid (\d+)/.exec(tributary.output())?.[1];
  process.kill(Number(reviews), 'SIGKILL');
  const { body } = await untilMissed(tributary);
  assert.equal(body.errors, undefined, 'something stands in for the field of the dead subgraph');
  const alive = await ask(tributary.web, '{ product(id: "product-0009") { name inStock } }');
  assert.equal(alive.body.errors, undefined, 'the others go on');
});

/** The kernel closes the dead process's sockets in its own time; the next questions find out. What is kept is not asked for. */
async function untilMissed({ web }: Tributary): ReturnType<typeof ask> {
  for (let product = 10; product < 100; product += 1) {
    const answer = await ask(web, `{ product(id: "product-00${product}") { rating { average } } }`);
    if (answer.body.errors || answer.body.extensions?.['degraded']) return answer;
  }
  assert.fail('nothing is missing');
}

test('npm run seed -- --reset starts over', async () => {
  await (running as Tributary).signalAll('SIGINT');
  const { code, output } = await runSeed(['--reset'], { DATA_DIR: dataDir });
  assert.equal(code, 0, output);
  assert.equal(output.match(/is migrated and seeded/g)?.length, 9);
  const { tributary } = await start([], { ENGINE: 'apollo' });
  assert.equal(await cartPieces(tributary, await signIn(tributary)), seededPieces, 'what was put in is gone');
  assert.deepEqual(await pages(tributary), answered, 'the stock engine answers the same');
});

/** What the sample pages show, as text: the order of fields counts. */
async function pages(tributary: Tributary): Promise<string[]> {
  const token = await signIn(tributary);
  const asked = ['MyPage', 'ShopWindow', 'ProductPage', 'Search'].map(async (operationName) => {
    const { body } = await ask(tributary.web, await samples('bff-web'), { operationName, token });
    assert.equal(body.errors, undefined, JSON.stringify(body.errors));
    return JSON.stringify(body.data);
  });
  return Promise.all(asked);
}
