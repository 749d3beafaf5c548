// Holds what a router does about its provider's keys: how often it asks, and what it believes while it gets no answer.
import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { Agent, request } from 'undici';
import type { Answer } from '../../supergraph/fixtures/router-under-test.ts';
import { makeKey, type Provider, type SigningKey, startProvider } from './provider.ts';
import {
  audience,
  type RouterWithIdentity,
  refusalIn,
  startRouterWithIdentity,
  unauthenticated,
  unavailable,
} from './router-with-identity.ts';

const minute = 60_000;
/** What is promised. */
const flood = Number(process.env['IDENTITY_FLOOD'] ?? 10_000);

let key: SigningKey;
let nextKey: SigningKey;
let provider: Provider;
let router: RouterWithIdentity | undefined;

beforeEach(async () => {
  [key, nextKey] = await Promise.all([makeKey('key'), makeKey('next')]);
  provider = await startProvider(key);
});
afterEach(async () => {
  await router?.stop();
  router = undefined;
  await provider.stop();
});

async function start({
  jwks = provider.jwksUrl,
}: {
  jwks?: string | undefined;
} = {}): Promise<RouterWithIdentity> {
  const issuer = { issuer: provider.issuer, audiences: [audience], ...(jwks && { jwks }) };
  router = await startRouterWithIdentity({ issuers: [issuer] });
  return router;
}

const headerOf = async (by: SigningKey, { claims }: RouterWithIdentity, sub = 'user-1'): Promise<string> =>
  `Bearer ${await by.sign(claims({ sub }))}`;
const statusWith = async (by: SigningKey, at: RouterWithIdentity, sub?: string): Promise<number> =>
  (await at.askWith(await headerOf(by, at, sub))).status;

/** Lets time pass until it is answered: who has no keys at all waits until they may be asked for again. */
async function askPatiently(at: RouterWithIdentity, authorization: string): Promise<Answer> {
  const passing = setInterval(() => at.clock.advance(1_000), 20);
  try {
    return await at.askWith(authorization);
  } finally {
    clearInterval(passing);
  }
}

/** What a provider may say instead of its keys. */
const failures: [string, RequestListener][] = [
  ['away', (request) => request.socket.destroy()],
  ['failing', (_, response) => response.writeHead(500).end(goodKeys())],
  ['saying no JSON', (_, response) => response.end('<html>')],
  ['saying something that is no list of keys', (_, response) => response.end('{"keys":{"0":1}}')],
  ['saying null', (_, response) => response.end('null')],
  ['without keys', (_, response) => response.end('{"keys":[]}')],
  [
    'publishing keys that check nothing: secret, private, for encryption, too weak, broken',
    (_, response) => response.end(JSON.stringify({ keys: uselessKeys() })),
  ],
  ['saying very much', (_, response) => response.end(goodKeys('x'.repeat(300_000)))],
  ['endless', (_, response) => endless(response)],
  ['redirecting', (_, response) => response.writeHead(302, { location: provider.jwksUrl }).end(goodKeys())],
  ['redirecting for good', (_, response) => response.writeHead(308, { location: provider.jwksUrl }).end()],
  ['saying that nothing has changed', (_, response) => response.writeHead(304).end()],
  ['breaking off', (_, response) => response.writeHead(200, { 'content-length': 100 }).write('{"keys":[')],
];

/** Not to be believed all the same. */
function goodKeys(more = ''): string {
  return JSON.stringify({ keys: [key.publicJwk, nextKey.publicJwk], more });
}

function uselessKeys(): object[] {
  const { kty, crv, x, y } = nextKey.publicJwk;
  const ec = { kty, crv, x, y, kid: 'next' };
  return [
    { kty: 'oct', k: 'c2VjcmV0', kid: 'next', alg: 'HS256' },
    nextKey.privateJwk,
    { ...ec, use: 'enc' },
    { ...ec, key_ops: ['encrypt'] },
    { ...ec, alg: 'ES384' },
    { ...ec, x: 'AAAA' },
    { kty: 'RSA', n: Buffer.alloc(128, 255).toString('base64url'), e: 'AQAB', kid: 'next' },
    { kty: 'EC', kid: 'next' },
    { kid: 'next' },
  ];
}

function endless(response: Parameters<RequestListener>[1]): void {
  response.write('{"keys":[],"more":"');
  const more = () => {
    while (!response.destroyed && response.write('x'.repeat(10_000))) {}
  };
  response.on('drain', more);
  more();
}

