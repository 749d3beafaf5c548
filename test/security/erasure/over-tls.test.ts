// Holds the call that erases to TLS: who shows another certificate is not told about anybody, and ours is shown.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createAuthority, createPemFolder, type PemFolder } from '../../support/certificates.ts';
import { testDataKey } from '../../support/databases.ts';
import { type DomainProcesses, startDomainProcesses } from './domain-processes.ts';
import { leave, signIn } from './leave.ts';

describe('erasing a person over TLS', { timeout: 120_000 }, () => {
  let shop: DomainProcesses;
  let files: PemFolder;
  before(async () => {
    files = createPemFolder();
    const [ours, foreign] = await Promise.all([createAuthority(), createAuthority('somebody else')]);
    files.write('ca.pem', ours.cert);
    files.write('ca-of-others.pem', ours.cert);
    files.write('foreign-ca.pem', foreign.cert);
    for (const [name, authority] of Object.entries({
      accounts: ours,
      notifications: ours,
      stranger: foreign,
    })) {
      const { cert, key } = await authority.issue();
      files.write(`${name}.pem`, cert);
      files.write(`${name}-key.pem`, key);
    }
    shop = await startDomainProcesses(['accounts', 'notifications']);
    await shop.start('accounts', {
      SUBGRAPH_NOTIFICATIONS_URL: shop.urlOf('notifications').replace('http:', 'https:'),
      SUBGRAPH_TLS_CA: file('ca-of-others.pem'),
      SUBGRAPH_TLS_CERT: file('accounts.pem'),
      SUBGRAPH_TLS_KEY: file('accounts-key.pem'),
      // Whatever Node itself would believe.
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
      NODE_EXTRA_CA_CERTS: file('foreign-ca.pem'),
    });
  });
  after(async () => {
    await shop?.stop();
    files?.remove();
  });
  const file = (name: string) => `${files.path}/${name}`;
  const startNotifications = (as: string) =>
    shop.start('notifications', {
      TLS_CERT: file(`${as}.pem`),
      TLS_KEY: file(`${as}-key.pem`),
      TLS_CLIENT_CA: file('ca.pem'),
    });

  it('waits while somebody else answers, and is done when the domain is there', async () => {
    await startNotifications('stranger');
    const { domains } = await leave(shop, await signIn(shop, 'ada@example.com'));
    assert.deepEqual(
      domains?.filter(({ erasedAt }) => erasedAt === null).map(({ domain }) => domain),
      ['notifications'],
    );
    await shop.untilSaid(
      /"domain":"notifications","tries":\d+,"problem":"it cannot be reached \(UNABLE_TO_VERIFY_LEAF_SIGNATURE\)"/,
    );
    await shop.end('notifications', 'SIGTERM');
    await startNotifications('notifications');
    const second = await signIn(shop, 'mateo@example.com');
    const answer = await leave(shop, second);
    assert.ok(answer.domains?.every(({ erasedAt }) => erasedAt !== null));
  });

  it('tells nobody while the file of CAs holds none, which to Node means everybody it knows', async () => {
    for (const [text, email] of [
      ['', 'noor@example.com'],
      ['garbage', 'ines@example.com'],
    ] as const) {
      await shop.end('notifications', 'SIGTERM');
      files.write('ca-of-others.pem', text);
      await startNotifications('stranger');
      const { domains } = await leave(shop, await signIn(shop, email));
      assert.equal(domains?.find(({ domain }) => domain === 'notifications')?.erasedAt, null);
    }
  });
});

describe('accounts does not start', { timeout: 120_000 }, () => {
  let shop: DomainProcesses;
  let files: PemFolder;
  before(async () => {
    files = createPemFolder();
    const authority = await createAuthority();
    const { cert, key } = await authority.issue();
    for (const [name, text] of Object.entries({
      ca: authority.cert,
      empty: '',
      garbage: 'garbage',
      cert,
      key,
    }))
      files.write(`${name}.pem`, text);
    files.write('other-key.pem', (await authority.issue()).key);
    shop = await startDomainProcesses(['accounts']);
  });
  after(async () => {
    await shop?.stop();
    files?.remove();
  });
  const SUBGRAPH_ORDERS_URL = 'https://127.0.0.1:1/graphql';
  const noCertificate = 'SUBGRAPH_TLS_CA names a file that holds no whole certificate in PEM.';
  const inProduction = { NODE_ENV: 'production' };
  const cases: [what: string, files: Record<string, string>, others: Record<string, string>, said: string][] =
    [
      ['with an empty file of CAs', { SUBGRAPH_TLS_CA: 'empty' }, { SUBGRAPH_ORDERS_URL }, noCertificate],
      ['with garbage for CAs', { SUBGRAPH_TLS_CA: 'garbage' }, { SUBGRAPH_ORDERS_URL }, noCertificate],
      [
        'with the key of another certificate',
        { SUBGRAPH_TLS_CERT: 'cert', SUBGRAPH_TLS_KEY: 'other-key' },
        { SUBGRAPH_ORDERS_URL },
        'SUBGRAPH_TLS_KEY is not the key of the certificate in SUBGRAPH_TLS_CERT.',
      ],
      [
        'in production, with a CA for subgraphs and one of them at http://',
        { SUBGRAPH_TLS_CA: 'ca' },
        inProduction,
        'starts with http://, and in production nothing less than https:// will do where SUBGRAPH_TLS_CA says how it is known.',
      ],
      [
        'in production, with a certificate to show and a subgraph at http://',
        { SUBGRAPH_TLS_CERT: 'cert', SUBGRAPH_TLS_KEY: 'key' },
        inProduction,
        'where SUBGRAPH_TLS_CERT says how it is known.',
      ],
    ];
  for (const [what, named, others, said] of cases) {
    it(what, async () => {
      const paths = Object.entries(named).map(([variable, name]) => [variable, `${files.path}/${name}.pem`]);
      const environment = { DATA_KEY: testDataKey, ...others, ...Object.fromEntries(paths) };
      await assert.rejects(shop.start('accounts', environment), (error) => {
        assert.ok(error instanceof Error && error.message.includes(said), String(error));
        return true;
      });
      await shop.end('accounts', 'SIGKILL');
    });
  }
});
