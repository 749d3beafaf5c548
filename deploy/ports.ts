// Owns the look at ports before anything is started, so that a taken one is told in a sentence.
import { createServer } from 'node:net';

/** Those of the addresses where something else listens already. */
export async function takenPorts<Address extends { url: string }>(
  host: string,
  addresses: readonly Address[],
): Promise<Address[]> {
  const taken = await Promise.all(addresses.map(({ url }) => isTaken(host, Number(new URL(url).port))));
  return addresses.filter((_, index) => taken[index]);
}

/** The first two of the addresses that have one port. */
export function onePort<Address extends { url: string }>(
  addresses: readonly Address[],
): [Address, Address] | undefined {
  const known = new Map<string, Address>();
  for (const address of addresses) {
    const { port } = new URL(address.url);
    const other = known.get(port);
    if (other) return [other, address];
    known.set(port, address);
  }
  return undefined;
}

/** Ports that neither browsers nor Node's fetch call, of those that anybody may listen on. */
const closedPorts = new Set([
  1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697,
  10080,
]);

/** Those of the addresses at which nobody would be heard. */
export function closedAddresses<Address extends { url: string }>(addresses: readonly Address[]): Address[] {
  return addresses.filter(({ url }) => closedPorts.has(Number(new URL(url).port)));
}

function isTaken(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(true));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(false)));
  });
}
