// Holds what counts as one network, and whose word is taken for a client's address, to tables.
import assert from 'node:assert/strict';
import test from 'node:test';
import { networkOf } from '../../../subgraphs/accounts/network.ts';
import { clientAddressOf } from '../../../subgraphs/kit/calls/client-address.ts';

const networks: [address: string, network: string | null][] = [
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:db8:1:2::', '2001:db8:1:2::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['64:ff9b::203.0.113.7', '64:ff9b:0:0::/64'],
  ['127.0.0.1', null],
  ['127.8.8.8', null],
  ['::1', null],
  ['::ffff:127.0.0.1', null],
  ['unix', null],
  ['', null],
];
for (const [address, network] of networks) {
  test(`"${address}" is of ${network ?? 'no network'}`, () => assert.equal(networkOf(address), network));
}

const clients: {
  peer: string | undefined;
  says: string | string[] | undefined;
  address: string;
}[] = [
  { peer: '127.0.0.1', says: undefined, address: '127.0.0.1' },
  { peer: '127.0.0.1', says: '203.0.113.7', address: '203.0.113.7' },
  { peer: '::ffff:127.0.0.1', says: '198.51.100.1, 203.0.113.7', address: '203.0.113.7' },
  { peer: '::1', says: ['198.51.100.1', '2001:db8::1'], address: '2001:db8::1' },
  { peer: '127.0.0.1', says: '203.0.113.7, nonsense', address: '127.0.0.1' },
  { peer: '127.0.0.1', says: '203.0.113.7:8080', address: '127.0.0.1' },
  { peer: '127.0.0.1', says: '', address: '127.0.0.1' },
  { peer: '198.51.100.1', says: '203.0.113.7', address: '198.51.100.1' },
  { peer: '2001:db8::9', says: '203.0.113.7', address: '2001:db8::9' },
  { peer: undefined, says: '203.0.113.7', address: '' },
];
for (const { peer, says, address } of clients) {
  test(`${peer} that asks for ${JSON.stringify(says)} is taken for "${address}"`, () => {
    assert.equal(clientAddressOf(peer, says), address);
  });
}
