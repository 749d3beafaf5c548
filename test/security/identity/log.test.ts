// Holds that no token is ever in a router's log, however much it is told to say.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startChild } from '../../supergraph/fixtures/child-process.ts';
import { startFixtureGraph } from '../../supergraph/fixtures/fixture-graph.ts';
import { makeKey, startProvider } from './provider.ts';

test('with LOG_LEVEL=trace, tokens good and bad, subgraphs that fail and a provider that comes late', async (t) => {
  const [key, stranger] = await Promise.all([makeKey('key'), makeKey('key')]);
  const provider = await startProvider(key);
  provider.answerWith((request) => request.socket.destroy());
  const graph = await startFixtureGraph();
  const folder = mkdtempSync(join(tmpdir(), 'identity-log-'));
  writeFileSync(join(folder, 'supergraph.graphql'), graph.supergraphSdl);
  const child = startChild(new URL('../../../supergraph/main.ts', import.meta.url), {
    args: ['--supergraph', join(folder, 'supergraph.graphql'), '--port', '0'],
    environment: {
      LOG_LEVEL: 'trace',
      TOKEN_ISSUER: provider.issuer,
      TOKEN_AUDIENCE: 'shop-api',
      JWKS_URL: provider.jwksUrl,
    },
  });
  t.after(async () => {
    child.process.kill('SIGKILL');
    await graph.stop();
    await provider.stop();
    rmSync(folder, { recursive: true });
  });
  const [, origin] = await child.says(/router answers on (http:\/\/\S+)\/graphql/);
  assert.doesNotMatch(child.output(), /No identity is configured/);
  await child.says(/The keys of the issuer .* could not be fetched, no token can be checked/);
  provider.answerWith(undefined);

  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: provider.issuer, aud: 'shop-api', sub: 'person-1', exp: now + 600 };
  const tokens = await Promise.all([
    key.sign(claims),
    key.sign({ ...claims, exp: now - 600 }),
    key.sign({ ...claims, aud: 'mail' }),
    key.sign(claims, { kid: 'unknown' }),
    stranger.sign(claims),
    key.sign({ ...claims, sub: undefined as unknown as string }),
  ]);
  const answers: number[] = [];
  const ask = async (token: string, query: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
      body: JSON.stringify({ query }),
    });
    answers.push(response.status);
    await response.text();
  };
  const askAll = async () => {
    for (const token of tokens) {
      await ask(token, '{ whoami }');
      await ask(token, '{ fail(with: CRASH) }');
      await ask(token, '{ nothing }');
      await ask(token, '{', { accept: 'text/html' });
    }
  };
  await askAll();
  await graph.stop();
  await askAll();
  await ask('not-a-token-at-all', '{ whoami }');
  for (const status of [200, 400, 401]) assert.ok(answers.includes(status), `${status}`);
  child.process.kill('SIGTERM');
  await child.ended;
  const output = child.output();
  for (const why of [
    'it has expired',
    'its aud is not right',
    'no such key',
    'its signature is not right',
    'names nobody',
  ]) {
    assert.match(output, new RegExp(`the token was not accepted: [^"]*${why}`));
  }
  for (const part of [
    ...tokens.flatMap((token) => token.split('.').slice(1)),
    'not-a-token-at-all',
    'person-1',
  ]) {
    assert.ok(!output.includes(part), `${part} is in the log`);
  }
});
