// Holds `npm run cache` as a command: what is held, how old and why; dropping it; and clear words where that cannot be had.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { adminToken, entry, ListOfEntries, startAdminPort } from './fixtures/admin-port.ts';
import { startChild } from './fixtures/child-process.ts';
import { deadUrl, startRawServer } from './fixtures/raw-server.ts';

const main = new URL('../../supergraph/cache-main.ts', import.meta.url);

interface Run {
  code: number | null;
  said: string;
}

/** With the token, unless the environment says something else. */
async function run(args: string[], environment: Record<string, string> = {}): Promise<Run> {
  const blank = { ADMIN_URL: '', ADMIN_PORT: '', ADMIN_TOKEN: adminToken };
  const child = startChild(main, { args, environment: { ...blank, ...environment } });
  const { code } = await child.ended;
  return { code, said: child.output() };
}

interface Shop {
  web: ListOfEntries;
  app: ListOfEntries;
  cache: (...args: string[]) => Promise<Run>;
  url: string;
}

async function startShop(t: TestContext): Promise<Shop> {
  const web = new ListOfEntries(
    entry('p1'),
    entry('p1', {
      level: 'responses',
      scope: 'claim tenant',
      selection: `{\n  __typename ${'name '.repeat(30)}}`,
      age: 200,
      freshFor: -5000,
      staleWhileRevalidate: 2000,
      staleIfError: 0,
      why: 'subgraph',
    }),
    entry('p2', { why: 'absent', age: 90_000, freshFor: 400, staleIfError: 0, bytes: 16 }),
  );
  const app = new ListOfEntries(
    entry('p2', {
      level: 'responses',
      of: 'Home',
      scope: 'viewer',
      why: 'schema',
      age: 7_500_000,
      staleWhileRevalidate: 180_000_000,
      marks: ['Product:p2', '\u001b[31mred', '*'],
    }),
  );
  const port = await startAdminPort([
    { name: 'web', cache: web },
    { name: 'app', cache: app },
  ]);
  t.after(() => port.stop());
  return { web, app, url: port.url, cache: (...args) => run([...args, '--url', port.url]) };
}

test('says what is held of an entity: where, for whom, how old, for how long and why', async (t) => {
  const { cache } = await startShop(t);
  const { code, said } = await cache('Product:p1');
  assert.equal(code, 0);
  assert.equal(
    said,
    `Product:p1 in web: 2 entries.

level      subgraph  what     for           age     fresh for  stale for  on failure for  why       bytes  marks            selection
process    catalog   Product  public        3 s     57 s       -          1 h 0 min       declared    120  Product #prices  { __typename name }
responses  catalog   Product  claim tenant  200 ms  over       over       -               subgraph    120  Product #prices  { __typename name name name name name name name name name n…

Nothing is held of Product:p1 in app.
`,
  );
});

