// Holds `npm run router -- --bff`: declarations from any folder, several in one process, and what holds for each, told.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { applyContract } from '../../supergraph/composition/contract.ts';
import { type Child, startChild } from './fixtures/child-process.ts';
import { type FixtureGraph, startFixtureGraph } from './fixtures/fixture-graph.ts';

const main = new URL('../../supergraph/main.ts', import.meta.url);
const index = new URL('../../supergraph/index.ts', import.meta.url).href;
let graph: FixtureGraph;
let folder: string;
let supergraph: string;

before(async () => {
  graph = await startFixtureGraph();
  folder = mkdtempSync(join(tmpdir(), 'declared-'));
  supergraph = join(folder, 'supergraph.graphql');
  writeFileSync(supergraph, graph.supergraphSdl);
});
after(async () => {
  await graph?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The file of a declaration, with what composition makes beside it. */
function declare(name: string, declaration: string, contract?: { include?: string[] }): string {
  const home = join(folder, name);
  mkdirSync(join(home, 'generated'), { recursive: true });
  const file = join(home, 'bff.ts');
  writeFileSync(
    file,
    `import { allow, and, defineBff, isSignedIn, lastKnown, omit, value } from '${index}';
export const declared = defineBff({ name: '${name}', port: 0, ${declaration} });
void [allow, and, isSignedIn, lastKnown, omit, value];\n`,
  );
  const { supergraphSdl } = applyContract(name, graph.supergraphSdl, contract);
  writeFileSync(join(home, 'generated', 'supergraph.graphql'), supergraphSdl);
  return file;
}

const start = (...args: string[]): Child => startChild(main, { args });
const url = async (child: Child, name: string): Promise<string> =>
  (await child.says(new RegExp(`${name} answers on (http:\\/\\/\\S+)`)))[1] ?? '';

async function ask(at: string, query: string): Promise<unknown> {
  const response = await fetch(at, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return response.json();
}
const shown = { data: { books: [{ title: 'Middlemarch' }, { title: 'War and Peace' }] } };

describe('a declaration from any folder', () => {
  test('runs on what was composed for it', async () => {
    const child = start(
      '--bff',
      declare('app', "contract: { include: ['mobile'] }", { include: ['mobile'] }),
    );
    const at = await url(child, 'app');
    assert.match(at, /:\d+\/graphql$/);
    assert.deepEqual(await ask(at, '{ books { title } }'), shown);
    assert.match(JSON.stringify(await ask(at, '{ ledger }')), /Cannot query field/);
    child.process.kill('SIGTERM');
    assert.deepEqual(await child.ended, { code: 0, signal: null });
  });

  test('or on a supergraph that is named, under its own contract', async () => {
    const child = start(
      ...['--bff', declare('view', "contract: { include: ['mobile'] }"), '--supergraph', supergraph],
    );
    const at = await url(child, 'view');
    assert.deepEqual(await ask(at, '{ books { title } }'), shown);
    assert.match(JSON.stringify(await ask(at, '{ ledger }')), /Cannot query field/);
    child.process.kill('SIGTERM');
    await child.ended;
  });
});

describe('several in one process', () => {
  test('are told apart by their paths, and share neither contract nor policy', async () => {
    const files = [
      declare('all', 'subgraphs: { every: { timeout: "5s" } }'),
      declare('few', "contract: { include: ['mobile'] }", { include: ['mobile'] }),
    ];
    const child = start('--bff', files[0] ?? '', '--bff', files[1] ?? '', '--port', '0');
    const [all, few] = [await url(child, 'all'), await url(child, 'few')];
    assert.equal(new URL(all).host, new URL(few).host);
    assert.deepEqual([new URL(all).pathname, new URL(few).pathname], ['/all/graphql', '/few/graphql']);
    assert.deepEqual(await ask(all, '{ ledger }'), { data: { ledger: 'secret' } });
    assert.match(JSON.stringify(await ask(few, '{ ledger }')), /Cannot query field/);
    assert.deepEqual(await ask(few, '{ books { title } }'), shown);
    const { origin } = new URL(all);
    const pages: [string, number, RegExp][] = [
      ['/', 200, /href="\/all\/".*href="\/few\/"/],
      ['/few/', 200, /'\/few\/graphql'/],
      ['/few/explorer', 200, /\/few\/graphql/],
      ['/few/health/ready', 200, /ready/],
      ['/health/live', 200, /live/],
      ['/health/ready', 200, /ready/],
      ['/graphql', 404, /ROUTE_NOT_FOUND/],
    ];
    for (const [path, status, text] of pages) {
      const response = await fetch(`${origin}${path}`);
      assert.equal(response.status, status, path);
      assert.match(await response.text(), text, path);
    }
    child.process.kill('SIGTERM');
    assert.deepEqual(await child.ended, { code: 0, signal: null });
  });

  test('start all or not at all, with the problems of each and its file', async () => {
    const child = start(
      ...[
        '--bff',
        declare(
          'one',
          'contract: { include: ["mobil"] }, subgrahs: {}, permissions: { Query: { boks: allow }, Bok: {} }',
        ),
      ],
      ...['--bff', declare('two', 'subgraphs: { librari: {} }')],
    );
    assert.deepEqual(await child.ended, { code: 1, signal: null });
    const said = child.output();
    assert.match(said, /"one" in \S*one cannot be used/);
    assert.match(said, /- subgrahs: .*Did you mean "subgraphs"\?/);
    assert.match(said, /- contract\.include: no schema uses the tag "mobil"\. Did you mean "mobile"\?/);
    assert.match(said, /- permissions\.Query\.boks: there is no such field\. Did you mean "books"/);
    assert.match(said, /- permissions\.Bok: there is no such type with fields\. Did you mean "Book"/);
    assert.match(said, /"two" in \S*two cannot be used/);
    assert.match(said, /- subgraphs\.librari: .*Did you mean "library"\?/);
  });

  test('and not under one name', async () => {
    const file = declare('same', '');
    const child = start('--bff', file, '--bff', file);
    assert.deepEqual(await child.ended, { code: 1, signal: null });
    assert.match(child.output(), /^Two BFFs are called "same"/);
  });
});

describe('--explain', () => {
  test('tells what holds, where it comes from, and starts nothing', async () => {
    const child = startChild(main, {
      args: [
        '--bff',
        declare(
          'told',
          `subgraphs: { every: { timeout: '3s' }, library: { timeout: '800ms' } },
           permissions: { Query: { books: and(isSignedIn, allow) } },
           clients: { ios: { minimum: '3.0.0' } },
           limits: { cost: 400 },`,
        ),
        '--explain',
      ],
      environment: { LOG_LEVEL: 'silent', CALLER_SECRET: 'never-to-be-told-never-to-be-told-never' },
    });
    assert.deepEqual(await child.ended, { code: 0, signal: null });
    const said = child.output();
    for (const [key, value, from] of [
      ['name', 'told', 'declared'],
      ['contract', 'everything is visible', 'default'],
      ['subgraphs\\.library\\.timeout', '800ms', 'declared'],
      ['subgraphs\\.\\w+\\.timeout', '3s', 'subgraphs\\.every'],
      ['subgraphs\\.library\\.trusted', 'false', 'default'],
      ['subgraphs\\.library\\.url', 'http:\\S+', 'supergraph'],
      ['permissions\\.Query\\.books', 'and\\(signed in, allow\\)', 'declared'],
      ['clients\\.ios\\.minimum', '3\\.0\\.0', 'declared'],
      ['limits\\.cost', '400', 'declared'],
      ['limits\\.assumedListSize', '10', 'default'],
      ['costs', '0 by @cost, 0 lists by @listSize', 'supergraph'],
    ]) {
      assert.match(said, new RegExp(`^${key} +${value} +\\(${from}\\)$`, 'm'));
    }
    assert.doesNotMatch(said, /never-to-be-told/);
  });

  const cached = `cache: {
    Book: { maxAge: '1m', staleIfError: '1h', scope: 'public', tags: ['shelf', 'paper'] },
    'Query.books': { maxAge: '30s', scope: { claim: 'tenant' } },
    'Query.ledger': 'never',
  },`;

  const hinted = "declared, before the schema's hints";
  const told: Record<
    string,
    { declaration: string; environment?: Record<string, string>; rows: string[][] }
  > = {
    'what stands in for which field, and who says so': {
      declaration: `fallbacks: {
        'Query.books': [lastKnown({ upTo: '1h' }), omit],
        'Book.title': value('?'),
        'Query.ledger': lastKnown({ upTo: '5m', scope: 'viewer' }),
        'Query.whoami': lastKnown({ upTo: '5m', scope: { claim: 'tenant' } }),
      },`,
      rows: [
        ['fallbacks\\.Query\\.ledger', 'lastKnown\\(5m, for viewer\\)', 'declared'],
        ['fallbacks\\.Query\\.whoami', 'lastKnown\\(5m, for claim tenant\\)', 'declared'],
        ['fallbacks\\.Query\\.books', 'lastKnown\\(1h\\), omit', 'declared'],
        ['fallbacks\\.Book\\.title', 'value\\("\\?"\\)', 'declared'],
      ],
    },
    'how subgraphs are asked that are slow or fail': {
      declaration: `timeout: '9s', subgraphs: {
        every: { retry: { attempts: 3 }, concurrency: 50, breaker: { of: 8 } },
        library: { retry: 'never', hedge: { after: '90ms' }, concurrency: { most: 7, waiting: 2 } },
      },`,
      rows: [
        ['timeout', '9s', 'declared'],
        ['subgraphs\\.library\\.timeout', '5s', 'default'],
        ['subgraphs\\.library\\.retry', 'never', 'declared'],
        ['subgraphs\\.library\\.hedge\\.after', '90ms', 'declared'],
        ['subgraphs\\.library\\.hedge\\.budget', '5%', 'default'],
        ['subgraphs\\.library\\.concurrency\\.waiting', '2', 'declared'],
        ['subgraphs\\.library\\.breaker\\.of', '8', 'subgraphs.every'],
        ['subgraphs\\.library\\.breaker\\.for', '2s', 'default'],
        ['subgraphs\\.post\\.retry\\.attempts', '3', 'subgraphs.every'],
        ['subgraphs\\.post\\.retry\\.budget', '20%', 'default'],
        ['subgraphs\\.post\\.hedge', 'never', 'default'],
        ['subgraphs\\.post\\.concurrency\\.most', '50', 'subgraphs.every'],
        ['subgraphs\\.post\\.concurrency\\.waiting', '50', 'default'],
        ['fields', 'as their subgraphs', 'default'],
      ],
    },
    'what is asked for by itself, and what a subgraph has no time for': {
      declaration: `timeout: '2s', fields: {
        'Book.title': { timeout: '300ms', breaker: { of: 5 } },
        'Query.books': { breaker: 'never' },
        'Query.ledger': {},
      },`,
      rows: [
        ['fields\\.Book\\.title\\.timeout', '300ms', 'declared'],
        ['fields\\.Book\\.title\\.breaker\\.of', '5', 'declared'],
        ['fields\\.Book\\.title\\.breaker\\.for', '2s', 'default'],
        ['fields\\.Query\\.books\\.breaker', 'never', 'declared'],
        ['fields\\.Query\\.ledger', 'asked for by itself', 'declared'],
        ['subgraphs\\.library\\.timeout', "5s, at most the request's 2s", 'default'],
      ],
    },
    'that nothing stands in where nothing is said': {
      declaration: '',
      rows: [['fallbacks', 'none', 'default']],
    },
    'that nothing stands in under the stock engine': {
      declaration: `fallbacks: { 'Book.title': value('?') },`,
      environment: { ENGINE: 'apollo' },
      rows: [['fallbacks', 'nothing stands in', 'ENGINE']],
    },
    'what is kept, whose answers, in how much memory, and where that is looked after': {
      declaration: `${cached} subgraphs: { library: { cacheControl: 'ignored' } },`,
      environment: {
        ...{ CACHE_MEGABYTES: '7', ADMIN_PORT: '4900' },
        ADMIN_TOKEN: 'never-to-be-told-never-to-be-told-never',
      },
      rows: [
        ['cache\\.Book\\.maxAge', '1m', hinted],
        ['cache\\.Book\\.staleIfError', '1h', hinted],
        ['cache\\.Book\\.scope', 'public', hinted],
        ['cache\\.Book\\.tags', 'shelf, paper', hinted],
        ['cache\\.Query\\.books\\.scope\\.claim', 'tenant', hinted],
        ['cache\\.Query\\.ledger', 'never', hinted],
        ['responseCache', 'public', 'default'],
        ['cache memory', '7 MB', 'CACHE_MEGABYTES'],
        ['admin port', '4900', 'ADMIN_PORT'],
        ['subgraphs\\.library\\.cacheControl', 'ignored', 'declared'],
      ],
    },
    'that nothing is kept, where nothing is declared': {
      declaration: '',
      rows: [
        ['cache', 'nothing is kept', 'default'],
        ['admin port', 'served nowhere', 'default'],
        ['subgraphs\\.library\\.cacheControl', 'obeyed', 'default'],
      ],
    },
    'that nothing is kept on the stock engine': {
      declaration: cached,
      environment: { ENGINE: 'apollo' },
      rows: [['cache', 'nothing is kept', 'ENGINE']],
    },
  };
  for (const [what, { declaration, environment = {}, rows }] of Object.entries(told)) {
    test(`tells ${what}`, async () => {
      const child = startChild(main, {
        args: ['--bff', declare('keeping', declaration), '--explain'],
        environment: { LOG_LEVEL: 'silent', ...environment },
      });
      assert.deepEqual(await child.ended, { code: 0, signal: null });
      const said = child.output();
      for (const [key, value, from] of rows) {
        assert.match(said, new RegExp(`^${key} +${value} +\\(${from}\\)$`, 'm'));
      }
      assert.doesNotMatch(said, /never-to-be-told/);
    });
  }

  test('tells it also where there is a token for an admin port, and none is to be served', async () => {
    const child = startChild(main, {
      args: ['--bff', declare('looking', cached), '--explain'],
      environment: { LOG_LEVEL: 'silent', ADMIN_PORT: '', ADMIN_TOKEN: 'x'.repeat(32) },
    });
    assert.deepEqual(await child.ended, { code: 0, signal: null }, child.output());
    assert.match(child.output(), /^admin port +served nowhere +\(default\)$/m);
  });

  test('tells what must not be shared, as the start itself does', async () => {
    const file = declare(
      'shared',
      `permissions: { Book: { title: isSignedIn } }, cache: { Book: { maxAge: '1m', scope: 'public' } },`,
    );
    for (const flags of [['--explain'], ['--port', '0']]) {
      const child = start('--bff', file, ...flags);
      assert.deepEqual(await child.ended, { code: 1, signal: null });
      assert.match(
        child.output(),
        /- cache\.Book: is 'public', but not everybody may ask for Book\.title: write /,
      );
    }
  });

  test('tells what is wrong instead, where something is', async () => {
    const child = start('--bff', declare('wrong', 'clints: {}'), '--explain');
    assert.deepEqual(await child.ended, { code: 1, signal: null });
    assert.match(child.output(), /- clints: .*Did you mean "clients"\?/);
  });
});

describe('says in one sentence why it does not start', () => {
  const cases: [string, () => string[], RegExp][] = [
    [
      'with a folder',
      () => ['--bff', 'bff-web'],
      /^bff-web is a folder: name the declaration in it, such as bff-web\/bff\.ts\./,
    ],
    ['with a file that is not there', () => ['--bff', 'nowhere.ts'], /^nowhere\.ts cannot be loaded: /],
    [
      'with a file that declares nothing',
      () => ['--bff', 'supergraph/foundation/duration.ts'],
      /^supergraph\/foundation\/duration\.ts must export exactly one declaration/,
    ],
    [
      'with views over a supergraph that is named',
      () => ['--bff', declare('drawn', "views: 'views'"), '--supergraph', supergraph],
      /has views, which are composed with the subgraphs: run "npm run compose" and leave --supergraph out\./,
    ],
    [
      'with a flag that takes no value',
      () => ['--supergraph', supergraph, '--explain=yes'],
      /^--explain takes no value\./,
    ],
  ];
  for (const [name, args, sentence] of cases) {
    test(name, async () => {
      const child = start(...args());
      assert.deepEqual(await child.ended, { code: 1, signal: null });
      assert.match(child.output(), sentence);
    });
  }
});
