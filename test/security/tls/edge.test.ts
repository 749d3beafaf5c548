// Holds the door of a router to TLS: who is let in, over what, and which certificate they see while files are replaced.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { after, before, describe, type TestContext, test } from 'node:test';
import tls from 'node:tls';
import { Agent } from 'undici';
import { type Child, startChild } from '../../supergraph/fixtures/child-process.ts';
import { type RawServer, startRawServer } from '../../supergraph/fixtures/raw-server.ts';
import { startTestRouter } from '../../supergraph/fixtures/router-under-test.ts';
import {
  type Authority,
  type Credentials,
  createAuthority,
  createPemFolder,
  type PemFolder,
} from '../../support/certificates.ts';
import { ask, askOver, codeOf, handshake } from './secure-client.ts';
import { supergraphOver } from './secure-subgraph.ts';

let authority: Authority;
let stranger: Authority;
let credentials: Credentials;
let files: PemFolder;
let subgraph: RawServer;
let sdl: string;
const good = (response: ServerResponse): void => void response.end('{"data":{"word":"said"}}');

before(async () => {
  [authority, stranger] = await Promise.all([createAuthority(), createAuthority('Stranger')]);
  credentials = await authority.issue();
  files = createPemFolder();
  subgraph = await startRawServer((_, response) => good(response));
  sdl = supergraphOver(Number(new URL(subgraph.url).port), { scheme: 'http' });
});
after(async () => {
  await subgraph?.stop();
  files?.remove();
});

/** Named as the environment names them. */
function filesOf({ cert, key }: { cert: string; key: string }, clientCa?: string, folder = files) {
  const file = (namedBy: string, text: string) => ({ path: folder.write(`${namedBy}.pem`, text), namedBy });
  return {
    cert: file('TLS_CERT', cert),
    key: file('TLS_KEY', key),
    ...(clientCa !== undefined && { ca: file('TLS_CLIENT_CA', clientCa) }),
  };
}

async function start(t: TestContext, clientCa?: string) {
  const router = await startTestRouter(sdl, { environment: { tls: filesOf(credentials, clientCa) } });
  t.after(() => router.stop());
  return { ...router, port: Number(new URL(router.url).port) };
}

describe('a router with a certificate', () => {
  test('answers over HTTPS, and says so', async (t) => {
    const router = await start(t);
    assert.match(router.url, /^https:/);
    const { status, body } = await ask(router.url, '{ word }', { ca: authority.cert });
    assert.deepEqual([status, body], [200, { data: { word: 'said' } }]);
  });

  test('answers nothing over HTTP', async (t) => {
    const router = await start(t);
    await assert.rejects(ask(router.url.replace('https:', 'http:'), '{ word }', {}));
  });

  test('is not believed by who does not know its CA', async (t) => {
    const router = await start(t);
    const attempt = codeOf(ask(router.url, '{ word }', { ca: stranger.cert }));
    assert.match(await attempt, /UNABLE_TO_VERIFY|SELF_SIGNED|UNABLE_TO_GET_ISSUER/);
  });

  test('speaks TLS 1.2 and 1.3, and nothing older even where Node would', async (t) => {
    const { DEFAULT_MIN_VERSION: usual } = tls;
    t.after(() => {
      tls.DEFAULT_MIN_VERSION = usual;
    });
    tls.DEFAULT_MIN_VERSION = 'TLSv1';
    const { port } = await start(t);
    const { cert: ca } = authority;
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const reached = await handshake(port, { ca, minVersion: version, maxVersion: version });
      assert.equal(reached.protocol, version);
    }
    for (const version of ['TLSv1', 'TLSv1.1'] as const) {
      const options = { ca, minVersion: 'TLSv1', maxVersion: version, ciphers: 'ALL:@SECLEVEL=0' } as const;
      assert.equal(await codeOf(handshake(port, options)), 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION');
    }
  });

  test('stops although somebody has opened a connection and says nothing', async (t) => {
    const router = await start(t);
    const silent = connect(router.port, '127.0.0.1');
    await once(silent, 'connect');
    const closed = once(silent, 'close');
    const began = performance.now();
    await Promise.all([router.stop(), closed]);
    assert.ok(performance.now() - began < 8000, 'it does not wait for the handshake');
  });
});