test('says it of all BFFs, and lets no name reach the terminal as an order', async (t) => {
  const { cache } = await startShop(t);
  const { said } = await cache('Product:p2');
  assert.match(said, /^Product:p2 in web: 1 entry\.$/m);
  assert.match(said, /^process +catalog +Product +public +1 min 30 s +400 ms +- +- +absent +16 /m);
  assert.match(said, /^Product:p2 in app: 1 entry\.$/m);
  assert.match(
    said,
    /^responses +catalog +Home +viewer +2 h 5 min +57 s +2 d 2 h +1 h 0 min +schema +120 +�\[31mred /m,
  );
  assert.ok(!said.includes('\u001b'));
});

for (const { args, words } of [
  {
    args: ['--type', 'Product'],
    words: /^Product in web: 3 entries\..*Nothing is held of Product in app\.\n$/s,
  },
  {
    args: ['--tag', 'prices'],
    words: /^The tag "prices" in web: 3 entries\..*Nothing is held with the tag "prices" in app\.\n$/s,
  },
  { args: ['--all'], words: /^Everything in web: 3 entries\..*Everything in app: 1 entry\./s },
  { args: ['Product:p9'], words: /^Nothing is held of Product:p9 in web, app\.\n$/ },
  { args: ['--type', 'Query.products'], words: /^Nothing is held of Query\.products in web, app\.\n$/ },
]) {
  test(`${args.join(' ')} says what is held`, async (t) => {
    const { code, said } = await (await startShop(t)).cache(...args);
    assert.equal(code, 0, said);
    assert.match(said, words);
  });
}

test('says what may hold an entity, and would be dropped with it, also where nothing has its name', async (t) => {
  const { web, app, cache } = await startShop(t);
  const list = { of: 'Query.products', marks: ['Query.products', 'Product', 'Product:*', '*'] };
  web.entries = [entry('p1', list), entry('p1')];
  app.entries = [entry('p1', list), entry('p1', list)];
  const { code, said } = await cache('Product:p1');
  assert.equal(code, 0);
  const row = (of: string, marks: string) =>
    `process +catalog +${of} +public +3 s +57 s +- +1 h 0 min +declared +120 +${marks} +{ __typename name }\n`;
  const own = row('Product', 'Product #prices');
  const listed = row('Query\\.products', 'Query\\.products Product Product:\\*');
  assert.match(
    said,
    new RegExp(
      `^Product:p1 in web: 1 entry\\.\n\nlevel .*\n${own}\n` +
        `May hold Product:p1 in web, and is dropped with it: 1 entry\\.\n\nlevel .*\n${listed}\n` +
        `May hold Product:p1 in app, and is dropped with it: 2 entries\\.\n\nlevel .*\n${listed}${listed}$`,
    ),
  );
  const { said: dropped } = await cache('--purge', 'Product:p1');
  assert.match(dropped, /^Dropped 4 entries here/);
});

test('warns of a type that is nowhere, beside what it says', async (t) => {
  const { url, cache } = await startShop(t);
  const doubt = 'There is no type "Produkt". Did you mean "Product"?\n';
  assert.deepEqual(await cache('--type', 'Produkt'), {
    code: 0,
    said: `${doubt}Nothing is held of Produkt in web, app.\n`,
  });
  const { said } = await cache('--purge', 'Produkt:p1');
  assert.equal(said, `${doubt}Nothing was held here; all replicas were told.\n`);
  const child = startChild(main, {
    args: ['--type', 'Produkt', '--json', '--url', url],
    environment: { ADMIN_URL: '', ADMIN_PORT: '', ADMIN_TOKEN: adminToken },
  });
  let printed = '';
  child.process.stdout?.on('data', (chunk) => {
    printed += chunk;
  });
  await child.ended;
  assert.deepEqual(JSON.parse(printed).doubts, [doubt.trim()]);
});

for (const flag of ['--help', '-h']) {
  test(`${flag} says how it is used, without a port or a token`, async () => {
    const { code, said } = await run([flag], { ADMIN_TOKEN: '' });
    assert.equal(code, 0);
    assert.match(said, /^Usage: npm run cache -- .*--help .*ADMIN_TOKEN is the token of the port\.\n$/s);
  });
}

test('says that there may be more than it shows', async (t) => {
  const { web, cache } = await startShop(t);
  web.entries = Array.from({ length: 101 }, (_, index) => entry(`p${index}`));
  const { said } = await cache('--all');
  assert.match(said, /^Everything in web: 100 entries, the most recently used; there may be more\.$/m);
});

test('finds the port by its variables', async (t) => {
  const { url } = await startShop(t);
  for (const environment of [
    { ADMIN_URL: url },
    { ADMIN_URL: `${url}/` },
    { ADMIN_PORT: new URL(url).port },
    { ADMIN_URL: url, ADMIN_PORT: '1' },
  ]) {
    assert.equal((await run(['Product:p1'], environment)).code, 0, JSON.stringify(environment));
  }
});

test('prints JSON for programs', async (t) => {
  const { web, cache } = await startShop(t);
  const looked = await cache('Product:p2', '--json');
  assert.deepEqual(JSON.parse(looked.said).bffs.web, [web.entries[2]]);
  const purged = await cache('Product:p2', '--purge', '--json');
  assert.deepEqual(JSON.parse(purged.said), { dropped: 2, told: 'all' });
});

test('drops what is named, several things at once, and says how many', async (t) => {
  const { web, app, cache } = await startShop(t);
  assert.deepEqual(await cache('--purge', 'Product:p2', '--type', 'Query.products', '--tag', 'sale'), {
    code: 0,
    said: 'Dropped 2 entries here; all replicas were told.\n',
  });
  const change = { keys: ['Product:p2'], types: ['Query.products'], tags: ['sale'], all: false };
  assert.deepEqual([web.changes, app.changes], [[change], [change]]);
  assert.deepEqual([web.entries.length, app.entries.length], [2, 0]);
  assert.equal(
    (await cache('--purge', 'Product:p2')).said,
    'Nothing was held here; all replicas were told.\n',
  );
  assert.equal((await cache('--purge', '--all')).said, 'Dropped 2 entries here; all replicas were told.\n');
});

test('ends with 1 when it is not certain that the replicas were told', async (t) => {
  const { app, cache } = await startShop(t);
  app.told = 'unsure';
  const { code, said } = await cache('--purge', 'Product:p2');
  assert.equal(code, 1);
  assert.match(said, /^Dropped 2 entries here\.$/m);
  assert.match(said, /^It is not certain that the other replicas were told/m);
});

test('says that nobody else could be told where there is no Redis, and ends with 0', async (t) => {
  const { web, app, cache } = await startShop(t);
  [web.told, app.told] = ['none', 'none'];
  const without = 'without REDIS_URL no other process was told.\n';
  const purged = await cache('--purge', 'Product:p2');
  assert.deepEqual(purged, { code: 0, said: `Dropped 2 entries here; ${without}` });
  assert.equal((await cache('--purge', 'Product:p2')).said, `Nothing was held here; ${without}`);
});

for (const { args, environment, words } of [
  { args: [], words: /^Which entity, type or tag\?\nUsage: npm run cache/ },
  { args: ['--purge'], words: /^Which entity, type or tag\?/ },
  {
    args: ['Product'],
    words: /^"Product" is no entity: write Product:<key>, or --type Product for all of them\./,
  },
  { args: ['Product:'], words: /^"Product:" is no entity/ },
  { args: ['--purge', 'Product:*'], words: /^"Product:\*" is no entity: .*--type Product/ },
  { args: ['12'], words: /^"12" is no entity: write Product:<key>\./ },
  { args: ['--type', 'Product:p1'], words: /^"Product:p1" is no type/ },
  { args: ['--tag='], words: /^--tag needs a value/ },
  { args: ['Product:p1', 'Product:p2'], words: /^Look at one thing at a time; --purge takes several\./ },
  { args: ['--purge', '--all', 'Product:p1'], words: /^--all is everything/ },
  { args: ['--wrong'], words: /--wrong.*Usage: npm run cache/s },
  { args: ['--all'], words: /^Where is the admin port\? Give ADMIN_PORT, ADMIN_URL or --url\.\n$/ },
  { args: ['--all', '--url', 'localhost'], words: /^--url must be an address that starts with http/ },
  {
    args: ['--all'],
    environment: { ADMIN_URL: 'http://me:hidden@localhost' },
    words: /^ADMIN_URL must be an address that .* without a password\.\n$/,
  },
  {
    args: ['--all', '--url', 'http://127.0.0.1:1'],
    environment: { ADMIN_TOKEN: '' },
    words: /^ADMIN_TOKEN is not given: the admin port asks for it\.\n$/,
  },
  {
    args: ['--all'],
    environment: { ADMIN_PORT: '70000', ADMIN_TOKEN: 'hidden' },
    words: /^ADMIN_PORT must be a port .*\nADMIN_TOKEN must have at least 32 characters\.\n$/,
  },
]) {
  test(`${[...args, ...Object.keys(environment ?? {})].join(' ')} is answered with a sentence`, async () => {
    const { code, said } = await run(args, environment);
    assert.equal(code, 1);
    assert.match(said, words);
    assert.doesNotMatch(said, /\n {4}at |hidden/);
  });
}

test('says that the token is another one', async (t) => {
  const { url } = await startShop(t);
  const environment = { ADMIN_TOKEN: 'a-token-that-is-long-enough-but-wrong' };
  const { code, said } = await run(['--all', '--url', url], environment);
  assert.deepEqual([code, said], [1, `ADMIN_TOKEN is not the token of ${url}.\n`]);
});

test('says that nobody is there', async () => {
  const { origin } = new URL(await deadUrl());
  const { code, said } = await run(['--all', '--url', origin]);
  assert.equal(code, 1);
  assert.equal(
    said,
    `${origin} cannot be reached (ECONNREFUSED). A router has an admin port where ADMIN_PORT and ADMIN_TOKEN are given.\n`,
  );
});

test('says what the port refuses', async (t) => {
  const port = await startAdminPort([{ name: 'web', cache: undefined }]);
  t.after(() => port.stop());
  const { code, said } = await run(['--purge', '--all', '--url', port.url]);
  assert.deepEqual([code, said], [1, `${port.url} refused: Nothing is kept by web: there is no cache.\n`]);
});

for (const [what, status, headers, body] of [
  ['a page', 200, {}, '<html>'],
  ['JSON of something else', 200, {}, '{"bffs": [1]}'],
  ['nothing', 404, {}, ''],
  ['an error', 500, {}, 'oops'],
  ['the way to elsewhere', 302, { location: 'http://127.0.0.1:1/' }, ''],
] as const) {
  test(`says that ${what} is no admin port`, async (t) => {
    const server = await startRawServer((_, response) => response.writeHead(status, headers).end(body));
    t.after(() => server.stop());
    const { origin } = new URL(server.url);
    for (const args of [['--all'], ['--all', '--purge']]) {
      const { code, said } = await run([...args, '--url', origin]);
      assert.equal(code, 1);
      assert.ok(said.startsWith(`What is at ${origin} is no admin port of a router.`), said);
      // The port may have these digits too.
      assert.equal(said.replaceAll(origin, '').includes(`${status}`), status !== 200);
    }
  });
}

test('what the documentation shows is what is said', async (t) => {
  const docs = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
  const [section = ''] = docs.slice(docs.indexOf('### Looking into the cache')).split('\n## ');
  const commands = [...section.matchAll(/```sh\nnpm run cache -- (.*)\n```\n\n```text\n([^`]*)```/g)];
  assert.equal(commands.length, 2);
  const marks = ['Product:p1', 'Product'];
  const web = new ListOfEntries(
    entry('p1', {
      selection: '{ __typename name price { amount } }',
      staleWhileRevalidate: 6000,
      marks: [...marks, '#catalog', '*'],
      bytes: 412,
    }),
    entry('p1', {
      ...{ subgraph: 'inventory', selection: '{ __typename inStock }', why: 'subgraph' },
      ...{ age: 70_000, freshFor: -10_000, staleWhileRevalidate: 5000, staleIfError: 2_940_000, bytes: 96 },
      marks: [...marks, '*'],
    }),
  );
  web.entries.push(
    entry('p1', {
      ...{ of: 'Query.products', selection: 'products{name}', age: 12_000, freshFor: 48_000, bytes: 780 },
      ...{ staleIfError: 0, marks: ['Query.products', 'Product', 'Product:*', '*'] },
    }),
  );
  const bffs = [
    { name: 'web', cache: web },
    { name: 'mobile', cache: new ListOfEntries() },
  ];
  const port = await startAdminPort(bffs);
  t.after(() => port.stop());
  for (const [, args = '', output] of commands) {
    assert.deepEqual(await run([...args.split(' '), '--url', port.url]), { code: 0, said: output });
  }
  const [, body] = /```json\n([^`]*)```/.exec(section) ?? [];
  assert.deepEqual((await port.purge(body)).body, { dropped: 0, told: 'all' });
  const [, path = ''] = /`GET (\/\S+)`/.exec(section) ?? [];
  assert.deepEqual((await port.ask(path)).body, { bffs: { web: [], mobile: [] } });
});
