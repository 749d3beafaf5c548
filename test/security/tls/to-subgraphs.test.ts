// Holds routers to asking only subgraphs whose certificate is good, and to showing theirs where it is wanted.
import assert from 'node:assert/strict';
import { after, before, describe, type TestContext, test } from 'node:test';
import { defineBff, type SubgraphTls } from '../../../supergraph/declaration/define-bff.ts';
import type { EngineName } from '../../../supergraph/foundation/environment.ts';
import { startChild } from '../../supergraph/fixtures/child-process.ts';
import { startTestRouter } from '../../supergraph/fixtures/router-under-test.ts';
import {
  type Authority,
  type Credentials,
  createAuthority,
  createPemFolder,
  type IssueOptions,
  type PemFolder,
} from '../../support/certificates.ts';
import { type SecureSubgraph, startSecureSubgraph, supergraphOver } from './secure-subgraph.ts';

let ours: Authority;
let theirs: Authority;
let files: PemFolder;
/** Of files that every test may name. */
let paths: Record<'ours' | 'theirs' | 'cert' | 'key' | 'strangeCert' | 'strangeKey', string>;
let mine: Credentials;

before(async () => {
  [ours, theirs] = await Promise.all([createAuthority('Ours'), createAuthority('Theirs')]);
  mine = await ours.issue({ names: ['router.example'] });
  const strange = await theirs.issue({ names: ['router.example'] });
  files = createPemFolder();
  paths = {
    ours: files.write('ours.pem', ours.cert),
    theirs: files.write('theirs.pem', theirs.cert),
    cert: files.write('cert.pem', mine.cert),
    key: files.write('key.pem', mine.key),
    strangeCert: files.write('strange-cert.pem', strange.cert),
    strangeKey: files.write('strange-key.pem', strange.key),
  };
});
after(() => files?.remove());

interface Said {
  own?: SubgraphTls;
  every?: SubgraphTls;
  environment?: SubgraphTls;
  engine?: EngineName;
  /** Of the address. */
  host?: string;
}

async function subgraphWith(t: TestContext, issue: IssueOptions = {}, asksClients = false) {
  const { cert, key } = await ours.issue(issue);
  const asking = { ca: ours.cert, requestCert: true, rejectUnauthorized: true };
  const subgraph = await startSecureSubgraph({ cert, key, ...(asksClients && asking) });
  t.after(() => subgraph.stop());
  return subgraph;
}

async function routerTo(t: TestContext, subgraph: SecureSubgraph, said: Said) {
  const { own, every, environment, engine = 'tributary', host = '127.0.0.1' } = said;
  const named = Object.entries(environment ?? {}).map(([part, path]) => [
    part,
    { path, namedBy: `SUBGRAPH_TLS_${part.toUpperCase()}` },
  ]);
  const router = await startTestRouter(supergraphOver(subgraph.port, { host }), {
    bff: defineBff({
      name: 'bff',
      port: 0,
      subgraphs: {
        every: { signed: true, ...(every && { tls: every }) },
        words: own ? { tls: own } : {},
      },
    }),
    environment: {
      engine,
      callerSecret: 'a secret that routers and subgraphs share',
      subgraphTls: Object.fromEntries(named),
    },
  });
  t.after(() => router.stop());
  return router;
}

const headers = { authorization: 'Bearer a.token.of-somebody' };
const unavailable = 'The service behind this part of the answer cannot be reached.';

async function holdAnswered(t: TestContext, subgraph: SecureSubgraph, said: Said): Promise<void> {
  const router = await routerTo(t, subgraph, said);
  const { body } = await router.ask('{ word }', { headers });
  assert.deepEqual(body, { data: { word: 'said' } });
  const [first, ...more] = subgraph.received;
  assert.equal(more.length, 0);
  assert.equal(first?.headers.authorization, headers.authorization);
  assert.match(String(first?.headers['tributary-caller']), /^[\w-]+\.[\w-]+\.[\w-]+$/);
}

