// Holds that a token which is not good is refused, whatever is wrong with it, and that no subgraph hears of its request.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { Random } from '../../differential/operations/random.ts';
import { makeKey, type Provider, type SigningKey, signWith, startProvider } from './provider.ts';
import {
  audience,
  type RouterWithIdentity,
  refusalIn,
  startRouterWithIdentity,
  unauthenticated,
} from './router-with-identity.ts';

let provider: Provider;
let other: Provider;
let key: SigningKey;
let otherKey: SigningKey;
let rsaKey: SigningKey;
let router: RouterWithIdentity;

before(async () => {
  [key, otherKey, rsaKey] = await Promise.all([makeKey('key'), makeKey('other'), makeKey('rsa', 'RS256')]);
  [provider, other] = await Promise.all([startProvider(key, rsaKey), startProvider(otherKey)]);
  router = await startRouterWithIdentity({
    algorithms: ['ES256'],
    issuers: [provider, other].map(({ issuer, jwksUrl }, index) => ({
      issuer,
      audiences: [audience],
      jwks: jwksUrl,
      ...(index > 0 && { prefix: 'other:' }),
    })),
  });
});
after(async () => {
  await router?.stop();
  await provider?.stop();
  await other?.stop();
});

const seconds = (): number => Math.floor(router.clock.now() / 1000);
const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const good = (): Promise<string> => key.sign(router.claims());

/** Another text at this place of a token. */
async function withPart(index: number, part: string): Promise<string> {
  const parts = (await good()).split('.');
  parts[index] = part;
  return parts.join('.');
}

const without = (claim: string): Promise<string> => key.sign({ ...router.claims(), [claim]: undefined });
const hmac = (secret: string): Promise<string> =>
  signWith(new TextEncoder().encode(secret), router.claims(), { alg: 'HS256', kid: 'key' });

