// Holds a router to answering registered operations, by every way in which clients send them, and to refusing others.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { defineBff } from '../../../supergraph/declaration/define-bff.ts';
import type { DocumentsDeclaration } from '../../../supergraph/declaration/documents-declaration.ts';
import { openRouterDocuments } from '../../../supergraph/router/open-documents.ts';
import { type FixtureGraph, startFixtureGraph } from '../fixtures/fixture-graph.ts';
import { codes, entry, hashed, manifestOf, post, sha256 } from '../fixtures/registered-operations.ts';
import { type Answer, type RouterUnderTest, startTestRouter } from '../fixtures/router-under-test.ts';

const title = 'query Title($id: ID!) { book(id: $id) { __typename id title } }';
const rename = 'mutation Rename { rename(id: "b1", title: "New") { id title } }';
const draft = 'query Draft { books { id } }';
const older = 'query Title { book(id: "b2") { title } }';
const stranger = 'query Stranger { books { title } }';
let graph: FixtureGraph;
let folder: string;
before(async () => {
  graph = await startFixtureGraph();
  folder = mkdtempSync(join(tmpdir(), 'registered-'));
});
after(async () => {
  await graph?.stop();
  rmSync(folder, { recursive: true, force: true });
});

let folders = 0;
async function start(
  documents: Partial<DocumentsDeclaration> = {},
  { production = true } = {},
): Promise<RouterUnderTest & { manifest: string }> {
  const home = join(folder, String(folders++));
  mkdirSync(join(home, 'released'), { recursive: true });
  const manifest = join(home, 'manifest.json');
  writeFileSync(
    manifest,
    manifestOf(entry('Title', title), entry('Rename', rename), entry('Draft', draft, { draft: true })),
  );
  writeFileSync(join(home, 'released', 'ios-3.0.0.json'), manifestOf(entry('Title', older)));
  const router = await startTestRouter(graph.supergraphSdl, {
    bff: defineBff({
      name: 'test',
      port: 0,
      documents: { folder: 'documents', unregistered: 'reject', batch: 3, ...documents },
      forward: { headers: ['X-Tenant'] },
    }),
    manifests: { manifest, released: join(home, 'released') },
    environment: { production },
  });
  return { ...router, manifest };
}