async function holdUnavailable(t: TestContext, subgraph: SecureSubgraph, said: Said): Promise<void> {
  const router = await routerTo(t, subgraph, said);
  for (const operation of ['query { word }', 'mutation { say(word: "x") }']) {
    const { body } = await router.ask(operation, { headers });
    assert.equal(Object.values(body.data ?? { data: null })[0], null);
    assert.deepEqual(
      body.errors?.map(({ message, extensions }) => [message, extensions]),
      [[unavailable, { code: 'SUBGRAPH_UNAVAILABLE' }]],
    );
  }
  // Nothing of a request came: no token, no signed call.
  assert.deepEqual(subgraph.received, []);
  const health = await router.fetch('/health/ready');
  assert.equal(health.status, 503);
  assert.deepEqual(subgraph.received, []);
}

describe('a subgraph is asked', () => {
  const cases: Record<string, [said: () => Said, issue?: IssueOptions]> = {
    'whose CA the environment names': [() => ({ environment: { ca: paths.ours } })],
    'whose CA its declaration names': [() => ({ own: { ca: paths.ours } })],
    'whose CA the declaration of all names': [() => ({ every: { ca: paths.ours } })],
    'by the stock engine too': [() => ({ own: { ca: paths.ours }, engine: 'apollo' })],
    'that is reached by its name': [() => ({ own: { ca: paths.ours }, host: 'localhost' })],
    'that has another name, where that is declared': [
      () => ({ own: { ca: paths.ours, serverName: 'words.internal' } }),
      { names: ['words.internal'] },
    ],
    'that has another name than that of its address, where that is declared': [
      () => ({ own: { ca: paths.ours, serverName: 'words.internal' }, host: 'localhost' }),
      { names: ['words.internal'] },
    ],
    'whose name is declared, and its CA in the environment': [
      () => ({ own: { serverName: 'words.internal' }, environment: { ca: paths.ours } }),
      { names: ['words.internal'] },
    ],
    'where the environment takes the place of what is declared for all': [
      () => ({ every: { ca: paths.theirs }, environment: { ca: paths.ours } }),
    ],
    'where its own declaration takes the place of the environment': [
      () => ({ own: { ca: paths.ours }, environment: { ca: paths.theirs } }),
    ],
  };
  for (const [name, [said, issue]] of Object.entries(cases)) {
    test(name, async (t) => holdAnswered(t, await subgraphWith(t, issue), said()));
  }
});

describe('a subgraph is unavailable, and hears nothing,', () => {
  const cases: Record<string, [said: () => Said, issue?: IssueOptions]> = {
    'whose CA nobody has named': [() => ({})],
    'whose CA is not the one that is named': [() => ({ own: { ca: paths.theirs } })],
    'whose CA the environment knows, and its own declaration does not': [
      () => ({ own: { ca: paths.theirs }, environment: { ca: paths.ours } }),
    ],
    'whose certificate has expired': [() => ({ own: { ca: paths.ours } }), { from: -3, until: -1 }],
    'whose certificate is not good yet': [() => ({ own: { ca: paths.ours } }), { from: 1, until: 3 }],
    'whose certificate is for another address': [
      () => ({ own: { ca: paths.ours } }),
      { names: ['127.0.0.2'] },
    ],
    'whose certificate is for another name': [
      () => ({ own: { ca: paths.ours }, host: 'localhost' }),
      { names: ['elsewhere.example'] },
    ],
    'whose certificate is for its address, where another name is declared': [
      () => ({ own: { ca: paths.ours, serverName: 'words.internal' } }),
    ],
    'behind the stock engine too': [() => ({ own: { ca: paths.theirs }, engine: 'apollo' })],
  };
  for (const [name, [said, issue]] of Object.entries(cases)) {
    test(name, async (t) => holdUnavailable(t, await subgraphWith(t, issue), said()));
  }

  test('where Node is told to believe everybody', async (t) => {
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    t.after(() => {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    });
    for (const said of [{}, { own: { ca: paths.theirs } }]) {
      await holdUnavailable(t, await subgraphWith(t), said);
    }
  });
});

