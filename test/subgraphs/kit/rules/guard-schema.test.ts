// Owns who may see what: tokens, directives and permissions, through HTTP.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { generateKeyPair, SignJWT } from 'jose';
import { rule } from '../../../../subgraphs/kit/rules/shield.ts';
import { serveSubgraph } from '../../../../subgraphs/kit/serve-subgraph.ts';
import { startEmbedded, type TestEmbedded } from '../../../support/databases.ts';
import { AUDIENCE, type Claims, ISSUER } from '../../../support/identity.ts';
import { startTestSubgraph, type TestSubgraph } from '../../../support/subgraph.ts';
import { librarySubgraph } from '../library/library.ts';

describe('a guarded subgraph', () => {
  let database: TestEmbedded;
  let library: TestSubgraph;
  let ruleAsked = 0;
  before(async () => {
    database = await startEmbedded();
    library = await startTestSubgraph(librarySubgraph({ onRule: () => ruleAsked++ }), database);
  });
  after(async () => {
    await library?.stop();
    await database?.stop();
  });

  const everything = { userId: 'u', scopes: ['vault:read', 'vault:open'] };
  const cases: [document: string, claims: Claims | undefined, code: string | undefined][] = [
    ['{ book(id: "book-1") { title } }', undefined, undefined],
    ['{ secret }', undefined, 'UNAUTHENTICATED'],
    ['{ secret }', { userId: 'u' }, undefined],
    ['{ vault }', undefined, 'UNAUTHENTICATED'],
    ['{ vault }', { userId: 'u', scopes: ['vault:read'] }, 'FORBIDDEN'],
    ['{ vault }', { userId: 'u', roles: ['admin'] }, 'FORBIDDEN'],
    ['{ vault }', everything, undefined],
    ['{ vault }', { userId: 'u', scopes: ['admin'] }, undefined],
    ['{ mine }', undefined, 'UNAUTHENTICATED'],
    ['{ mine }', { userId: 'other' }, 'FORBIDDEN'],
    ['{ mine }', { userId: 'me' }, undefined],
    ['{ book(id: "book-1") { shelf } }', undefined, 'UNAUTHENTICATED'],
    ['{ book(id: "book-1") { shelf } }', { userId: 'u' }, undefined],
    ['{ odd }', { userId: 'u' }, 'FORBIDDEN'],
    ['{ notOdd }', { userId: 'u' }, 'FORBIDDEN'],
    ['{ told }', { userId: 'u' }, 'CLOSED'],
  ];
  for (const [document, claims, code] of cases) {
    const who = claims
      ? `${claims.userId} ${[...(claims.scopes ?? []), ...(claims.roles ?? [])].join(' ')}`
      : 'nobody';
    it(`answers ${document} for ${who.trim()} with ${code ?? 'data'}`, async () => {
      const token = claims && (await library.identity.tokenFor(claims));
      const { status, body } = await library.query(document, { token });
      assert.equal(status, 200);
      assert.equal(body.errors?.[0]?.extensions?.['code'], code, JSON.stringify(body));
      assert.doesNotMatch(JSON.stringify(body), /secret detail/);
    });
  }

  it('guards every field of a guarded type that is reached through _entities', async () => {
    const members = [{ __typename: 'Member', id: '1' }];
    const anonymous = await library.entities(members, '... on Member { id }');
    assert.equal(anonymous.body.errors?.[0]?.extensions?.['code'], 'UNAUTHENTICATED');
    const token = await library.identity.tokenFor({ userId: 'u' });
    const signedIn = await library.entities(members, '... on Member { id name }', { token });
    assert.deepEqual(signedIn.entities, [{ id: '1', name: 'Member 1' }]);
  });

  it('asks a contextual rule once in a request', async () => {
    ruleAsked = 0;
    await library.query('{ counted { value } }');
    assert.equal(ruleAsked, 1);
    await library.query('{ counted { value } }');
    assert.equal(ruleAsked, 2);
  });

  describe('refuses the whole request with 401', () => {
    const hour = () => Math.floor(Date.now() / 1000) + 3600;
    const tokens: [what: string, token: () => Promise<string>][] = [
      ['that is no token', async () => 'nonsense'],
      ['that has expired', () => library.identity.tokenFor({ userId: 'u', expiresIn: 1 })],
      ['of another issuer', () => library.identity.tokenFor({ userId: 'u', raw: { iss: 'other' } })],
      ['for another audience', () => library.identity.tokenFor({ userId: 'u', raw: { aud: 'other' } })],
      ['without a user', () => library.identity.tokenFor({ userId: '' })],
      ['whose roles are no list', () => library.identity.tokenFor({ userId: 'u', raw: { roles: 'admin' } })],
      [
        'signed with another key',
        async () => {
          const { privateKey } = await generateKeyPair('ES256');
          const claims = { sub: 'u', iss: ISSUER, aud: AUDIENCE, exp: hour() };
          return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'test' }).sign(privateKey);
        },
      ],
      [
        'signed with a shared secret',
        () =>
          new SignJWT({ sub: 'u', iss: ISSUER, aud: AUDIENCE, exp: hour() })
            .setProtectedHeader({ alg: 'HS256', kid: 'test' })
            .sign(new TextEncoder().encode('a secret of thirty-two characters')),
      ],
    ];
    for (const [what, makeToken] of tokens) {
      it(`for a token ${what}`, async () => {
        const { status, body } = await library.query('{ book(id: "book-1") { id } }', {
          token: await makeToken(),
        });
        assert.equal(status, 401);
        assert.equal(body.data, undefined);
        assert.equal(body.errors?.[0]?.extensions?.['code'], 'UNAUTHENTICATED');
      });
    }

    it('for another scheme than Bearer', async () => {
      const response = await fetch(library.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: 'Basic dTpw' },
        body: '{"query":"{ __typename }"}',
      });
      assert.equal(response.status, 401);
    });
  });

  describe('with a key server', () => {
    const servers: [
      what: string,
      answer: ((end: (status: number, body: string) => void) => void) | undefined,
    ][] = [
      ['that is away', undefined],
      ['that fails', (end) => end(500, 'oops')],
      ['that answers nonsense', (end) => end(200, '<html>')],
      ['that answers no keys', (end) => end(200, '{}')],
      ['that hangs', () => {}],
    ];
    for (const [what, answer] of servers) {
      it(`${what}, answers 503 to a token and data to nobody`, async () => {
        const server = createServer((_request, response) => {
          answer?.((status, body) => response.writeHead(status).end(body));
        }).listen(0, '127.0.0.1');
        await once(server, 'listening');
        const { port } = server.address() as AddressInfo;
        if (!answer) {
          server.close();
          await once(server, 'close');
        }
        const served = await serveSubgraph(librarySubgraph(), {
          host: '127.0.0.1',
          port: 0,
          database,
          jwksUrl: `http://127.0.0.1:${port}/jwks`,
          issuer: ISSUER,
          audience: AUDIENCE,
          logLevel: 'silent',
        });
        const ask = (headers: Record<string, string>) =>
          fetch(served.url, {
            method: 'POST',
            headers: { 'content-type': 'application/json', ...headers },
            body: '{"query":"{ __typename }"}',
            signal: AbortSignal.timeout(5_000),
          });
        try {
          assert.equal((await ask({})).status, 200);
          const token = await library.identity.tokenFor(everything);
          const refused = await ask({ authorization: `Bearer ${token}` });
          assert.equal(refused.status, 503);
          const { errors } = (await refused.json()) as { errors: { extensions: { code: string } }[] };
          assert.equal(errors[0]?.extensions.code, 'SUBGRAPH_UNAVAILABLE');
        } finally {
          await served.stop();
          server.close();
          server.closeAllConnections();
        }
      });
    }
  });

  const allow = () => true;
  const badPermissions: [
    what: string,
    permissions: Parameters<typeof withPermissions>[0],
    complaint: RegExp,
  ][] = [
    [
      'for a field that is not there',
      { usableBy: { Query: { nothing: rule('a')(allow) } } },
      /Query\.nothing/,
    ],
    ['for a type that is not there', { usableBy: { Nothing: { at: rule('a')(allow) } } }, /Nothing\.at/],
    [
      'of two rules with one name',
      {
        usableBy: { Query: { odd: rule('same')(allow) } },
        shownTo: { Query: { told: rule('same')(() => false) } },
      },
      /Two rules are called "same"/,
    ],
  ];
  function withPermissions(permissions: NonNullable<ReturnType<typeof librarySubgraph>['permissions']>) {
    return { ...librarySubgraph(), permissions };
  }
  for (const [what, permissions, complaint] of badPermissions) {
    it(`does not start with permissions ${what}`, async () => {
      await assert.rejects(startTestSubgraph(withPermissions(permissions), database), complaint);
    });
  }
});
