// Holds the Redis store on real servers of each kind: a cluster, sentinels, TLS, users with few rights, databases with numbers.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createAuthority, createPemFolder } from '../../support/certificates.ts';
import { leaveOut } from '../../support/left-out.ts';
import { redisBinary, startTestRedis } from '../../support/redis.ts';
import { startTestCluster, startTestSentinel } from '../../support/redis-groups.ts';
import { assertAway, connected, entry, reached, settingsOf, until } from './connected-redis.ts';

const installed = redisBinary() !== undefined;
if (!installed) leaveOut('kinds of Redis', 'redis-server is not installed');

const password = 'not for the log';
const withUser = (url: string, user: string, secret: string): string =>
  url.replace('//', `//${user}:${encodeURIComponent(secret)}@`);

describe('a store in a cluster', { skip: !installed, timeout: 60_000 }, () => {
  test('keys lie on all nodes; when one of them freezes or dies the cluster is away until it is back', async (t) => {
    const cluster = await startTestCluster();
    t.after(() => cluster.stop());
    const settings = settingsOf(cluster.urls, { mode: 'cluster' });
    const { store, lines, says } = await connected(t, settings);
    await reached(store);
    const keys = Array.from({ length: 60 }, (_, index) => `key ${index}`);
    assert.equal(await store.set(keys.map((key) => entry(key))), true);
    assert.deepEqual(await store.get([...keys, 'nothing']), [...keys, undefined]);
    for (const node of cluster.nodes) assert.notEqual(await node.tell('dbsize'), '0');
    assert.equal(await store.set([{ ...entry('key 0', 'later'), ifAbsent: true }]), true);
    await cluster.nodes[0]?.tell('-c', 'rpush', 't:list', 'x');
    assert.deepEqual(await store.get(['key 0', 'list']), ['key 0', undefined]);
    await store.delete(keys.slice(1));
    assert.deepEqual((await store.get(keys)).filter(Boolean), ['key 0']);
    const other = await connected(t, settings, 'other:');
    await reached(other.store);
    assert.deepEqual(await other.store.get(['key 0']), [undefined]);

    cluster.nodes[1]?.freeze();
    await until('the frozen node is missed', async () => {
      await store.get(keys);
      return store.reachedSince() === undefined;
    });
    await assertAway(store);
    cluster.nodes[1]?.thaw();
    await says(/^Redis is back/);
    await until('it takes what is written', () => store.set(keys.map((key) => entry(key))));

    await cluster.nodes[2]?.stop();
    await until('the dead node is missed', async () => {
      await store.get(keys);
      return store.reachedSince() === undefined;
    });
    await assertAway(store);
    await cluster.restart(2);
    await reached(store);
    await until('it takes what is written', () => store.set(keys.map((key) => entry(key))));
    await until('it has it', async () =>
      (await store.get(keys)).every((value, index) => value === keys[index]),
    );
    for (const [index, words] of [
      /^Redis is not reachable/,
      /^Redis is back/,
      /^Redis is not reach/,
    ].entries()) {
      assert.match(lines[index] ?? '', words);
    }
    assert.ok(lines.length <= 4, lines.join('\n'));
  });

  test('a cluster that is gone as a whole is used when it is back', async (t) => {
    const cluster = await startTestCluster();
    t.after(() => cluster.stop());
    const { store } = await connected(t, settingsOf(cluster.urls, { mode: 'cluster' }));
    await reached(store);
    await Promise.all(cluster.nodes.map((node) => node.stop()));
    await until('it is missed', () => store.reachedSince() === undefined);
    await assertAway(store);
    await Promise.all(cluster.nodes.map((_, index) => cluster.restart(index)));
    await reached(store);
    await until('it takes what is written', () => store.set([entry('a'), entry('b'), entry('c')]));
  });
});

