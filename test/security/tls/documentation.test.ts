// Runs what docs/configuration.md says of TLS: two subgraphs and a router as processes, in production, certificates on all sides.
import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { checkBff } from '../../../supergraph/declaration/check-bff.ts';
import type { BffDeclaration } from '../../../supergraph/declaration/define-bff.ts';
import { type Child, startChild } from '../../supergraph/fixtures/child-process.ts';
import {
  type Authority,
  createAuthority,
  createPemFolder,
  type PemFolder,
} from '../../support/certificates.ts';
import { dataFolder, startEmbedded } from '../../support/databases.ts';
import { ask } from './secure-client.ts';

const root = new URL('../../../', import.meta.url);
const docs = readFileSync(new URL('docs/configuration.md', root), 'utf8');
const [, section = ''] = /### TLS\n(.*?)\n### /s.exec(docs) ?? [];

/** The commands of the section: files, and the variables each is given, with those that are exported before. */
function commands(): { file: string; environment: Record<string, string> }[] {
  const [, block = ''] = /```sh\n(.*?)```/s.exec(section) ?? [];
  const [exported = '', ...lines] = block.trim().split('\n');
  const variables = (text: string) =>
    Object.fromEntries([...text.matchAll(/([A-Z_]+)=(\S+)/g)].map(([, name, value]) => [name, value]));
  return lines.map((line) => ({
    file: / node --import tsx (\S+)$/.exec(line)?.[1] ?? '',
    environment: { ...variables(exported), ...variables(line) },
  }));
}

async function writeCertificates(authority: Authority): Promise<PemFolder> {
  const folder = createPemFolder();
  folder.write('ca.pem', authority.cert);
  for (const name of ['catalog', 'inventory', 'web']) {
    const { cert, key } = await authority.issue();
    folder.write(`${name}.pem`, cert);
    folder.write(`${name}-key.pem`, key);
  }
  return folder;
}

/** An address at which nothing answers, for the subgraphs that are left out. */
const nowhere = 'https://127.0.0.1:1/graphql';
const declared = Object.keys(JSON.parse(readFileSync(new URL('subgraphs/subgraphs.json', root), 'utf8')));

async function startAll(t: TestContext, authority: Authority) {
  const data = await dataFolder('tls');
  t.after(() => rmSync(data, { recursive: true, force: true }));
  const database = await startEmbedded(data);
  t.after(() => database.stop());
  const folder = await writeCertificates(authority);
  t.after(() => folder.remove());
  const places = new Map<string, string>();
  const start = async (file: string, given: Record<string, string>): Promise<Child & { url: string }> => {
    const told = Object.entries(given).map(([name, value]) => [
      name,
      places.get(value) ?? value.replace(/^tls\//, `${folder.path}/`),
    ]);
    const child = startChild(new URL(file, root), {
      parent: true,
      lifetime: 120_000,
      environment: { NODE_ENV: 'production', DATA_DIR: data, PORT: '0', ...Object.fromEntries(told) },
    });
    t.after(async () => {
      child.process.kill('SIGTERM');
      await child.ended;
    });
    const ended = child.ended.then(() => Promise.reject(new Error(child.output())));
    const { type, url, message } = await Promise.race([child.message, ended]);
    assert.equal(type, 'ready', String(message));
    return { ...child, url: String(url) };
  };
  const [catalog, inventory, web] = commands();
  assert.ok(catalog && inventory && web);
  const subgraphs = [];
  for (const [{ file, environment }, port] of [
    [catalog, 4102],
    [inventory, 4103],
  ] as const) {
    const subgraph = await start(file, environment);
    places.set(`https://127.0.0.1:${port}/graphql`, subgraph.url);
    subgraphs.push(subgraph);
  }
  const others = Object.fromEntries(declared.map((name) => [`SUBGRAPH_${name.toUpperCase()}_URL`, nowhere]));
  return { router: await start(web.file, { ...others, ...web.environment }), subgraphs };
}

test('the commands of the documentation start subgraphs and a router that trust each other and nobody else', async (t) => {
  const authority = await createAuthority();
  const { cert: ca } = authority;
  const { router, subgraphs } = await startAll(t, authority);
  assert.match(router.url, /^https:/);
  const query = '{ products(first: 1) { edges { node { name availability } } } }';
  const { body } = await ask(router.url, query, { ca });
  const { products } = (body.data ?? {}) as { products?: { edges: { node: Record<string, unknown> }[] } };
  assert.equal(body.errors, undefined, JSON.stringify(body.errors));
  const node = products?.edges[0]?.node;
  assert.equal(typeof node?.['name'], 'string', 'by the catalog');
  assert.equal(typeof node?.['availability'], 'string', 'by the inventory');

  const { cert, key } = await authority.issue();
  for (const { url } of subgraphs) {
    await assert.rejects(ask(url, '{ __typename }', { ca }), 'without a certificate');
    const unsigned = await ask(url, '{ __typename }', { ca, cert, key });
    assert.equal(unsigned.status, 401, 'with a certificate, and no signature');
  }
});

test('the declaration of the documentation is one', () => {
  const [, code = ''] = /```ts\n(.*?)```/s.exec(section) ?? [];
  const bff: BffDeclaration = new Function(`return ({ name: 'bff', port: 0, ${code} })`)();
  assert.equal(bff.subgraphs?.every?.tls?.key, 'tls/web-key.pem');
  const subgraphs = new Map([['partner', nowhere]]);
  assert.deepEqual(checkBff(bff, { subgraphs, tags: new Set() }), []);
});
