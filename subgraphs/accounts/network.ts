// Owns what counts as one place on the network, where tries are counted and sign-ins remembered.
import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { isLoopback } from '../kit/calls/client-address.ts';

/**
 * An IPv4 address as it is; of an IPv6 address its /64, e.g. `2001:db8:1:2::/64`, because whoever has one address there
 * has them all. Null for what is no address and for this machine's own: then nobody knows where the client is.
 */
export function networkOf(address: string): string | null {
  const inner = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  if (isLoopback(inner)) return null;
  if (isIPv4(inner)) return inner;
  if (!isIPv6(inner)) return null;
  // The URL parser writes the many spellings of an address in one way.
  const [left = '', right] = new URL(`http://[${inner}]`).hostname.slice(1, -1).split('::');
  const before = left.split(':').filter(Boolean);
  const after = (right ?? '').split(':').filter(Boolean);
  const zeros = Array<string>(8 - before.length - after.length).fill('0');
  return `${[...before, ...zeros, ...after].slice(0, 4).join(':')}::/64`;
}

const privateOnes = new BlockList();
for (const [address, bits] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['169.254.0.0', 16],
] as const) {
  privateOnes.addSubnet(address, bits, 'ipv4');
}
privateOnes.addSubnet('fc00::', 7, 'ipv6');
privateOnes.addSubnet('fe80::', 10, 'ipv6');

/** True where any number of clients may be behind one address, e.g. a router on another machine that asks for all of them. */
export function isPrivate(network: string): boolean {
  const address = network.replace('/64', '');
  return privateOnes.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}
