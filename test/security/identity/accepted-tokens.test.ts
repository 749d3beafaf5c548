// Holds which tokens are believed, and what a router knows of the viewer then.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { IdentityDeclaration } from '../../../supergraph/declaration/identity-declaration.ts';
import { makeKey, type Provider, type SigningKey, startProvider } from './provider.ts';
import {
  audience,
  type RouterWithIdentity,
  refusalIn,
  startRouterWithIdentity,
  unauthenticated,
  viewerWatcher,
} from './router-with-identity.ts';

let provider: Provider;
let other: Provider;
let keys: Record<'ec' | 'ec384' | 'rsa' | 'ed' | 'nameless' | 'other', SigningKey>;

before(async () => {
  const [ec, ec384, rsa, ed, nameless, second] = await Promise.all([
    makeKey('key'),
    makeKey('key-384', 'ES384'),
    // A name may be used once for each kind of key.
    makeKey('key', 'RS256'),
    makeKey('ed', 'EdDSA'),
    makeKey(undefined),
    makeKey('key'),
  ]);
  keys = { ec, ec384, rsa, ed, nameless, other: second };
  const secret = { kty: 'oct', k: 'c2VjcmV0', kid: 'secret', alg: 'HS256' };
  provider = await startProvider(ec, ec384, rsa, ed, nameless);
  provider.publish(secret, { kty: 'new' }, ...[ec, ec384, rsa, ed, nameless]);
  other = await startProvider(second);
});
after(async () => {
  await provider?.stop();
  await other?.stop();
});

const issuerOf = ({ issuer, jwksUrl }: Provider) => ({ issuer, audiences: [audience, 'app'], jwks: jwksUrl });

async function withRouter(
  identity: Partial<IdentityDeclaration>,
  work: (router: RouterWithIdentity, viewers: ReturnType<typeof viewerWatcher>['viewers']) => Promise<void>,
): Promise<void> {
  const { plugin, viewers } = viewerWatcher();
  const router = await startRouterWithIdentity(
    { issuers: [issuerOf(provider), { ...issuerOf(other), prefix: 'other:' }], ...identity },
    { bff: { plugins: [plugin] } },
  );
  try {
    await work(router, viewers);
  } finally {
    await router.stop();
  }
}

test('keys of several kinds, issuers and audiences', () =>
  withRouter({ algorithms: ['ES256', 'ES384', 'RS256', 'EdDSA'] }, async (router, viewers) => {
    const tokens: [string, Promise<string>, id?: string][] = [
      ['ES256', keys.ec.sign(router.claims())],
      ['ES384', keys.ec384.sign(router.claims())],
      ['RS256, under the name of another kind of key', keys.rsa.sign(router.claims())],
      ['EdDSA', keys.ed.sign(router.claims())],
      ['a list of audiences', keys.ec.sign(router.claims({ aud: ['mail', 'app'] }))],
      ['the other issuer', keys.other.sign(router.claims({ iss: other.issuer })), 'other:user-1'],
      ['a key without a name, among several', keys.nameless.sign(router.claims())],
      [
        'no name of a key, among several that have one',
        keys.ec.sign(router.claims(), { kid: undefined as never }),
      ],
      [
        'headers that nobody reads',
        keys.ec.sign(router.claims(), { jku: 'https://x.example', typ: 'at+jwt' }),
      ],
    ];
    for (const [name, token, id = 'user-1'] of tokens) {
      viewers.length = 0;
      const answer = await router.askWith(`Bearer ${await token}`);
      assert.equal(answer.status, 200, `${name}: ${answer.text}`);
      assert.equal(viewers[0]?.id, id, name);
    }
    assert.equal((await router.askWith(`bEARER  ${await keys.ec.sign(router.claims())}`)).status, 200);
  }));

test('a key of a published document that is not allowed to sign by the declaration is not believed', () =>
  withRouter({ algorithms: ['RS256'] }, async (router) => {
    assert.equal((await router.askWith(`Bearer ${await keys.rsa.sign(router.claims())}`)).status, 200);
    assert.deepEqual(
      refusalIn(await router.askWith(`Bearer ${await keys.ec.sign(router.claims())}`)),
      unauthenticated,
    );
  }));

