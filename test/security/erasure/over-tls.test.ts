// Holds the call that erases to TLS: who shows another certificate is not told about anybody, and ours is shown.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createAuthority, createPemFolder, type PemFolder } from '../../support/certificates.ts';
import { type DomainProcesses, startDomainProcesses } from './domain-processes.ts';
import { leave, signIn } from './leave.ts';

describe('erasing a person over TLS', { timeout: 120_000 }, () => {
  let shop: DomainProcesses;
  let files: PemFolder;
  before(async () => {
    files = createPemFolder();
    const [ours, foreign] = await Promise.all([createAuthority(), createAuthority('somebody else')]);
    files.write('ca.pem', ours.cert);
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
      SUBGRAPH_TLS_CA: file('ca.pem'),
      SUBGRAPH_TLS_CERT: file('accounts.pem'),
      SUBGRAPH_TLS_KEY: file('accounts-key.pem'),
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
});