describe('a subgraph that asks for a certificate', () => {
  test('gets that of the router', async (t) => {
    const { cert, key, ours: ca } = paths;
    for (const said of [{ own: { ca, cert, key } }, { environment: { ca, cert, key } }]) {
      const subgraph = await subgraphWith(t, {}, true);
      await holdAnswered(t, subgraph, said);
      assert.deepEqual(subgraph.shown, [mine.serial]);
    }
  });

  test('is unavailable to a router that has none', async (t) => {
    await holdUnavailable(t, await subgraphWith(t, {}, true), { own: { ca: paths.ours } });
  });

  test('is not shown the one that is meant for all, when it has a CA of its own', async (t) => {
    const { cert, key, ours: ca } = paths;
    for (const said of [
      { own: { ca }, every: { cert, key } },
      { own: { ca }, environment: { ca, cert, key } },
    ]) {
      const subgraph = await subgraphWith(t, {}, true);
      await holdUnavailable(t, subgraph, said);
      assert.deepEqual(subgraph.shown, []);
    }
  });

  test('is unavailable to a router with one of another CA', async (t) => {
    const { ours: ca, strangeCert: cert, strangeKey: key } = paths;
    await holdUnavailable(t, await subgraphWith(t, {}, true), { own: { ca, cert, key } });
  });
});

test('connections are used again', async (t) => {
  const subgraph = await subgraphWith(t, {}, true);
  const { cert, key, ours: ca } = paths;
  const router = await routerTo(t, subgraph, { own: { ca, cert, key } });
  for (let time = 0; time < 20; time += 1) {
    assert.deepEqual((await router.ask('{ word }')).body, { data: { word: 'said' } });
  }
  assert.deepEqual(subgraph.opened(), { tcp: 1, secure: 1 });
  // A connection that was closed while it waited costs a query nothing.
  subgraph.hangUp();
  assert.deepEqual((await router.ask('{ word }')).body, { data: { word: 'said' } });
  assert.deepEqual(subgraph.opened(), { tcp: 2, secure: 2 });
});

test('files that are replaced are used for connections that begin then', { timeout: 30_000 }, async (t) => {
  const subgraph = await subgraphWith(t, {}, true);
  const folder = createPemFolder();
  t.after(() => folder.remove());
  const own = {
    ca: folder.write('ca.pem', theirs.cert),
    cert: folder.write('cert.pem', mine.cert),
    key: folder.write('key.pem', mine.key),
  };
  const router = await routerTo(t, subgraph, { own });
  assert.equal((await router.ask('{ word }')).body.errors?.length, 1);
  folder.write('ca.pem', ours.cert);
  while ((await router.ask('{ word }')).body.errors) {}
  const next = await ours.issue();
  folder.write('key.pem', next.key);
  folder.write('cert.pem', next.cert);
  while (subgraph.shown.at(-1) !== next.serial) {
    subgraph.hangUp();
    assert.equal((await router.ask('{ word }')).body.errors, undefined);
  }
});

test('the log says why a subgraph is not believed, and nothing that is secret', async (t) => {
  const secret = 'a secret that routers and subgraphs share';
  const why: [reason: RegExp, issue: IssueOptions, ca?: string][] = [
    [/certificate has expired/, { from: -3, until: -1 }],
    [/IP: 127\.0\.0\.1 is not in the cert's list/, { names: ['127.0.0.2'] }],
    [/unable to (?:verify the first|get local issuer) certificate/, {}, paths.theirs],
  ];
  for (const [reason, issue, ca = paths.ours] of why) {
    const subgraph = await subgraphWith(t, issue);
    const folder = createPemFolder();
    const child = startChild(new URL('../../../supergraph/main.ts', import.meta.url), {
      args: ['--supergraph', folder.write('graph.graphql', supergraphOver(subgraph.port)), '--port', '0'],
      environment: { LOG_LEVEL: 'trace', SUBGRAPH_TLS_CA: ca, CALLER_SECRET: secret },
    });
    t.after(() => {
      child.process.kill('SIGKILL');
      folder.remove();
    });
    const [, url = ''] = await child.says(/router answers on (http\S+)/);
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer token-of-mine' },
      body: '{"query":"{ word }"}',
    });
    assert.equal(JSON.stringify(await response.json()).includes('certificate'), false);
    await child.says(new RegExp(`subgraph words failed with SUBGRAPH_UNAVAILABLE: .*${reason.source}`));
    for (const hidden of [secret, 'token-of-mine', 'PRIVATE']) assert.ok(!child.output().includes(hidden));
    child.process.kill('SIGTERM');
    await child.ended;
  }
});
