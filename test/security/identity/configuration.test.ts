// Holds how a router learns whose tokens to believe: its declaration, the environment, and what the documentation says.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { mobile } from '../../../bff-mobile/bff.ts';
import { web } from '../../../bff-web/bff.ts';
import { configuredIdentity } from '../../../supergraph/auth/configured-identity.ts';
import { checkBff } from '../../../supergraph/declaration/check-bff.ts';
import type { IdentityDeclaration } from '../../../supergraph/declaration/identity-declaration.ts';
import type { IdentityVariables } from '../../../supergraph/foundation/environment.ts';

const keysOf = (port: number): string => `http://127.0.0.1:${port}/.well-known/jwks.json`;
const declared: IdentityDeclaration = {
  issuers: [{ issuer: 'tributary-accounts', audiences: ['tributary'], jwks: keysOf(4101) }],
  claims: { roles: 'groups' },
};
const idp = 'https://id.example.com';

function configured(
  variables: Partial<IdentityVariables>,
  identity: IdentityDeclaration | undefined = declared,
  production = false,
): IdentityDeclaration | undefined {
  const all = { issuers: [], audiences: [], keys: [], prefixes: [], hostsWithoutTls: [], ...variables };
  return configuredIdentity(identity, all, { ...all, production });
}
const without = (variables: Partial<IdentityVariables>, production = false) =>
  configured(variables, null as unknown as undefined, production);

test('what is declared holds where the environment says nothing; where neither does there is no identity', () => {
  assert.deepEqual(configured({}), declared);
  assert.equal(without({}), undefined);
});

const merged: [string, Partial<IdentityVariables>, object[]][] = [
  ['keys that moved', { keys: [keysOf(5101)] }, [{ ...declared.issuers[0], jwks: keysOf(5101) }]],
  [
    'another issuer with its keys',
    { issuers: ['other'], keys: [`${idp}/keys`] },
    [{ issuer: 'other', audiences: ['tributary'], jwks: `${idp}/keys` }],
  ],
  [
    'another issuer that can be asked for its keys',
    { issuers: [idp], audiences: ['web', 'app'] },
    [{ issuer: idp, audiences: ['web', 'app'] }],
  ],
  [
    'another name for who makes the tokens',
    { issuers: ['accounts-2'] },
    [{ issuer: 'accounts-2', audiences: ['tributary'], jwks: keysOf(4101) }],
  ],
  [
    'two issuers, each with its keys',
    {
      issuers: [idp, 'second'],
      audiences: ['web'],
      keys: [`${idp}/keys`, `${idp}/keys-2`],
      prefixes: ['', 'second:'],
    },
    [
      { issuer: idp, audiences: ['web'], jwks: `${idp}/keys` },
      { issuer: 'second', audiences: ['web'], jwks: `${idp}/keys-2`, prefix: 'second:' },
    ],
  ],
];
for (const [name, variables, issuers] of merged) {
  test(`the environment says ${name}`, () => {
    assert.deepEqual(configured(variables), { ...declared, issuers });
  });
}

test('a prefix goes with its issuer, and not with its place in the list', () => {
  const partner = { issuer: 'https://partner.example', audiences: ['web'], prefix: 'partner:' };
  const both = { issuers: [{ issuer: idp, audiences: ['web'] }, partner] };
  const prefixesWith = (variables: Partial<IdentityVariables>) =>
    configured(variables, both)?.issuers.map(({ prefix }) => prefix);
  assert.deepEqual(prefixesWith({}), [undefined, 'partner:']);
  assert.deepEqual(prefixesWith({ audiences: ['app'] }), [undefined, 'partner:']);
  assert.deepEqual(prefixesWith({ issuers: [partner.issuer, idp] }), ['partner:', undefined]);
  assert.deepEqual(prefixesWith({ prefixes: ['a:', 'b:'] }), ['a:', 'b:']);
  assert.deepEqual(prefixesWith({ issuers: ['https://new.example'] }), [undefined]);
  assert.throws(() => prefixesWith({ issuers: [idp, 'https://new.example'] }), /have no prefix/);
});

