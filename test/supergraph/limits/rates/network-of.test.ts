// Holds whom an address stands for.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { networkOf } from '../../../../supergraph/limits/rates/network-of.ts';

const cases: [address: string, network: string][] = [
  ['10.0.0.1', '10.0.0.1'],
  ['::ffff:10.0.0.1', '10.0.0.1'],
  ['::FFFF:0a00:0001', '10.0.0.1'],
  ['0:0:0:0:0:ffff:10.0.0.1', '10.0.0.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:db8:0:0:1::', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['1:2:3:4:5:6:7::', '1:2:3:4::/64'],
  ['64:ff9b::10.0.0.1', '64:ff9b:0:0::/64'],
  ['192.0.2.1:5555', '192.0.2.1'],
  ['[2001:db8::1]:5556', '2001:db8:0:0::/64'],
  ['[2001:db8::1]', '2001:db8:0:0::/64'],
  ['not an address', 'not an address'],
  ['', ''],
];

for (const [address, network] of cases)
  test(`${address || 'nothing'} stands for ${network || 'nothing'}`, () =>
    assert.equal(networkOf(address), network));