const tokens: [string, () => Promise<string> | string][] = [
  ['algorithm none, without a signature', () => `${base64({ alg: 'none' })}.${base64(router.claims())}.`],
  [
    'algorithm NONE, with the signature of a good one',
    () => withPart(0, base64({ alg: 'NONE', kid: 'key' })),
  ],
  ['HS256 with the public key as its secret', () => hmac(JSON.stringify(key.publicJwk))],
  ['HS256 with the coordinates of the public key as its secret', () => hmac(`${key.publicJwk.x}`)],
  ['RS256, with a key that is published, where it is not allowed', () => rsaKey.sign(router.claims())],
  ['ES256 in its header, with the name of an RSA key', () => key.sign(router.claims(), { kid: 'rsa' })],
  ['an end that has passed', () => key.sign(router.claims({ exp: seconds() - 60 }))],
  ['an end that has passed by exactly the leeway', () => key.sign(router.claims({ exp: seconds() - 5 }))],
  ['no end', () => without('exp')],
  ['an end that is a text', () => key.sign(router.claims({ exp: '9999999999' as unknown as number }))],
  ['an end that is null', () => key.sign(router.claims({ exp: null as unknown as number }))],
  ['a beginning in the future', () => key.sign(router.claims({ nbf: seconds() + 60 }))],
  ['a beginning just beyond the leeway', () => key.sign(router.claims({ nbf: seconds() + 6 }))],
  ['an issuer nobody knows', () => key.sign(router.claims({ iss: 'https://somebody.example' }))],
  ['an issuer with a slash more', () => key.sign(router.claims({ iss: `${provider.issuer}/` }))],
  ['no issuer', () => without('iss')],
  ['a list of issuers', () => key.sign(router.claims({ iss: [provider.issuer] as unknown as string }))],
  ['another audience', () => key.sign(router.claims({ aud: 'mail' }))],
  ['audiences without ours', () => key.sign(router.claims({ aud: ['mail', 'shop-api-admin'] }))],
  ['no audience', () => without('aud')],
  ["the other issuer's name", () => key.sign(router.claims({ iss: other.issuer }))],
  ["the other issuer's key", () => otherKey.sign(router.claims())],
  ["the other issuer's key under our key's name", () => otherKey.sign(router.claims(), { kid: 'key' })],
  ["an id that begins as the other issuer's do", () => key.sign(router.claims({ sub: 'other:user-1' }))],
  ['no id', () => without('sub')],
  ['an empty id', () => key.sign(router.claims({ sub: '' }))],
  ['a number as id', () => key.sign(router.claims({ sub: 7 as unknown as string }))],
  ['an id with a line break', () => key.sign(router.claims({ sub: 'user-1\n' }))],
  ['an id with U+0000', () => key.sign(router.claims({ sub: 'user-1\0' }))],
  ['an id with U+007F', () => key.sign(router.claims({ sub: 'user\x7f1' }))],
  ['an id that is half of a character', () => key.sign(router.claims({ sub: 'user-\ud800' }))],
  ['an id of 201 characters', () => key.sign(router.claims({ sub: 'x'.repeat(201) }))],
  [
    'an id of 200 characters, with the beginning that its issuer gives it',
    () => otherKey.sign(router.claims({ iss: other.issuer, sub: 'x'.repeat(200) })),
  ],
  ['roles that are a text', () => key.sign(router.claims({ roles: 'admin' }))],
  ['roles that are not all texts', () => key.sign(router.claims({ roles: ['a', 1] }))],
  ['a scope that is a number', () => key.sign(router.claims({ scope: 1 }))],
  ['scopes that are not all texts', () => key.sign(router.claims({ scope: ['a', null] }))],
  ['a key nobody knows', () => key.sign(router.claims(), { kid: 'nobody' })],
  ['a key name that is no text', () => key.sign(router.claims(), { kid: 1 as unknown as string })],
  ['a critical header that nobody knows', () => key.sign(router.claims(), { crit: ['law'], law: true })],
  [
    'a payload that is not encoded',
    () => key.sign(router.claims(), { crit: ['b64'], b64: false }).catch(() => 'a.b.c'),
  ],
  ['a signature with another bit', async () => flipped(await good())],
  ["another's payload under a good signature", () => withPart(1, base64(router.claims({ sub: 'admin' })))],
  ['no signature', () => withPart(2, '')],
  ['a payload that is a list', () => withPart(1, base64([]))],
  ['a payload that is no JSON', () => withPart(1, 'aaaa')],
  ['a header that is no JSON', () => withPart(0, 'aaaa')],
  ['more than 8 KB, though its signature is good', () => key.sign(router.claims({ note: 'x'.repeat(9000) }))],
];

for (const member of ['jwk', 'jku', 'x5u', 'x5c'] as const) {
  tokens.push([
    `its own key in the header (${member})`,
    async () => {
      const own = await makeKey('key');
      const url = `${provider.issuer}/mine`;
      const brought = { jwk: own.publicJwk, jku: url, x5u: url, x5c: [base64(own.publicJwk)] }[member];
      return own.sign(router.claims(), { [member]: brought });
    },
  ]);
}