const problems: [string, () => unknown, RegExp][] = [
  ['keys of nobody', () => without({ keys: [keysOf(1)] }), /^TOKEN_ISSUER must say whose tokens are good/],
  ['an issuer without an audience', () => without({ issuers: [idp] }), /^TOKEN_AUDIENCE must say for whom/],
  [
    'an issuer that is no address, without keys',
    () => without({ issuers: ['me'], audiences: ['web'] }),
    /^JWKS_URL must say where the keys of "me" are/,
  ],
  [
    'fewer keys than issuers',
    () => without({ issuers: ['a', 'b'], audiences: ['web'], keys: [keysOf(1)] }),
    /^JWKS_URL must list as many addresses as there are issuers: 2\./,
  ],
  [
    'an issuer twice',
    () => without({ issuers: [idp, idp], audiences: ['web'] }),
    /^TOKEN_ISSUER must list each issuer once\.$/,
  ],
  [
    'two issuers whose ids could not be told apart',
    () => without({ issuers: [idp, `${idp}/b`], audiences: ['web'] }),
    /^TOKEN_PREFIX: "https:\/\/id\.example\.com" and "https:\/\/id\.example\.com\/b" have no prefix: .* Give each a prefix of its own, e\.g\. 'partner:'; one may go without\.$/,
  ],
  [
    'two issuers with one prefix',
    () => without({ issuers: [idp, `${idp}/b`], audiences: ['web'], prefixes: ['p:', 'p:'] }),
    /^TOKEN_PREFIX: .* have the prefix "p:"/,
  ],
  [
    'fewer prefixes than issuers',
    () => without({ issuers: [idp, `${idp}/b`], audiences: ['web'], prefixes: ['p:'] }),
    /^TOKEN_PREFIX must have as many places as there are issuers: 2\.$/,
  ],
  ['a prefix of nobody', () => without({ prefixes: ['p:'] }), /^TOKEN_ISSUER must say whose tokens are good/],
  [
    'keys over plain HTTP in production',
    () => configured({ keys: ['http://accounts:4101/keys'] }, declared, true),
    /must start with https:\/\/ in production, or JWKS_HTTP_HOSTS must list accounts\.$/,
  ],
  [
    'a provider over plain HTTP in production',
    () => without({ issuers: ['http://id.example.com'], audiences: ['web'] }, true),
    /"http:\/\/id\.example\.com" must start with https:\/\/ in production/,
  ],
];
for (const [name, configure, sentence] of problems) {
  test(`refuses to start with ${name}`, () => {
    assert.throws(configure, (error: Error) => {
      assert.equal(error.name, 'StartupProblem');
      assert.match(error.message, sentence);
      return true;
    });
  });
}

test('plain HTTP is good enough on this machine, outside of production, and for hosts that are named', () => {
  assert.ok(configured({}, declared, true));
  assert.ok(configured({ keys: ['http://localhost:1/keys'] }, declared, true));
  assert.ok(configured({ keys: ['http://[::1]:1/keys'] }, declared, true));
  assert.ok(configured({ keys: ['http://accounts:4101/keys'] }));
  assert.ok(
    configured({ keys: ['http://accounts:4101/keys'], hostsWithoutTls: ['accounts'] }, declared, true),
  );
  assert.throws(() => configured({ keys: ['http://127.evil.example/keys'] }, declared, true));
  assert.throws(() => configured({ keys: ['http://localhost.example/keys'] }, declared, true));
});

test('both BFFs believe accounts, with the names that accounts uses', () => {
  for (const bff of [web, mobile]) assert.deepEqual(bff.identity?.issuers, declared.issuers, bff.name);
  const source = readFileSync(new URL('../../../subgraphs/kit/environment.ts', import.meta.url), 'utf8');
  const { issuer, audiences, jwks } = declared.issuers[0] ?? {};
  for (const word of [issuer, audiences?.[0], jwks]) assert.ok(source.includes(`'${word}'`), word);
});

test('what the documentation says about a provider of your own can be used', () => {
  const docs = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8');
  const recipe = docs.slice(docs.indexOf('#### Sign in with your own provider'));
  const [, shell = ''] = /```sh\n([\s\S]*?)```/.exec(recipe) ?? [];
  const variables = new Map([...shell.matchAll(/^([A-Z_]+)=(\S+)|\s([A-Z_]+)=(\S+)/g)].map(named));
  const fromShell = without({
    issuers: [variables.get('TOKEN_ISSUER') ?? ''],
    audiences: [variables.get('TOKEN_AUDIENCE') ?? ''],
  });
  const [, code = ''] = /```ts\nidentity: ([\s\S]*?),\n```/.exec(recipe) ?? [];
  const identity: IdentityDeclaration = new Function(`return ${code}`)();
  assert.deepEqual(fromShell, { issuers: identity.issuers });
  assert.deepEqual(configured({}, identity), identity);
  const graph = { subgraphs: new Map(), tags: new Set<string>() };
  assert.deepEqual(checkBff({ name: 'x', port: 0, identity }, graph), []);
});

function named([, first, value, second, other]: RegExpMatchArray): [string, string] {
  return [first ?? second ?? '', value ?? other ?? ''];
}