const get = (
  router: RouterUnderTest,
  parameters: Record<string, string | object>,
  headers: Record<string, string> = {},
): Promise<Answer> => {
  const search = new URLSearchParams(
    Object.entries(parameters).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
  return router.fetch(`/graphql?${search}`, { headers: { 'apollo-require-preflight': '1', ...headers } });
};
const middlemarch = { book: { __typename: 'Book', id: 'b1', title: 'Middlemarch' } };
const variables = { id: 'b1' };

describe('in production, where only registered operations are answered', () => {
  let router: RouterUnderTest;
  before(async () => {
    router = await start();
  });
  after(() => router?.stop());

  const cases: [string, (() => Promise<Answer>)[], unknown][] = [
    [
      'an id is answered, over POST and GET',
      [
        () => post(router, { extensions: hashed(sha256(title)), variables }),
        () => post(router, { operationName: 'Title', extensions: hashed(sha256(title)), variables }),
        () => get(router, { extensions: hashed(sha256(title)), variables }),
      ],
      middlemarch,
    ],
    [
      'so is its very text, with its id or without it',
      [
        () => post(router, { query: title, extensions: hashed(sha256(title)), variables }),
        () => post(router, { query: title, variables }),
        () => get(router, { query: title, variables }),
      ],
      middlemarch,
    ],
    [
      'and the id of a version that people still have',
      [() => post(router, { extensions: hashed(sha256(older)) })],
      { book: { title: 'War and Peace' } },
    ],
    [
      'a mutation is answered over POST',
      [() => post(router, { extensions: hashed(sha256(rename)) })],
      { rename: { id: 'b1', title: 'New' } },
    ],
    [
      'text that differs from its id is refused, whatever the text',
      [
        () => post(router, { query: `${title} `, extensions: hashed(sha256(title)), variables }),
        () => post(router, { query: stranger, extensions: hashed(sha256(title)), variables }),
        () => post(router, { query: title, extensions: hashed(sha256(rename)), variables }),
        () => post(router, { query: title, extensions: hashed('0'.repeat(64)), variables }),
        () => get(router, { query: stranger, extensions: hashed(sha256(title)), variables }),
      ],
      ['BAD_REQUEST'],
    ],
    [
      'text that is not registered is refused, its hash with it or not',
      [
        () => post(router, { query: stranger }),
        () => post(router, { query: title.replace('title', 'title '), variables }),
        () => post(router, { query: stranger, extensions: hashed(sha256(stranger)) }),
        () => post(router, { query: '{ __typename }' }),
        () => post(router, { query: '{ __schema { types { name } } }' }),
        () => get(router, { query: stranger }),
      ],
      ['OPERATION_NOT_REGISTERED'],
    ],
    [
      'an id that is not known is not found, nor is a draft',
      [
        () => post(router, { extensions: hashed(sha256(stranger)) }),
        () => post(router, { extensions: hashed('') }),
        () => post(router, { extensions: hashed(sha256(draft)) }),
        () => get(router, { extensions: hashed(sha256(draft)) }),
        () => get(router, { extensions: hashed('constructor') }),
      ],
      ['PERSISTED_QUERY_NOT_FOUND'],
    ],
    ['the text of a draft is refused', [() => post(router, { query: draft })], ['OPERATION_NOT_REGISTERED']],
    [
      'a mutation over GET, and what is no request, are refused',
      [
        () => get(router, { extensions: hashed(sha256(rename)) }),
        () => post(router, {}),
        () => post(router, { query: 1 }),
        () => post(router, 'text'),
        () => router.fetch('/graphql?extensions=%7B', { headers: { 'apollo-require-preflight': '1' } }),
      ],
      ['BAD_REQUEST'],
    ],
    [
      'another version of the protocol is not supported',
      [
        () =>
          post(router, {
            query: title,
            variables,
            extensions: { persistedQuery: { version: 2, sha256Hash: 'x' } },
          }),
      ],
      ['PERSISTED_QUERY_NOT_SUPPORTED'],
    ],
  ];
  for (const [name, requests, expected] of cases) {
    test(name, async () => {
      for (const [index, request] of requests.entries()) {
        // The second time it is known.
        for (const time of ['first', 'second']) {
          assert.deepEqual(codes(await request()), expected, `request ${index}, ${time} time`);
        }
      }
    });
  }

  test('no subgraph hears of what is refused', async () => {
    graph.seen.length = 0;
    await post(router, { query: stranger });
    await post(router, { query: stranger, extensions: hashed(sha256(title)) });
    await post(router, { extensions: hashed(sha256(stranger)) });
    assert.deepEqual(graph.seen, []);
  });
});

describe('several operations in one request', () => {
  let router: RouterUnderTest;
  before(async () => {
    router = await start();
  });
  after(() => router?.stop());
  const one = { extensions: hashed(sha256(title)), variables };

  test('are answered in their order, each as if it had come alone', async () => {
    const { status, body } = await post(router, [
      one,
      { query: stranger },
      { extensions: hashed(sha256(older)) },
    ]);
    assert.equal(status, 200);
    assert.deepEqual(body, [
      { data: middlemarch },
      {
        errors: [
          {
            message: 'Only registered operations are answered here.',
            extensions: { code: 'OPERATION_NOT_REGISTERED' },
          },
        ],
      },
      { data: { book: { title: 'War and Peace' } } },
    ]);
  });

  const refused: [string, unknown, string][] = [
    ['more than are declared', [one, one, one, one], 'BATCH_LIMIT_EXCEEDED'],
    ['none', [], 'BAD_REQUEST'],
  ];
  for (const [name, body, code] of refused) {
    test(`${name} are refused as a whole`, async () => {
      graph.seen.length = 0;
      const answer = await post(router, body);
      assert.deepEqual([answer.status, codes(answer), graph.seen.length], [400, [code], 0]);
    });
  }

  test('an array within an array is no request', async () => {
    const { body } = await post(router, [[one], one, 'text']);
    assert.deepEqual(
      (body as unknown as Answer['body'][]).map((part) => part.data ?? part.errors?.[0]?.extensions['code']),
      ['BAD_REQUEST', middlemarch, 'BAD_REQUEST'],
    );
  });

  test('one that is nested too deeply is refused, and not taken for a fault of ours', async () => {
    const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
    const answer = await router.fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `[{"query":"{ __typename }","variables":${deep}}]`,
    });
    assert.deepEqual([answer.status, codes(answer)], [400, ['VARIABLE_DEPTH_LIMIT_EXCEEDED']]);
  });

  test('are refused where nothing is declared of them', async (t) => {
    const single = await startTestRouter(graph.supergraphSdl);
    t.after(() => single.stop());
    const answer = await post(single, [{ query: title, variables }]);
    assert.deepEqual([answer.status, codes(answer)], [400, ['BAD_REQUEST']]);
  });
});

