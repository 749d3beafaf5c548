// Holds the subgraphs of this repository to TLS: routers alone get a connection, and files may be replaced.
import assert from 'node:assert/strict';
import { after, before, describe, type TestContext, test } from 'node:test';
import { serveSubgraph } from '../../../subgraphs/kit/serve-subgraph.ts';
import { librarySubgraph } from '../../subgraphs/kit/library/library.ts';
import {
  type Authority,
  type Credentials,
  createAuthority,
  createPemFolder,
} from '../../support/certificates.ts';
import { startEmbedded, type TestEmbedded } from '../../support/databases.ts';
import { startTestIdentity, type TestIdentity } from '../../support/identity.ts';
import { ask, handshake } from './secure-client.ts';

let authority: Authority;
let stranger: Authority;
let credentials: Credentials;
let database: TestEmbedded;
let identity: TestIdentity;
before(async () => {
  [authority, stranger] = await Promise.all([createAuthority(), createAuthority('Stranger')]);
  credentials = await authority.issue();
  [database, identity] = await Promise.all([startEmbedded(), startTestIdentity()]);
});
after(async () => {
  await identity?.stop();
  await database?.stop();
});

interface Files {
  cert?: string;
  key?: string;
  clientCa?: string;
}

async function serve(
  t: TestContext,
  { cert = credentials.cert, key = credentials.key, clientCa }: Files = {},
) {
  const folder = createPemFolder();
  t.after(() => folder.remove());
  const { jwksUrl, issuer, audience } = identity;
  const subgraph = await serveSubgraph(librarySubgraph({ books: 1 }), {
    host: '127.0.0.1',
    port: 0,
    database,
    jwksUrl,
    issuer,
    audience,
    logLevel: 'silent',
    tls: {
      cert: folder.write('cert.pem', cert),
      key: folder.write('key.pem', key),
      clientCa: clientCa === undefined ? undefined : folder.write('ca.pem', clientCa),
    },
  });
  t.after(() => subgraph.stop());
  return { ...subgraph, folder, port: Number(new URL(subgraph.url).port) };
}

const query = '{ book(id: "book-1") { id } }';
const data = { book: { id: 'book-1' } };

test('a subgraph with a certificate answers over HTTPS alone', async (t) => {
  const { url } = await serve(t);
  assert.match(url, /^https:/);
  assert.deepEqual((await ask(url, query, { ca: authority.cert })).body, { data });
  await assert.rejects(ask(url.replace('https:', 'http:'), query, {}));
  await assert.rejects(ask(url, query, { ca: stranger.cert }));
});

describe('a subgraph that asks for a certificate', () => {
  const callers: Record<string, [caller: () => Promise<Partial<Credentials>>, isServed: boolean]> = {
    'serves a router of its CA': [() => authority.issue(), true],
    'has no connection for who shows none': [async () => ({}), false],
    'has no connection for a router of another CA': [() => stranger.issue(), false],
    'has no connection for a router whose certificate has expired': [
      () => authority.issue({ from: -3, until: -2 }),
      false,
    ],
  };
  for (const [name, [caller, isServed]] of Object.entries(callers)) {
    test(name, async (t) => {
      const { url } = await serve(t, { clientCa: authority.cert });
      const { cert, key } = await caller();
      const shown = cert === undefined ? {} : { cert, key };
      for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
        for (const path of ['/graphql', '/health/live']) {
          const answer = ask(new URL(path, url).href, query, { ca: authority.cert, maxVersion, ...shown });
          if (!isServed) await assert.rejects(answer);
          else assert.equal((await answer).status, path === '/graphql' ? 200 : 404);
        }
      }
    });
  }
});

test('a certificate that is replaced is shown to who comes next, once it fits its key', {
  timeout: 30_000,
}, async (t) => {
  const { folder, port } = await serve(t);
  const shown = async () => (await handshake(port, { ca: authority.cert })).serial;
  const next = await authority.issue();
  folder.write('cert.pem', next.cert);
  assert.equal(await shown(), credentials.serial);
  folder.write('key.pem', next.key);
  while ((await shown()) !== next.serial) {}
});

describe('a subgraph does not start where', () => {
  const cases: Record<string, [files: () => Promise<Files>, sentence: RegExp]> = {
    'its certificate is none': [
      async () => ({ cert: 'x' }),
      /^TLS_CERT names .* no whole certificate in PEM\.$/,
    ],
    'its certificate is half of one': [
      async () => ({ cert: credentials.cert.slice(0, -40) }),
      /^TLS_CERT names .* no whole certificate in PEM\.$/,
    ],
    'its key is none': [
      async () => ({ key: credentials.cert }),
      /^TLS_KEY names .* no whole private key in PEM/,
    ],
    'its key belongs to another certificate': [
      async () => ({ key: (await authority.issue()).key }),
      /^TLS_KEY is not the key of the certificate in TLS_CERT\.$/,
    ],
    'the CA of its routers is empty': [
      async () => ({ clientCa: '' }),
      /^TLS_CLIENT_CA names .* no whole certificate/,
    ],
  };
  for (const [name, [files, sentence]] of Object.entries(cases)) {
    test(name, async (t) => {
      await assert.rejects(serve(t, await files()), ({ message }: Error) => {
        assert.match(message, sentence);
        assert.doesNotMatch(message, /BEGIN/);
        return true;
      });
    });
  }
});
