// Holds a subgraph in production to believing its routers alone: who signed, for this body, for it, and just now.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { serveSubgraph } from '../../../subgraphs/kit/serve-subgraph.ts';
import { signCalls } from '../../../supergraph/auth/sign-calls.ts';
import { compose } from '../../../supergraph/composition/compose.ts';
import { defineBff } from '../../../supergraph/declaration/define-bff.ts';
import type { Viewer } from '../../../supergraph/foundation/viewer.ts';
import { librarySubgraph } from '../../subgraphs/kit/library/library.ts';
import { schemaOf } from '../../supergraph/fixtures/fixture-graph.ts';
import { startTestRouter } from '../../supergraph/fixtures/router-under-test.ts';
import { startEmbedded, type TestEmbedded } from '../../support/databases.ts';
import { startTestIdentity, type TestIdentity } from '../../support/identity.ts';
import { createSigner } from './sign-by-hand.ts';

const secret = 'a secret that routers and subgraphs share';
const body = JSON.stringify({ query: '{ mine }' });
const me: Viewer = { id: 'me', roles: ['CUSTOMER'], scopes: new Set(['vault:read']), claims: { name: 'Me' } };
const context = { requestId: 'r', headers: {}, viewer: me };
const usual = { secret, router: 'bff', subgraph: 'library' };

let database: TestEmbedded;
let identity: TestIdentity;
let production: Awaited<ReturnType<typeof serveSubgraph>>;
let development: Awaited<ReturnType<typeof serveSubgraph>>;
before(async () => {
  database = await startEmbedded();
  identity = await startTestIdentity();
  const { jwksUrl, issuer, audience } = identity;
  const options = { host: '127.0.0.1', port: 0, database, jwksUrl, issuer, audience, logLevel: 'silent' };
  production = await serveSubgraph(librarySubgraph(), { ...options, callerSecret: secret, production: true });
  development = await serveSubgraph(librarySubgraph({ name: 'library2' }), {
    ...options,
    callerSecret: secret,
  });
});
after(async () => {
  await production?.stop();
  await development?.stop();
  await identity?.stop();
  await database?.stop();
});

async function ask(headers: Record<string, string>, text = body, url = production.url) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: text,
  });
  return { status: response.status, answer: await response.json() };
}
const signed = (value: string) => ({ 'tributary-caller': value });
const sign = (changes: Partial<Parameters<typeof signCalls>[0]> = {}, text = body, as = context) =>
  signCalls({ ...usual, ...changes })(text, as, undefined);
const minutesAway = (minutes: number) => () => Date.now() + minutes * 60_000;

describe('a call that a router has signed', () => {
  test('is its viewer’s', async () => {
    const { status, answer } = await ask(signed(sign()));
    assert.equal(status, 200);
    assert.equal(answer.errors, undefined);
    assert.notEqual(answer.data.mine, null);
  });

  test('is its viewer’s whatever token comes along', async () => {
    const token = await identity.tokenFor({ userId: 'somebody' });
    for (const authorization of [`Bearer ${token}`, 'Bearer garbage']) {
      assert.equal((await ask({ ...signed(sign()), authorization })).answer.errors, undefined);
    }
  });

  test('by somebody anonymous is anonymous', async () => {
    const { viewer: _, ...anonymous } = context;
    const { answer } = await ask(signed(signCalls(usual)(body, anonymous, undefined)));
    assert.equal(answer.errors[0].extensions.code, 'UNAUTHENTICATED');
  });
});

const impossibleIds: Record<string, string> = {
  'a line break': 'me\n',
  'U+0000': 'me\0',
  'half of a character': 'me\udc00',
  'more than 200 characters': 'm'.repeat(201),
  nothing: '',
};

