// Stands between a client and a server, and lets connections go silent without an end, as a network does that was cut.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

export interface SwallowingRoad {
  port: number;
  /** From now on nothing passes through the connections that there are; new ones are as good as ever. */
  swallow: () => void;
}

/** Ends with the test. */
export async function startSwallowingRoad(t: TestContext, to: number): Promise<SwallowingRoad> {
  const pairs = new Set<[Socket, Socket]>();
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1');
    pairs.add([near, far]);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.pipe(other);
      one.on('error', () => other.destroy());
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    for (const sockets of pairs) for (const socket of sockets) socket.destroy();
  });
  return {
    port: (server.address() as AddressInfo).port,
    swallow() {
      for (const [near, far] of pairs) {
        near.unpipe(far).resume();
        far.unpipe(near).resume();
      }
    },
  };
}
