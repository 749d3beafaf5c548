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

function isTaken(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(true));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(false)));
  });
}
