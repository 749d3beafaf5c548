// Holds what clients, and those who run a router, are told about rates.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { until } from '../../supergraph/store/connected-redis.ts';
import { freePort } from '../../support/redis.ts';
import { codeOf, startRatedGraph } from './rated-graph.ts';
import { askAt, startRatedProcesses } from './rated-processes.ts';

const books = '{ books { title } }';
const told = ({ headers }: { headers: Headers }) =>
  Object.fromEntries(
    ['ratelimit-policy', 'ratelimit', 'retry-after'].map((name) => [name, headers.get(name)]),
  );

describe('clients are told', () => {
  test('nothing where nothing is declared, or nothing of it is about them', async (t) => {
    const nothing = { 'ratelimit-policy': null, ratelimit: null, 'retry-after': null };
    for (const rates of [{}, { tv: { per: 'viewer', for: { client: 'tv' }, most: 1, in: '1h' } }] as const) {
      const rated = await startRatedGraph(rates);
      t.after(() => rated.stop());
      assert.deepEqual(told(await rated.ask(books)), nothing);
      assert.deepEqual(told(await rated.ask('{ nothing }')), nothing);
    }
  });

  test('all rates that a request falls under, how much is left, and when to come back', async (t) => {
    const rated = await startRatedGraph({
      wide: { per: 'viewer', most: 10, in: '1m' },
      narrow: { per: 'address', of: { fields: ['Query.books'] }, most: 1, in: '1h' },
    });
    t.after(() => rated.stop());
    assert.deepEqual(told(await rated.ask('{ __typename }')), {
      'ratelimit-policy': '"wide";q=10;w=60',
      ratelimit: '"wide";r=9;t=60',
      'retry-after': null,
    });
    const policy = '"wide";q=10;w=60, "narrow";q=1;w=3600';
    const second = told(await rated.ask(books));
    assert.equal(second['ratelimit-policy'], policy);
    assert.match(second['ratelimit'] ?? '', /^"wide";r=8;t=\d\d, "narrow";r=0;t=3600$/);
    assert.equal(second['retry-after'], null);
    for (const accept of ['*/*', 'application/json', 'application/graphql-response+json']) {
      const refused = await rated.ask(books, { headers: { accept } });
      assert.equal(refused.status, 429, accept);
      assert.equal(refused.headers.get('ratelimit-policy'), policy);
      assert.ok(['3599', '3600'].includes(refused.headers.get('retry-after') ?? ''));
      assert.equal(refused.headers.get('cache-control'), 'no-store');
      assert.deepEqual(Object.keys(refused.body), ['errors']);
      assert.deepEqual(refused.body.errors?.[0]?.extensions, { code: 'RATE_LIMITED' });
      assert.equal(refused.body.errors?.[0]?.message, 'There is no room for this under "narrow" now.');
    }
  });

  test('at least a second, also where there is room sooner', async (t) => {
    const rated = await startRatedGraph({
      quick: { per: 'viewer', most: 100, in: '1s', kind: 'bucket', of: { operations: ['Q'] } },
    });
    t.after(() => rated.stop());
    const ask = () => rated.ask(`query Q ${books}`);
    await ask();
    let refused = await ask();
    for (let round = 0; round < 20 && refused.status === 200; round += 1) {
      const answers = await Promise.all(Array.from({ length: 200 }, ask));
      refused = answers.find(({ status }) => status === 429) ?? refused;
    }
    assert.equal(refused.status, 429);
    assert.equal(refused.headers.get('retry-after'), '1');
  });

  test('when there is room again there is: a window when it is over, a bucket bit by bit', async (t) => {
    for (const kind of ['window', 'bucket'] as const) {
      const rated = await startRatedGraph({ quick: { per: 'viewer', most: 2, in: '1s', kind } });
      t.after(() => rated.stop());
      const refuse = async (): Promise<boolean> => (await rated.ask(books)).status === 429;
      await until('it is refused', refuse);
      await until('it is answered again', async () => !(await refuse()));
    }
  });

  test('in a browser too: pages may read it', async (t) => {
    const rated = await startRatedGraph(
      { mine: { per: 'viewer', most: 1, in: '1h' } },
      { environment: { corsOrigins: ['https://shop.example'] } },
    );
    t.after(() => rated.stop());
    const { headers } = await rated.ask(books, { headers: { origin: 'https://shop.example' } });
    const exposed = headers.get('access-control-expose-headers') ?? '';
    for (const name of ['retry-after', 'ratelimit', 'ratelimit-policy'])
      assert.ok(exposed.split(', ').includes(name), exposed);
  });

  test('what a rate says of an operation is not kept for others with the answer', async (t) => {
    const cache = {
      'Query.books': { maxAge: '1h', scope: 'public' },
      Book: { maxAge: '1h', scope: 'public' },
    } as const;
    const subgraphs = { every: { cacheControl: 'ignored' } } as const;
    const rates = { ios: { per: 'address', for: { client: 'ios' }, most: 1, in: '1h' } } as const;
    const rated = await startRatedGraph(rates, { declaration: { cache, subgraphs } });
    t.after(() => rated.stop());
    const path = `/graphql?query=${encodeURIComponent(books)}`;
    const ask = (client: string) =>
      rated.send(path, { headers: { 'apollo-require-preflight': '1' } }, { client });
    assert.equal((await ask('ios')).headers.get('ratelimit'), '"ios";r=0;t=3600');
    assert.equal((await ask('web')).headers.get('ratelimit'), null);
    assert.equal((await ask('web')).headers.get('ratelimit'), null);
    assert.equal(codeOf(await ask('ios')), 'RATE_LIMITED');
  });
});

test('those who run a router see how many were refused by what, and the log says so once', async (t) => {
  const port = await freePort();
  const rates = {
    door: { per: 'address', most: 1, in: '1h' },
    other: { per: 'address', most: 100, in: '1h' },
  } as const;
  const { urls, children, stop } = await startRatedProcesses(1, rates, { METRICS_PORT: String(port) });
  t.after(stop);
  const [url = ''] = urls;
  for (let index = 0; index < 6; index += 1) await askAt(url, '10.0.0.1');
  const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  assert.match(metrics, /^tributary_rate_limited_total\{bff="rated",rate="door",because="room"\} 5$/m);
  assert.match(metrics, /^tributary_rate_limited_total\{bff="rated",rate="other",because="room"\} 0$/m);
  await children[0]?.says(/the rate \\"door\\" has refused a request/);
  assert.equal(children[0]?.output().match(/has refused/g)?.length, 1);
  assert.ok(!children[0]?.output().includes('10.0.0.1'), 'nobody is named');
});