describe('a store that sentinels name', { skip: !installed, timeout: 60_000 }, () => {
  test('when the master is gone, the copy that became the master is used', async (t) => {
    const { url, master, copy, stop } = await startTestSentinel();
    t.after(stop);
    const settings = settingsOf(url, { mode: 'sentinel', sentinelName: 'shop' });
    const { store, lines, says } = await connected(t, settings);
    await reached(store);
    assert.equal(await store.set([entry('a')]), true);
    await until('the copy has it', async () => (await copy.tell('get', 't:a')) === 'a');
    const run = store.run();
    assert.ok(run);
    await master.stop();
    await until('the master is missed', () => store.reachedSince() === undefined);
    await assertAway(store);
    await says(/^Redis is back/);
    assert.deepEqual(await store.get(['a']), ['a']);
    await until('the new master takes what is written', () => store.set([entry('b')]));
    // It may never have heard what the other one was told last.
    await until('it is known for another', () => store.run() !== undefined && store.run() !== run);
    assert.equal(await copy.tell('get', 't:b'), 'b');
    assert.match(lines[0] ?? '', /^Redis is not reachable/);
  });

  test('a name that no sentinel knows, or no sentinel at all, is told of and costs nothing', async (t) => {
    const { url, stop } = await startTestSentinel();
    t.after(stop);
    for (const [at, sentinelName] of [
      [url, 'another'],
      ['redis://127.0.0.1:1', 'shop'],
    ] as const) {
      const { store, lines, says } = await connected(t, settingsOf(at, { mode: 'sentinel', sentinelName }));
      await says(/^Redis is not reachable, going on without it: All sentinels are unreachable/);
      await assertAway(store);
      assert.equal(lines.length, 1);
    }
  });
});

describe('a store behind TLS', { skip: !installed, timeout: 60_000 }, () => {
  test('who it is, and who asks, is shown by certificates; nobody else is believed', async (t) => {
    const pems = createPemFolder();
    t.after(pems.remove);
    const [authority, stranger] = [await createAuthority(), await createAuthority('a stranger')];
    const [server, client] = [await authority.issue(), await authority.issue()];
    const ca = pems.write('ca.pem', authority.cert);
    const files = {
      ca,
      cert: pems.write('server.pem', server.cert),
      key: pems.write('server.key', server.key),
    };
    const redis = await startTestRedis({ tls: files });
    t.after(() => redis.stop());
    const named = (namedBy: string, path: string) => ({ path, namedBy });
    const certificate = {
      cert: named('REDIS_TLS_CERT', pems.write('client.pem', client.cert)),
      key: named('REDIS_TLS_KEY', pems.write('client.key', client.key)),
    };
    const good = { ca: named('REDIS_TLS_CA', ca), ...certificate };
    const { store, bus } = await connected(t, settingsOf(redis.url, { tls: good }));
    bus.listen(() => {});
    await reached(store);
    assert.equal(await store.set([entry('a')]), true);
    await until('the bus hears', () => bus.heardUntil() > 0);

    const wrong = { ca: named('REDIS_TLS_CA', pems.write('other.pem', stranger.cert)), ...certificate };
    const refusing = await connected(t, settingsOf(redis.url, { tls: wrong }));
    await refusing.says(/^Redis is not reachable, going on without it: .*certificate/);
    await assertAway(refusing.store);
    pems.write('other.pem', authority.cert);
    await reached(refusing.store);
    const nobody = await connected(t, settingsOf(redis.url, { tls: { ca: good.ca } }));
    await nobody.says(/^Redis is not reachable/);
    await assertAway(nobody.store);

    const missing = { ca: named('REDIS_TLS_CA', '/nowhere/ca.pem') };
    await assert.rejects(connected(t, settingsOf(redis.url, { tls: missing })), {
      name: 'StartupProblem',
      message: /^REDIS_TLS_CA names "\/nowhere\/ca\.pem", which cannot be read/,
    });
  });
});

