// Holds what is remembered of tokens: one that is known costs a lookup, and is forgotten with its key.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAuthenticate } from '../../../supergraph/auth/authenticate.ts';
import { KeySet } from '../../../supergraph/auth/key-set.ts';
import { readKeySet } from '../../../supergraph/auth/verification-key.ts';
import { ManualClock, makeKey } from './provider.ts';

const issuer = 'https://id.example';

test('a token is checked once, and its viewer is at hand without a promise from then on', async () => {
  const clock = new ManualClock();
  const key = await makeKey('key');
  let published = [key.publicJwk];
  const keys = new KeySet({
    fetch: async (before) => readKeySet({ keys: published }, before),
    clock,
    failed: (error) => assert.fail(String(error)),
  });
  const identity = { issuers: [{ issuer, audiences: ['web'] }] };
  const authenticate = createAuthenticate({ identity, keySets: new Map([[issuer, keys]]), clock });
  const exp = Math.floor(clock.now() / 1000) + 36_000;
  const authorization = `Bearer ${await key.sign({ iss: issuer, aud: 'web', sub: 'user-1', exp })}`;
  const ask = () => authenticate({ authorization }, ['Authorization', authorization]);

  const first = ask();
  assert.ok(first instanceof Promise);
  const viewer = await first;
  assert.equal(ask(), viewer);
  const token = authorization.slice('Bearer '.length);
  for (const scheme of ['bearer ', 'BEARER ', 'Bearer      ', 'bEARER  ']) {
    const spelled = `${scheme}${token}`;
    assert.equal(authenticate({ authorization: spelled }, []), viewer, 'it is one token in every spelling');
  }
  for (const spelled of [token, `Basic ${token}`, `DPoP ${token}`, `Bearer\t${token}`]) {
    assert.ok((await authenticate({ authorization: spelled }, [])) instanceof Error, spelled);
  }
  const again = authenticate({ authorization: `${authorization.slice(0, -4)}AAAA` }, []);
  assert.ok(again instanceof Promise, 'another text is another token');
  await again;

  const refresh = async () => {
    clock.advance(10 * 60_000);
    await keys.find('ES256', 'nobody');
  };
  published = [key.publicJwk, (await makeKey('next')).publicJwk];
  await refresh();
  assert.equal(ask(), viewer, 'its key is still listed');
  published = published.slice(1);
  await refresh();
  const refused = await ask();
  assert.ok(refused instanceof Error);
  published = [key.publicJwk];
  await refresh();
  assert.ok(ask() instanceof Promise, 'what was refused is not remembered');
  keys.stop();
});