function flipped(token: string): string {
  const at = token.lastIndexOf('.') + 10;
  return `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
}

for (const [name, token] of tokens) {
  test(`refuses a token with ${name}`, async () => {
    router.graph.seen.length = 0;
    const answer = await router.askWith(`Bearer ${await token()}`);
    assert.deepEqual(refusalIn(answer), unauthenticated, answer.text);
    assert.equal(answer.body.data, undefined);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    assert.deepEqual(router.graph.seen, []);
  });
}

const headers: [string, () => Promise<string> | string][] = [
  ['Basic credentials', () => 'Basic dXNlcjpwYXNzd29yZA=='],
  ['a scheme without a token', () => 'Bearer'],
  ['nothing in it', () => ''],
  ['a token without a scheme', good],
  ['another scheme', async () => `DPoP ${await good()}`],
  ['two tokens', async () => `Bearer ${await good()} ${await good()}`],
  ['two tokens with a comma', async () => `Bearer ${await good()}, Bearer ${await good()}`],
  ['a token with something behind it', async () => `Bearer ${await good()};x=1`],
  ['a token of two parts', () => 'Bearer a.b'],
  ['an encrypted token', () => 'Bearer a.b.c.d.e'],
  ['words', () => 'Bearer let me in'],
];

for (const [name, header] of headers) {
  test(`refuses an Authorization header with ${name}`, async () => {
    router.graph.seen.length = 0;
    assert.deepEqual(refusalIn(await router.askWith(await header())), unauthenticated);
    assert.deepEqual(router.graph.seen, []);
  });
}

test('refuses a good token in which anything was changed', async () => {
  const seed = Number(process.env['IDENTITY_SEED'] ?? Math.floor(Math.random() * 1e9));
  const random = new Random(seed);
  const characters = [...'ABCZabcz019-_.=~+/ ,', ''];
  const token = await good();
  for (let count = 0; count < 400; count += 1) {
    const at = random.below(token.length);
    const changed = `${token.slice(0, at)}${random.pick(characters)}${token.slice(at + random.below(3))}`;
    // Two spaces before a token are as good as one.
    if (changed.trimStart() === token) continue;
    // The last character of a signature has bits that mean nothing.
    const isSame = changed.slice(0, -1) === token.slice(0, -1) && signatureOf(changed) === signatureOf(token);
    const { status, text } = await router.askWith(`Bearer ${changed}`, '{ __typename }');
    if (isSame) assert.ok([200, 401].includes(status), `seed ${seed}: ${text}`);
    else assert.equal(status, 401, `seed ${seed}, ${changed}: ${text}`);
  }
});

function signatureOf(token: string): string {
  return Buffer.from(token.slice(token.lastIndexOf('.') + 1), 'base64url').toString('hex');
}

test('says that a token has expired, and nothing of what else is wrong with one', async () => {
  const messageOf = async (token: Promise<string>) =>
    (await router.askWith(`Bearer ${await token}`)).body.errors?.[0]?.message;
  assert.equal(
    await messageOf(key.sign(router.claims({ exp: seconds() - 60 }))),
    'The token has expired: sign in again.',
  );
  const rest = await Promise.all([
    messageOf(key.sign(router.claims({ aud: 'mail' }))),
    messageOf(key.sign(router.claims(), { kid: 'nobody' })),
    messageOf(otherKey.sign(router.claims(), { kid: 'key' })),
    messageOf(without('sub')),
  ]);
  assert.deepEqual(new Set(rest), new Set(['The token is not valid: sign in again.']));
});

test('refuses two Authorization headers, even where both hold the same good token', async () => {
  const token = await good();
  assert.equal((await router.askWith(`Bearer ${token}`)).status, 200);
  router.graph.seen.length = 0;
  const twice = [
    ['Authorization', 'Authorization'],
    ['authorization', 'AUTHORIZATION'],
  ];
  for (const names of twice) {
    const body = JSON.stringify({ query: '{ books { title } }' });
    const { hostname, port } = new URL(router.origin);
    const socket = connect(Number(port), hostname);
    socket.end(
      [
        'POST /graphql HTTP/1.1',
        `Host: ${hostname}`,
        'Connection: close',
        'Content-Type: application/json',
        `Content-Length: ${body.length}`,
        ...names.map((name) => `${name}: Bearer ${token}`),
        '',
        body,
      ].join('\r\n'),
    );
    assert.match(await text(socket), /^HTTP\/1\.1 401 [\s\S]*UNAUTHENTICATED/);
  }
  assert.deepEqual(router.graph.seen, []);
});

test('no header ever made anybody fetch what it names', () => {
  assert.deepEqual(
    [...provider.journal, ...other.journal].filter((path) => path !== '/keys'),
    [],
  );
});