describe('a store with users', { skip: !installed, timeout: 60_000 }, () => {
  test('few rights are enough, and a user who has lost them is as if Redis were away', async (t) => {
    const redis = await startTestRedis();
    t.after(() => redis.stop());
    const rights =
      'resetkeys resetchannels ~t:* &t:changes* -@all +get +mget +set +del +ping +publish +subscribe +info'.split(
        ' ',
      );
    await redis.tell('acl', 'setuser', 'tributary', 'on', `>${password}`, ...rights);
    const settings = settingsOf(withUser(redis.url, 'tributary', password));
    const { store, bus, lines, says } = await connected(t, settings);
    const heard: string[] = [];
    bus.listen((message) => heard.push(message));
    await reached(store);
    await until('the bus hears', () => bus.heardUntil() > 0);
    assert.equal(await store.set([entry('a')]), true);
    assert.equal(await bus.publish('told'), true);
    await until('it is heard', () => heard.length > 0);
    await store.delete(['a']);
    assert.deepEqual(await store.get(['a']), [undefined]);
    assert.deepEqual(lines, []);
    await redis.tell('acl', 'setuser', 'tributary', '-@all');
    await assertAway(store);
    assert.equal(await bus.publish('told'), false);
    await says(/^Redis refuses us, going on without it: NOPERM/);
  });

  test('a user who may write nothing, or tell nobody, is told of once', async (t) => {
    const redis = await startTestRedis();
    t.after(() => redis.stop());
    const rights = '~t:* resetchannels +get +mget +ping +info +publish +subscribe'.split(' ');
    await redis.tell('acl', 'setuser', 'reader', 'on', `>${password}`, ...rights);
    const { store, bus, lines, says } = await connected(
      t,
      settingsOf(withUser(redis.url, 'reader', password)),
    );
    bus.listen(() => {});
    await reached(store);
    for (let times = 0; times < 3; times += 1) assert.equal(await store.set([entry('a')]), false);
    for (let times = 0; times < 3; times += 1) assert.equal(await bus.publish('told'), false);
    assert.deepEqual(await store.get(['a']), [undefined]);
    await says(/^Redis does not take what is written: NOPERM/);
    await says(/^Redis does not carry messages: NOPERM/);
    assert.equal(lines.length, 2);
    assert.equal(bus.heardUntil(), Number.NEGATIVE_INFINITY);
  });

  const refused: [who: string, address: (url: string) => string, reason: RegExp][] = [
    ['a wrong password', (url) => withUser(url, '', `${password}, really`), /WRONGPASS/],
    ['an unknown user', (url) => withUser(url, 'nobody', `${password}, really`), /WRONGPASS/],
    ['no password', (url) => url, /NOAUTH/],
    ['a database that is not there', (url) => `${withUser(url, '', password)}/99`, /DB index/],
  ];
  for (const [who, address, reason] of refused) {
    test(`${who} is told of once, without the password, and is as if Redis were away`, async (t) => {
      const redis = await startTestRedis({ flags: ['--requirepass', password], cli: ['-a', password] });
      t.after(() => redis.stop());
      const { store, bus, lines, says } = await connected(t, settingsOf(address(redis.url)));
      await says(/^Redis refuses us, going on without it: /);
      assert.match(lines[0] ?? '', reason);
      await assertAway(store);
      assert.equal(await bus.publish('told'), false);
      // It goes on trying, and says no more.
      const tries = async (): Promise<number> =>
        Number(/total_connections_received:(\d+)/.exec(await redis.tell('info', 'stats'))?.[1]);
      if (!who.includes('database')) {
        const before = await tries();
        await until('it has tried again', async () => (await tries()) > before + 10);
      }
      assert.equal(store.reachedSince(), undefined);
      assert.equal(lines.length, 1, lines.join('\n'));
      assert.doesNotMatch(lines.join(), /not for the log/);
    });
  }

  test('what is kept in one database is not in another', async (t) => {
    const redis = await startTestRedis();
    t.after(() => redis.stop());
    const { store } = await connected(t, settingsOf(`${redis.url}/2`));
    await reached(store);
    await store.set([entry('a')]);
    assert.equal(await redis.tell('-n', '2', 'get', 't:a'), 'a');
    assert.equal(await redis.tell('get', 't:a'), '');
  });
});