describe('the clocks may be apart as far as the leeway goes', () => {
  for (const [leeway, seconds] of [
    [undefined, 5],
    ['1s', 1],
    ['60s', 60],
  ] as const) {
    test(leeway ?? 'five seconds unless told', () =>
      withRouter({ ...(leeway && { leeway }) }, async (router) => {
        const now = Math.floor(router.clock.now() / 1000);
        const statusOf = async (claims: { exp?: number; nbf?: number }) =>
          (await router.askWith(`Bearer ${await keys.ec.sign(router.claims(claims))}`)).status;
        assert.equal(await statusOf({ exp: now - seconds + 1 }), 200, 'it has just ended');
        assert.equal(await statusOf({ exp: now - seconds }), 401, 'it has ended');
        assert.equal(await statusOf({ nbf: now + seconds }), 200, 'it is just about to begin');
        assert.equal(await statusOf({ nbf: now + seconds + 1 }), 401, 'it is to begin');
      }),
    );
  }
});

describe('what the claims say', () => {
  const cases: [
    string,
    IdentityDeclaration['claims'],
    object,
    { id: string; roles: string[]; scopes: string[] },
  ][] = [
    ['nothing of roles and scopes', {}, {}, { id: 'user-1', roles: [], scopes: [] }],
    [
      'roles in a list, scopes in a text',
      {},
      { roles: ['admin', 'buyer'], scope: 'a:read  b:write' },
      { id: 'user-1', roles: ['admin', 'buyer'], scopes: ['a:read', 'b:write'] },
    ],
    [
      'scopes in a list, under another name',
      { scopes: 'scp' },
      { scp: ['a', 'b'], scope: 'c' },
      { id: 'user-1', roles: [], scopes: ['a', 'b'] },
    ],
    [
      'roles inside, an id of its own',
      { id: 'uid', roles: 'realm_access.roles' },
      { uid: 'u-7', realm_access: { roles: ['staff'] }, roles: ['admin'] },
      { id: 'u-7', roles: ['staff'], scopes: [] },
    ],
    [
      'a name that has dots itself',
      { roles: 'https://shop.example/roles' },
      { 'https://shop.example/roles': ['staff'] },
      { id: 'user-1', roles: ['staff'], scopes: [] },
    ],
    [
      'a way that every object has, and no claim',
      { roles: 'constructor', scopes: '__proto__' },
      { roles: ['admin'] },
      { id: 'user-1', roles: [], scopes: [] },
    ],
  ];
  for (const [name, claims, said, expected] of cases) {
    test(name, () =>
      withRouter({ ...(claims && { claims }) }, async (router, viewers) => {
        const token = await keys.ec.sign({ ...router.claims(), ...said });
        const answer = await router.askWith(`Bearer ${token}`);
        assert.equal(answer.status, 200, answer.text);
        const [viewer] = viewers;
        assert.deepEqual(
          { id: viewer?.id, roles: viewer?.roles, scopes: [...(viewer?.scopes ?? [])] },
          expected,
        );
        assert.equal(viewer?.claims['aud'], audience);
        assert.throws(() => Object.assign(viewer?.claims ?? {}, { sub: 'admin' }), TypeError);
      }),
    );
  }

  test('nobody without a header: the viewer is anonymous', () =>
    withRouter({}, async (router, viewers) => {
      assert.equal((await router.ask('{ __typename }')).status, 200);
      assert.deepEqual(viewers[0]?.id, null);
    }));
});

test('the subgraphs get the token as it came', () =>
  withRouter({}, async (router) => {
    const authorization = `Bearer ${await keys.ec.sign(router.claims())}`;
    await router.askWith(authorization);
    assert.deepEqual(
      router.graph.seen.map(({ headers }) => headers.authorization),
      [authorization],
    );
  }));

test('a token is believed until it ends, however often it has been seen', () =>
  withRouter({}, async (router) => {
    const authorization = `Bearer ${await keys.ec.sign(router.claims())}`;
    for (let times = 0; times < 3; times += 1)
      assert.equal((await router.askWith(authorization)).status, 200);
    router.clock.advance(3604_000);
    assert.equal((await router.askWith(authorization)).status, 200, 'the leeway');
    router.clock.advance(2_000);
    assert.deepEqual(refusalIn(await router.askWith(authorization)), unauthenticated);
    assert.deepEqual(refusalIn(await router.askWith(authorization)), unauthenticated);
  }));