const other = JSON.stringify({ query: '{ vault }' });
const refused: Record<string, () => [headers: Record<string, string>, text?: string]> = {
  'without a signature': () => [{}],
  'with a token alone': () => [{ authorization: 'Bearer x' }],
  'with a signature for another body': () => [signed(sign()), other],
  'with a body that has one blank more': () => [signed(sign()), `${body} `],
  'meant for another subgraph': () => [signed(sign({ subgraph: 'orders' }))],
  'signed by somebody with another secret': () => [
    signed(sign({ secret: 'another secret, and just as long as it' })),
  ],
  'from a minute ago': () => [signed(sign({ now: minutesAway(-1) }))],
  'from the future': () => [signed(sign({ now: minutesAway(1) }))],
  'with other claims under the same signature': () => {
    const [head, claims = '', signature] = sign().split('.');
    const said = { ...JSON.parse(Buffer.from(claims, 'base64url').toString()), sub: 'somebody' };
    return [signed([head, Buffer.from(JSON.stringify(said)).toString('base64url'), signature].join('.'))];
  },
  'that says it needs no signature': () => [signed(createSigner({ alg: 'none' }, '')(sign()))],
  'with a head of its own, signed with the right key': () => [
    signed(createSigner({ alg: 'HS256', typ: 'caller+jwt', kid: '1' }, secret)(sign())),
  ],
  'with claims that are none, signed with the right key': () => [
    signed(createSigner({ alg: 'HS256', typ: 'caller+jwt' }, secret)(sign(), { roles: 'ADMIN' })),
  ],
  'with a part more': () => [signed(`${sign()}.x`)],
  ...Object.fromEntries(
    Object.entries(impossibleIds).map(([what, id]) => [
      `for a viewer whose id holds ${what}`,
      () => [signed(sign({}, body, { ...context, viewer: { ...me, id } }))] as [Record<string, string>],
    ]),
  ),
  'with nothing in the header': () => [signed('')],
  'with garbage': () => [signed('a.b.c')],
};

describe('in production a subgraph refuses a call', () => {
  for (const [name, made] of Object.entries(refused)) {
    test(name, async () => {
      const [headers, text] = made();
      const { status, answer } = await ask(headers, text);
      assert.equal(status, 401, JSON.stringify(answer));
      assert.equal(answer.errors[0].extensions.code, 'UNAUTHENTICATED');
      assert.equal(answer.data, undefined);
    });
  }

  test('that asks for its schema', async () => {
    const { status } = await ask({}, JSON.stringify({ query: '{ _service { sdl } }' }));
    assert.equal(status, 401);
  });
});

test('in production a subgraph does not start without a secret', async () => {
  const { jwksUrl, issuer, audience } = identity;
  await assert.rejects(
    serveSubgraph(librarySubgraph({ name: 'library3' }), {
      host: '127.0.0.1',
      port: 0,
      database,
      jwksUrl,
      issuer,
      audience,
      logLevel: 'silent',
      production: true,
    }),
    /CALLER_SECRET must be given in production/,
  );
});

test('while it is developed a subgraph takes calls of this machine without a signature, and no wrong one', async () => {
  const { url } = development;
  const authorization = `Bearer ${await identity.tokenFor({ userId: 'me' })}`;
  assert.equal((await ask({ authorization }, body, url)).answer.errors, undefined);
  assert.equal((await ask({}, JSON.stringify({ query: '{ _service { sdl } }' }), url)).status, 200);
  assert.equal((await ask(signed(sign()), body, url)).status, 401, 'meant for another');
});

test('while it is developed a subgraph refuses a token whose id nobody can have', async () => {
  for (const [what, userId] of Object.entries(impossibleIds)) {
    const authorization = `Bearer ${await identity.tokenFor({ userId })}`;
    assert.equal((await ask({ authorization }, body, development.url)).status, 401, what);
  }
});

describe('a router', () => {
  const sdl = readFileSync(new URL('../../subgraphs/kit/library/schema.graphql', import.meta.url), 'utf8');
  const bff = () =>
    defineBff({
      name: 'bff',
      port: 0,
      subgraphs: { every: { signed: true } },
      identity: {
        issuers: [{ issuer: identity.issuer, audiences: [identity.audience], jwks: identity.jwksUrl }],
      },
    });

  test('signs its calls', async (t) => {
    const router = await startTestRouter(compose([schemaOf('library', sdl, production.url)]), {
      bff: bff(),
      environment: { callerSecret: secret },
    });
    t.after(() => router.stop());
    const authorization = `Bearer ${await identity.tokenFor({ userId: 'me' })}`;
    for (const _ of [1, 2]) {
      const { body: answer } = await router.ask('{ mine }', { headers: { authorization } });
      assert.equal(answer.errors, undefined, JSON.stringify(answer.errors));
    }
    // Whatever a client writes there does not reach the subgraph.
    const forged = { 'tributary-caller': sign(), 'x-user-id': 'me' };
    const { body: answer } = await router.ask('{ mine }', { headers: forged });
    assert.equal(answer.errors?.[0]?.extensions['code'], 'UNAUTHENTICATED');
  });

  test('does not start in production without the secret', async () => {
    await assert.rejects(
      startTestRouter(compose([schemaOf('library', sdl, production.url)]), {
        bff: bff(),
        environment: { production: true },
      }),
      /CALLER_SECRET must be given/,
    );
  });
});