describe('a router that asks clients for certificates', () => {
  const clients: Record<string, [client: () => Promise<Partial<Credentials>>, isLetIn: boolean]> = {
    'one of its CA is let in': [() => authority.issue(), true],
    'none is refused': [async () => ({}), false],
    'one of another CA is refused': [() => stranger.issue(), false],
    'one of its CA that has expired is refused': [() => authority.issue({ from: -3, until: -2 }), false],
  };
  for (const [name, [client, isLetIn]] of Object.entries(clients)) {
    test(`who shows ${name}`, async (t) => {
      const router = await start(t, authority.cert);
      const { cert, key } = await client();
      const shown = cert === undefined ? {} : { cert, key };
      for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
        const answer = ask(router.url, '{ word }', { ca: authority.cert, maxVersion, ...shown });
        if (isLetIn) assert.deepEqual((await answer).body, { data: { word: 'said' } });
        else await assert.rejects(answer);
      }
    });
  }
});

describe('a certificate that is replaced while a router runs', () => {
  const startProcess = async (t: TestContext): Promise<{ child: Child; port: number; folder: PemFolder }> => {
    const folder = createPemFolder();
    const { cert, key } = filesOf(credentials, undefined, folder);
    const child = startChild(new URL('../../../supergraph/main.ts', import.meta.url), {
      args: ['--supergraph', folder.write('supergraph.graphql', sdl), '--port', '0'],
      environment: { LOG_LEVEL: 'info', TLS_CERT: cert.path, TLS_KEY: key.path },
    });
    t.after(() => {
      child.process.kill('SIGKILL');
      folder.remove();
    });
    const [, port] = await child.says(/router answers on https:\/\/127\.0\.0\.1:(\d+)\/graphql/);
    return { child, port: Number(port), folder };
  };
  const taken = /was replaced, and new connections take what is there now/;

  test('is shown to who comes next, and costs nobody who is there anything', async (t) => {
    const { child, port, folder } = await startProcess(t);
    const connections = new Agent({ connections: 1, connect: { ca: authority.cert } });
    t.after(async () => {
      subgraph.answerWith((_, response) => good(response));
      await connections.destroy();
    });
    const asked = new Promise<ServerResponse>((resolve) => {
      subgraph.answerWith((_, response) => resolve(response));
    });
    const answer = askOver(connections, `https://127.0.0.1:${port}/graphql`, '{ word }');
    const held = await asked;
    const next = await stranger.issue();
    filesOf(next, undefined, folder);
    await child.says(taken);
    const seen = await handshake(port, { ca: stranger.cert });
    assert.equal(seen.serial, next.serial);
    good(held);
    assert.deepEqual((await answer).body, { data: { word: 'said' } });
    // On the same connection: a new one would not be believed.
    subgraph.answerWith((_, response) => good(response));
    const more = await askOver(connections, `https://127.0.0.1:${port}/graphql`, '{ word }');
    assert.deepEqual(more.body, { data: { word: 'said' } });
  });

  test('by what cannot be used is not taken, until it can', async (t) => {
    const { child, port, folder } = await startProcess(t);
    const next = await authority.issue();
    const shown = async () => (await handshake(port, { ca: authority.cert })).serial;
    folder.write('TLS_CERT.pem', next.cert.slice(0, -40));
    await child.says(
      /cannot be used, and what was read before stays\. TLS_CERT names .* holds no whole cert/,
    );
    assert.equal(await shown(), credentials.serial);
    folder.write('TLS_CERT.pem', next.cert);
    await child.says(/TLS_KEY is not the key of the certificate in TLS_CERT\./);
    assert.equal(await shown(), credentials.serial);
    folder.write('TLS_KEY.pem', next.key);
    await child.says(taken);
    assert.equal(await shown(), next.serial);
    for (const { key } of [credentials, next]) {
      const secret = key.split('\n')[1] ?? '';
      assert.ok(!child.output().includes(secret), 'no key is in the log');
    }
  });
});
