// Holds that nobody becomes somebody by a header, however it is spelt: no subgraph gets one in which a client says who it is.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { checkBff } from '../../../supergraph/declaration/check-bff.ts';
import type { EngineName } from '../../../supergraph/foundation/environment.ts';
import { makeKey, type Provider, startProvider } from './provider.ts';
import { audience, type RouterWithIdentity, startRouterWithIdentity } from './router-with-identity.ts';

/** As the documentation lists them; `tributary-…` are all that begin so. */
function documentedNames(): string[] {
  const docs = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8');
  const [, listed = ''] = /would say who is asking \(([^)]+)\)/.exec(docs) ?? [];
  return [...listed.matchAll(/`([^`]+)`/g)].flatMap(([, name = '']) =>
    name.endsWith('…') ? ['caller', 'viewer', 'x'].map((rest) => name.replace('…', rest)) : [name],
  );
}

const names = documentedNames();
const spellings: [string, (name: string) => string][] = [
  ['as it is', (name) => name],
  ['in upper case', (name) => name.toUpperCase()],
  ['as a title', (name) => name.replace(/\b\w/g, (letter) => letter.toUpperCase())],
  ['with underscores', (name) => name.replaceAll('-', '_')],
  ['with one underscore', (name) => name.replace('-', '_')],
  ['in upper case with underscores', (name) => name.replaceAll('-', '_').toUpperCase()],
];
const plain = (name: string): string => name.toLowerCase().replaceAll('_', '-');

test('the documentation names some', () => {
  assert.ok(names.length >= 9 && names.includes('x-user-id') && names.includes('tributary-caller'));
});

let provider: Provider;
before(async () => {
  provider = await startProvider(await makeKey('key'));
});
after(() => provider?.stop());

for (const engine of ['tributary', 'apollo'] as const satisfies EngineName[]) {
  for (const signed of [false, true]) {
    describe(`${engine}, ${signed ? 'with' : 'without'} signed calls`, () => {
      let router: RouterWithIdentity;
      before(async () => {
        router = await startRouterWithIdentity(
          { issuers: [{ issuer: provider.issuer, audiences: [audience], jwks: provider.jwksUrl }] },
          {
            bff: { subgraphs: { every: { signed } }, forward: { headers: ['x-tenant'] } },
            environment: { engine, callerSecret: 'a secret of routers and subgraphs' },
          },
        );
      });
      after(() => router?.stop());

      async function send(headers: Record<string, string | string[]>): Promise<void> {
        const sent = request(router.url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-tenant': 'north', ...headers },
        });
        const answered = new Promise<string>((resolve, reject) => {
          sent.on('response', (response) => text(response).then(resolve, reject));
          sent.on('error', reject);
        });
        sent.end(JSON.stringify({ query: '{ books { title } }' }));
        assert.match(await answered, /"books":\[/);
      }

      for (const [how, spelt] of spellings) {
        test(`${how}, once and twice`, async () => {
          for (const value of ['admin', ['admin', 'root']]) {
            router.graph.seen.length = 0;
            await send(Object.fromEntries(names.map((name) => [spelt(name), value])));
            const [seen] = router.graph.seen;
            assert.equal(seen?.headers['x-tenant'], 'north');
            const claiming = Object.keys(seen?.headers ?? {}).filter((name) => names.includes(plain(name)));
            assert.deepEqual(claiming, signed ? ['tributary-caller'] : []);
            const [, claims = ''] = String(seen?.headers['tributary-caller'] ?? '').split('.');
            if (signed) assert.equal(JSON.parse(Buffer.from(claims, 'base64url').toString()).sub, undefined);
            assert.doesNotMatch(JSON.stringify(seen?.headers), /admin|root/);
          }
        });
      }
    });
  }
}

test('a declaration cannot hand one of them on', () => {
  const graph = { subgraphs: new Map<string, string>(), tags: new Set<string>() };
  for (const name of names) {
    for (const [how, spelt] of spellings) {
      const header = spelt(name);
      assert.deepEqual(
        checkBff({ name: 'x', port: 0, forward: { headers: ['x-tenant', header] } }, graph),
        [`forward.headers: "${header}" would say who is asking, and any client can send it.`],
        how,
      );
    }
  }
});