describe('a provider that is', () => {
  for (const [name, listener] of failures) {
    test(`${name}: nobody gets in until it has given keys; those it gave last are kept`, async () => {
      provider.answerWith(listener);
      const at = await start();
      const before = await headerOf(key, at);
      assert.deepEqual(refusalIn(await askPatiently(at, before)), unavailable);
      assert.deepEqual(at.graph.seen, []);
      assert.equal(
        (await at.ask('{ books { title } }')).status,
        200,
        'who has no token is anonymous as ever',
      );
      provider.answerWith(undefined);
      // A fetch that began before may still be waiting for its end.
      const once = await askPatiently(at, before);
      const again = once.status === 200 ? once : await askPatiently(at, before);
      assert.equal(again.status, 200, 'it is back');
      provider.answerWith(listener);
      const asked = provider.journal.length;
      at.clock.advance(11 * minute);
      await provider.asked(asked + 1);
      assert.equal(await statusWith(key, at, 'user-2'), 200, 'its last keys');
      assert.deepEqual(
        refusalIn(await at.askWith(await headerOf(nextKey, at))),
        unavailable,
        'a key that it might have published meanwhile',
      );
      assert.equal((await at.askWith('Bearer a.b.c')).status, 401, 'what is no token at all');
    });
  }
});

test('a provider that is slow is given up after two seconds, and served before and after', async () => {
  provider.answerWith(() => {});
  const at = await start();
  const began = performance.now();
  assert.deepEqual(refusalIn(await askPatiently(at, await headerOf(key, at))), unavailable);
  assert.ok(performance.now() - began < 4_000);
  provider.answerWith(undefined);
  at.clock.advance(2_000);
  assert.equal(await statusWith(key, at), 200);
});

test('who waits for the first keys shares one fetch with all others', async () => {
  provider.answerWith((request) => request.socket.destroy());
  const at = await start();
  await provider.asked(1);
  await askPatiently(at, await headerOf(key, at));
  provider.answerWith(undefined);
  const asked = provider.journal.length;
  at.clock.advance(1_000);
  const header = await headerOf(key, at);
  const answers = await Promise.all(Array.from({ length: 50 }, () => at.askWith(header)));
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
  assert.ok(provider.journal.length - asked <= 1, `${provider.journal.length - asked} fetches`);
});

test(`${flood} requests with unknown key ids at once bring about at most two fetches, and users notice nothing`, async (t) => {
  const at = await start();
  const seed = Number(process.env['IDENTITY_SEED'] ?? Math.floor(Math.random() * 1e9));
  const users = await Promise.all([1, 2, 3].map((number) => headerOf(key, at, `user-${number}`)));
  assert.equal((await at.askWith(users[0] ?? '')).status, 200);
  const made = await Promise.all(
    Array.from({ length: flood }, async (_, index) => {
      const token = await nextKey.sign(at.claims({ sub: `${index}` }), { kid: `${seed}-${index}` });
      return `Bearer ${token}`;
    }),
  );
  // Many on one connection: a machine has too few of them for so many requests at once.
  const connections = new Agent({ connections: 100, pipelining: 100 });
  t.after(() => connections.close());
  const send = async (authorization: string): Promise<number> => {
    const url = `${at.origin}/graphql?query=${encodeURIComponent('{ books { title } }')}`;
    const { statusCode, body } = await request(url, { dispatcher: connections, headers: { authorization } });
    await body.dump();
    return statusCode;
  };
  const answers = Promise.all(made.map(send));
  for (let round = 0; round < 5; round += 1) {
    for (const user of users) assert.equal((await at.askWith(user)).status, 200, `seed ${seed}`);
  }
  assert.deepEqual([...new Set(await answers)], [401], `seed ${seed}`);
  assert.ok(provider.journal.length <= 2, `${provider.journal.length} fetches, seed ${seed}`);
  at.clock.advance(31_000);
  await Promise.all(made.slice(0, 100).map(send));
  assert.ok(provider.journal.length <= 3, `${provider.journal.length} fetches after half a minute`);
});

test('a new key is believed with its first token; the old one until it is no longer listed', async () => {
  const at = await start();
  const old = await headerOf(key, at);
  assert.equal((await at.askWith(old)).status, 200);
  provider.publish(key, nextKey);
  assert.equal(await statusWith(nextKey, at), 200);
  assert.equal(provider.journal.length, 2);
  assert.equal((await at.askWith(old)).status, 200);
  provider.publish(nextKey);
  at.clock.advance(11 * minute);
  await provider.asked(3);
  // Nobody knows this one, so it waits for the fetch that is under way.
  await at.askWith(await headerOf(await makeKey('nobody'), at));
  assert.deepEqual(
    refusalIn(await at.askWith(old)),
    unauthenticated,
    'a token that has been believed before',
  );
  assert.equal(await statusWith(nextKey, at), 200);
});

