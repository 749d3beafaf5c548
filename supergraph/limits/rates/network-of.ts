// Owns whom an address stands for where requests are counted by it.
import { isIPv6 } from 'node:net';

/**
 * An IPv4 address is itself, also where it is written as an IPv6 one; of others it is the first 64 bits, because whoever has one
 * of those addresses has all of them. What is no address is itself.
 */
export function networkOf(address: string): string {
  const plain = withoutPort(address).split('%')[0] ?? '';
  if (!isIPv6(plain)) return plain;
  const groups = groupsOf(plain);
  const [high = 0, low = 0] = groups.slice(6);
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (isMapped) return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`;
}

/** Proxies write the port as well: `192.0.2.1:5555`, `[2001:db8::1]:5555`. */
function withoutPort(address: string): string {
  const [, bracketed] = /^\[([^\]]*)\](?::\d+)?$/.exec(address) ?? [];
  if (bracketed !== undefined) return bracketed;
  const [, named] = /^([^:]*):\d+$/.exec(address) ?? [];
  return named ?? address;
}

/** Eight numbers. */
function groupsOf(address: string): number[] {
  // In the one spelling that each address has in an URL, the last four bytes are no dotted numbers.
  const { hostname } = new URL(`http://[${address}]`);
  const [before = '', after = ''] = hostname.slice(1, -1).split('::');
  const [front, back] = [before, after].map((part) => part.split(':').filter(Boolean));
  const zeros = Array.from({ length: 8 - (front?.length ?? 0) - (back?.length ?? 0) }, () => '0');
  return [...(front ?? []), ...zeros, ...(back ?? [])].map((group) => Number.parseInt(group, 16));
}
