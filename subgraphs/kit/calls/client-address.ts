// Owns the question from which network address a request comes, and whom to believe about it.
import { BlockList, isIP } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

/** True for this machine itself, also where IPv4 is written as IPv6. */
export function isLoopback(address: string): boolean {
  const version = isIP(address);
  return version !== 0 && loopback.check(address, version === 6 ? 'ipv6' : 'ipv4');
}

/**
 * The client's address as text. Only a peer on this machine is believed when it says whom it asks for, and only its own
 * word: the last entry of `x-forwarded-for`, since those before it were written by whoever asked the peer.
 */
export function clientAddressOf(
  peer: string | undefined,
  forwardedFor: string | readonly string[] | undefined,
): string {
  const last = [forwardedFor ?? []].flat().join().split(',').at(-1)?.trim() ?? '';
  if (peer === undefined) return '';
  return isLoopback(peer) && isIP(last) !== 0 ? last : peer;
}
