// Holds that the same id from two issuers is two viewers, for rules and for subgraphs, and that none can speak as the other's.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { JWTPayload } from 'jose';
import { type RuleContext, rule } from '../../../supergraph/declaration/rule-words.ts';
import { makeKey, type Provider, type SigningKey, startProvider } from './provider.ts';
import {
  audience,
  type RouterWithIdentity,
  refusalIn,
  startRouterWithIdentity,
  unauthenticated,
} from './router-with-identity.ts';

interface Issuer {
  key: SigningKey;
  provider: Provider;
  prefix?: string;
}

let issuers: Record<'own' | 'partner' | 'branch', Issuer>;
let router: RouterWithIdentity;
const ruleSaw: unknown[] = [];

before(async () => {
  const start = async (prefix?: string): Promise<Issuer> => {
    const key = await makeKey('key');
    return { key, provider: await startProvider(key), ...(prefix !== undefined && { prefix }) };
  };
  const [own, partner, branch] = await Promise.all([start(), start('partner:'), start('partner:north:')]);
  issuers = { own, partner, branch };
  const isOwn42 = rule()((_parent: unknown, _args: unknown, { viewer }: RuleContext) => {
    ruleSaw.push([viewer.id, viewer.claims['sub']]);
    return viewer.id === '42';
  });
  router = await startRouterWithIdentity(
    {
      issuers: Object.values(issuers).map(({ provider, prefix }) => ({
        issuer: provider.issuer,
        audiences: [audience],
        jwks: provider.jwksUrl,
        ...(prefix !== undefined && { prefix }),
      })),
    },
    {
      bff: { subgraphs: { every: { signed: true } }, permissions: { Query: { ledger: isOwn42 } } },
      environment: { callerSecret: 'a secret of routers and subgraphs' },
    },
  );
});
after(async () => {
  await router?.stop();
  for (const { provider } of Object.values(issuers ?? {})) await provider.stop();
});
beforeEach(() => {
  router.graph.seen.length = 0;
  ruleSaw.length = 0;
});

const tokenOf = async (name: keyof typeof issuers, sub: string): Promise<string> => {
  const { key, provider } = issuers[name];
  return `Bearer ${await key.sign(router.claims({ iss: provider.issuer, sub }))}`;
};
/** Whom the subgraphs were told of, in order. */
const toldOf = (): unknown[] =>
  router.graph.seen.map(({ headers }) => {
    const [, claims = ''] = String(headers['tributary-caller']).split('.');
    return (JSON.parse(Buffer.from(claims, 'base64url').toString()) as JWTPayload).sub;
  });

test('the same id from each of them is another viewer, the first time and when the token is known', async () => {
  const names = ['own', 'partner', 'branch'] as const;
  const tokens = await Promise.all(names.map((name) => tokenOf(name, '42')));
  for (const round of ['new', 'known']) {
    router.graph.seen.length = 0;
    for (const token of tokens) assert.equal((await router.askWith(token)).status, 200);
    assert.deepEqual(toldOf(), ['42', 'partner:42', 'partner:north:42'], round);
  }
});

test('what one of them may see is not asked for the other, under the same id, at the same time', async () => {
  const tokens = await Promise.all([tokenOf('own', '42'), tokenOf('partner', '42')]);
  for (let round = 0; round < 2; round += 1) {
    const [own, partner] = await Promise.all(tokens.map((token) => router.askWith(token, '{ ledger }')));
    assert.equal(own?.body.errors, undefined, own?.text);
    assert.deepEqual(
      [partner?.body.data, partner?.body.errors?.[0]?.extensions],
      [{ ledger: null }, { code: 'FORBIDDEN' }],
    );
  }
  assert.deepEqual(toldOf(), ['42', '42']);
});

test('a rule sees the id with its prefix, and the claims as they are in the token', async () => {
  await router.askWith(await tokenOf('partner', '42'), '{ ledger }');
  assert.deepEqual(ruleSaw, [['partner:42', '42']]);
});

const imitations: [who: keyof typeof issuers, id: string][] = [
  ['own', 'partner:42'],
  ['own', 'partner:'],
  ['own', 'partner:north:42'],
  ['partner', 'north:42'],
];
for (const [who, id] of imitations) {
  test(`${who} cannot make a token for "${id}", who would be another's`, async () => {
    const token = await tokenOf(who, id);
    for (const time of ['once', 'again']) {
      const answer = await router.askWith(token);
      assert.deepEqual(refusalIn(answer), unauthenticated, time);
    }
    assert.deepEqual(router.graph.seen, []);
  });
}

const alike: [who: keyof typeof issuers, id: string, toldOf: string][] = [
  ['own', 'partner', 'partner'],
  ['own', 'Partner:42', 'Partner:42'],
  ['own', ' partner:42', ' partner:42'],
  ['partner', 'partner:42', 'partner:partner:42'],
  ['partner', 'south:42', 'partner:south:42'],
  ['branch', 'partner:42', 'partner:north:partner:42'],
];
for (const [who, id, told] of alike) {
  test(`${who} may call somebody "${id}", who is nobody else`, async () => {
    const answer = await router.askWith(await tokenOf(who, id));
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual(toldOf(), [told]);
  });
}