describe('answers over GET', () => {
  let router: RouterUnderTest;
  before(async () => {
    router = await start({ unregistered: 'allow' });
  });
  after(() => router?.stop());

  test('may be kept by whoever asked, and are asked for again by their tag', async () => {
    const asked = { extensions: hashed(sha256(title)), variables };
    const first = await get(router, asked);
    assert.equal(first.headers.get('cache-control'), 'private, no-cache');
    const etag = first.headers.get('etag') ?? '';
    assert.match(etag, /^"[\w-]{27}"$/);
    assert.equal(
      first.headers.get('vary')?.split(', ').sort().join(),
      'Origin,accept,accept-encoding,apollographql-client-name,apollographql-client-version,authorization,x-cost,x-deprecations,x-tenant',
    );
    // Answers that were packed on the way have the weak one.
    for (const [given, told] of [
      [etag, etag],
      [`W/${etag}`, `W/${etag}`],
      [`"other", ${etag}`, etag],
    ] as const) {
      const again = await get(router, asked, { 'if-none-match': given });
      assert.deepEqual([again.status, again.text, again.headers.get('etag')], [304, '', told], given);
      assert.equal(again.headers.get('content-type'), null);
    }
    const other = await get(router, { ...asked, variables: { id: 'b2' } }, { 'if-none-match': etag });
    assert.equal(other.status, 200);
  });

  test('are not to be kept when something failed', async () => {
    const failed = await get(router, { query: '{ book(id: "b1") { title } fail(with: NOT_FOUND) }' });
    assert.deepEqual(codes(failed), ['NOT_FOUND']);
    assert.deepEqual([failed.headers.get('cache-control'), failed.headers.get('etag')], ['no-store', null]);
  });
});

describe('elsewhere than in production', () => {
  test('unregistered text and drafts are answered', async (t) => {
    const router = await start({}, { production: false });
    t.after(() => router.stop());
    assert.deepEqual(codes(await post(router, { query: '{ books(first: 1) { title } }' })), {
      books: [{ title: 'Middlemarch' }],
    });
    assert.deepEqual(codes(await post(router, { extensions: hashed(sha256(draft)) })), {
      books: [{ id: 'b1' }, { id: 'b2' }],
    });
    assert.deepEqual(codes(await post(router, { extensions: hashed(sha256(stranger)) })), [
      'PERSISTED_QUERY_NOT_FOUND',
    ]);
  });
});

test('what production would refuse is logged elsewhere', async (t) => {
  const home = mkdtempSync(join(folder, 'logged-'));
  writeFileSync(join(home, 'm.json'), manifestOf(entry('Title', title)));
  const warnings: string[] = [];
  const documents = await openRouterDocuments({
    declared: { folder: 'documents', unregistered: 'reject' },
    places: { manifest: join(home, 'm.json'), released: join(home, 'released') },
    production: false,
    log: { info() {}, error() {}, warn: (message) => warnings.push(message) },
  });
  t.after(() => documents.stop());
  for (const query of [title, stranger]) documents.resolve({ query });
  assert.deepEqual(warnings, ['not registered, and refused in production: query Stranger']);
});

describe('automatic persisted queries', () => {
  test('are registered by their first use, beside what the manifest has', async (t) => {
    const router = await start({ unregistered: 'allow', automatic: true });
    t.after(() => router.stop());
    const byHash = () => post(router, { extensions: hashed(sha256(stranger)) });
    assert.deepEqual(codes(await byHash()), ['PERSISTED_QUERY_NOT_FOUND']);
    await post(router, { query: stranger, extensions: hashed(sha256(stranger)) });
    assert.deepEqual(codes(await byHash()), {
      books: [{ title: 'Middlemarch' }, { title: 'War and Peace' }],
    });
    assert.deepEqual(codes(await post(router, { query: stranger, extensions: hashed(sha256(title)) })), [
      'BAD_REQUEST',
    ]);
    assert.deepEqual(
      codes(await post(router, { extensions: hashed(sha256(title)), variables })),
      middlemarch,
    );
  });
});
