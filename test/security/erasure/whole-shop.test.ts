// Holds taking along and leaving to their promise in all of Tributary, as `npm start` runs it, through bff-web.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import pg from 'pg';
import { allSubgraphs } from '../../../subgraphs/all-subgraphs.ts';
import { demoPassword } from '../../../subgraphs/kit/demo/people.ts';
import { root } from '../../architecture/source-files.ts';
import { dataFolder, startEmbedded, type TestEmbedded } from '../../support/databases.ts';
import { ask, freePort, startTributary, type Tributary } from '../../support/tributary.ts';
import { type EraseMePayload, signInDocument } from './leave.ts';
import { rowsWith } from './rows-with.ts';

/** Domains that keep something about people. */
const knowing = allSubgraphs.filter(({ personalData = [] }) =>
  personalData.some(({ person }) => person !== undefined),
);
const warning = 'a person is not erased in a domain yet';
const ada = { id: 'user-001', name: 'Ada Lindqvist', email: 'ada@example.com' };

/** The operations that docs/configuration.md has people send. */
const [takeAlong = '', leave = ''] = [
  ...readFileSync(join(root, 'docs/configuration.md'), 'utf8').matchAll(/^```graphql\n([^`]*)^```$/gm),
]
  .map(([, block = '']) => block)
  .filter((block) => /exportMyData|eraseMe/.test(block));

describe('leaving all of Tributary', { timeout: 280_000 }, () => {
  let dataDir: string;
  let tributary: Tributary;
  before(async () => {
    dataDir = await dataFolder('leaving');
    tributary = startTributary({
      port: await freePort(),
      dataDir,
      flags: ['--separate'],
      environment: { LOG_LEVEL: 'info', PLAN_FOLDER: '', USAGE_FOLDER: '' },
    });
    await tributary.ready;
  });
  after(async () => {
    await tributary?.signalAll('SIGKILL');
    await rm(dataDir, { recursive: true, force: true });
  });

  async function tokenOf(email: string): Promise<string> {
    const variables = { input: { email, password: demoPassword } };
    const { body } = await ask(tributary.web, signInDocument, { variables });
    return (body.data as { signIn: { token: string } }).signIn.token;
  }
  async function exported(token?: string) {
    const { body } = await ask(tributary.web, takeAlong, token === undefined ? {} : { token });
    return { ...body, mine: body.data?.['exportMyData'] as Record<string, unknown> | undefined };
  }

  it('a person takes along what every domain keeps about them, and nobody anonymous does', async () => {
    const token = await tokenOf(ada.email);
    const { mine, errors } = await exported(token);
    assert.equal(errors, undefined, JSON.stringify(errors));
    const { userId, ...domains } = mine ?? {};
    assert.equal(userId, ada.id);
    assert.deepEqual(Object.keys(domains).sort(), knowing.map(({ name }) => name).sort());
    for (const [name, data] of Object.entries(domains)) {
      const rows = Object.values(data as Record<string, unknown[]>).flat();
      assert.ok(rows.length > 0, name);
      assert.ok(!JSON.stringify(rows).includes('sealed.1.'), name);
    }
    const nobody = await exported();
    assert.deepEqual(nobody.data, { exportMyData: null });
    assert.ok(nobody.errors?.every(({ extensions }) => extensions?.code === 'UNAUTHENTICATED'));
  });

  it('they are erased in every domain, and nothing is left by which anybody would know them', async () => {
    const token = await tokenOf(ada.email);
    const { body } = await ask(tributary.web, leave, { token, variables: { password: demoPassword } });
    assert.equal(body.errors, undefined, JSON.stringify(body.errors));
    const { domains } = (body.data as { eraseMe: EraseMePayload }).eraseMe;
    assert.deepEqual(
      domains?.map(({ domain }) => domain),
      allSubgraphs.map(({ name }) => name).sort(),
    );
    assert.ok(
      domains?.every(({ erasedAt }) => erasedAt !== null),
      JSON.stringify(domains),
    );
    const { mine } = await exported(token);
    for (const { name } of knowing) {
      for (const [table, rows] of Object.entries(mine?.[name] as Record<string, unknown[]>)) {
        const { onErasure } = knowing
          .find((one) => one.name === name)
          ?.personalData?.find((one) => one.name === table) ?? { onErasure: 'remove' };
        if (onErasure === 'remove') assert.deepEqual(rows, [], `${name}.${table}`);
      }
    }
    assert.doesNotMatch(JSON.stringify(mine), /Lindqvist|Ada L\.|ada@example/);
  });

  it('with a domain that is away the others have their part, and it has its own turn later', async () => {
    const token = await tokenOf('mateo@example.com');
    const pid = /notifications\s+http:\S+\s+pid (\d+)/.exec(tributary.output())?.[1];
    process.kill(Number(pid), 'SIGKILL');
    let answer = await exported(token);
    // The kernel closes its sockets in its own time.
    while (!answer.errors) answer = await exported(token);
    assert.deepEqual(
      answer.errors.map(({ path }) => path),
      [['exportMyData', 'notifications']],
    );
    const { notifications, ...others } = answer.mine ?? {};
    assert.equal(notifications, null);
    for (const [name, data] of Object.entries(others)) assert.ok(data !== null, name);

    const { body } = await ask(tributary.web, leave, { token, variables: { password: demoPassword } });
    const { domains } = (body.data as { eraseMe: EraseMePayload }).eraseMe;
    assert.deepEqual(
      domains?.filter(({ erasedAt }) => erasedAt === null).map(({ domain }) => domain),
      ['notifications'],
    );
  });

  it('no copy of the database and no log tells who was erased', async () => {
    while (!tributary.output().includes(warning))
      await once(tributary.process.stderr ?? tributary.process, 'data');
    await tributary.signalAll('SIGINT');
    const embedded: TestEmbedded = await startEmbedded(dataDir);
    const db = new pg.Client({ connectionString: embedded.url, query_timeout: 30_000 });
    try {
      await db.connect();
      assert.ok((await rowsWith(db, ada.id))['accounts.erasures']);
      for (const text of ['Lindqvist', ada.email, 'Ada L.'])
        assert.deepEqual(await rowsWith(db, text), {}, text);
      const kept = knowing.flatMap(({ name, personalData = [] }) =>
        personalData
          .filter(({ onErasure }) => typeof onErasure === 'object')
          .map((table) => `${name}.${table.name}`),
      );
      const left = Object.keys(await rowsWith(db, ada.id));
      assert.deepEqual(
        left.filter((table) => !kept.includes(table)),
        [],
      );
    } finally {
      await db.end();
      await embedded.stop();
    }
    // What `npm start` says to newcomers names her.
    const logs = tributary
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'));
    assert.ok(logs.some((line) => line.includes(warning)));
    for (const line of logs) {
      for (const text of [ada.id, ada.name, ada.email, 'user-002', 'Ferrari', 'mateo@', demoPassword]) {
        assert.ok(!line.includes(text), line);
      }
    }
  });
});