test('whoever comes with a new key while it is being fetched is let in with those who came before', async () => {
  const at = await start();
  assert.equal(await statusWith(key, at), 200);
  let release: (() => void) | undefined;
  provider.answerWith((_, response) => {
    release = () => response.end(goodKeys());
  });
  const first = statusWith(nextKey, at);
  await provider.asked(2);
  const second = statusWith(nextKey, at, 'user-2');
  // Both have been read when this one is answered, which came after them.
  assert.equal(await statusWith(key, at), 200);
  release?.();
  assert.deepEqual(await Promise.all([first, second]), [200, 200]);
  assert.equal(provider.journal.length, 2);
});

test('a key that is another under the same name is another key', async () => {
  const at = await start();
  const old = await headerOf(key, at);
  assert.equal((await at.askWith(old)).status, 200);
  const second = await makeKey('key');
  provider.publish(second);
  at.clock.advance(11 * minute);
  await provider.asked(2);
  await at.askWith(await headerOf(nextKey, at));
  assert.deepEqual(refusalIn(await at.askWith(old)), unauthenticated);
  assert.equal(await statusWith(second, at), 200);
});

test('a provider that comes back with new keys is believed at the first token', async () => {
  const at = await start();
  assert.equal(await statusWith(key, at), 200);
  provider.answerWith((request) => request.socket.destroy());
  at.clock.advance(11 * minute);
  await provider.asked(2);
  assert.equal(await statusWith(key, at, 'user-2'), 200);
  provider.publish(nextKey);
  provider.answerWith(undefined);
  assert.equal(await statusWith(nextKey, at), 200);
  assert.equal(await statusWith(key, at), 401);
});

test('failures make the pauses between fetches grow', async () => {
  provider.answerWith((request) => request.socket.destroy());
  const at = await start();
  await provider.asked(1);
  const began = at.clock.now();
  const times: number[] = [];
  for (let fetches = 2; fetches <= 6; fetches += 1) {
    while (provider.journal.length < fetches) {
      // It notices that one has failed only after the provider has; a second passes meanwhile at most.
      at.clock.advance(1_000);
      await new Promise((resolve) => setImmediate(resolve));
      if (at.clock.now() - began > 10 * minute) break;
    }
    times.push(at.clock.now());
  }
  const pauses = times.map((time, index) => time - (times[index - 1] ?? began));
  assert.equal(times.length, 5);
  assert.ok((pauses.at(-1) ?? 0) >= 16_000, `${pauses}`);
});

describe('discovery', () => {
  const startDiscovering = () => start({ jwks: '' });

  test('tells where the keys are', async () => {
    const at = await startDiscovering();
    assert.equal(await statusWith(key, at), 200);
    assert.deepEqual(provider.journal, ['/.well-known/openid-configuration', '/keys']);
  });

  const wrong: [string, (issuer: string) => unknown][] = [
    ['that speaks for another issuer', (issuer) => ({ issuer: `${issuer}/`, jwks_uri: `${issuer}/keys` })],
    ['that names no keys', (issuer) => ({ issuer })],
    ['that names keys at no address', (issuer) => ({ issuer, jwks_uri: 'keys' })],
    ['that names a file', (issuer) => ({ issuer, jwks_uri: 'file:///etc/keys.json' })],
    ['that names a password', (issuer) => ({ issuer, jwks_uri: issuer.replace('//', '//me:secret@') })],
    ['of null', () => null],
    ['of a list', (issuer) => [issuer]],
  ];
  for (const [name, document] of wrong) {
    test(`${name} lets nobody in, and no keys are asked for`, async () => {
      provider.answerWith((_, response) => response.end(JSON.stringify(document(provider.issuer))));
      const at = await startDiscovering();
      assert.deepEqual(refusalIn(await askPatiently(at, await headerOf(key, at))), unavailable);
      assert.deepEqual([...new Set(provider.journal)], ['/.well-known/openid-configuration']);
    });
  }

  test('is bounded as the keys are', async () => {
    provider.answerWith((_, response) => endless(response));
    const at = await startDiscovering();
    assert.deepEqual(refusalIn(await askPatiently(at, await headerOf(key, at))), unavailable);
  });
});
