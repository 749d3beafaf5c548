// Starts a server below HTTP: it counts connections and requests, and does with a socket what a test tells it to.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

export interface SocketServer {
  url: string;
  /** Connections that were ever opened. */
  connections: () => number;
  /** Whole requests that came, over all connections. */
  requests: () => number;
  open: ReadonlySet<Socket>;
  stop: () => Promise<void>;
}

/** `onRequest` is called when a whole request has come; `nth` counts those of its connection from 1. */
export async function startSocketServer(
  onRequest: (socket: Socket, nth: number) => void,
): Promise<SocketServer> {
  const open = new Set<Socket>();
  let connections = 0;
  let requests = 0;
  const server = createServer((socket) => {
    connections += 1;
    open.add(socket);
    let text = '';
    let nth = 0;
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
      const end = text.indexOf('\r\n\r\n');
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
      if (end < 0 || text.length < end + 4 + length) return;
      text = text.slice(end + 4 + length);
      nth += 1;
      requests += 1;
      onRequest(socket, nth);
    });
    socket.on('error', () => {});
    socket.on('close', () => open.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    connections: () => connections,
    requests: () => requests,
    open,
    stop: async () => {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A whole answer over HTTP/1.1. */
export function httpAnswer(body: string, headers = ''): string {
  return `HTTP/1.1 200 OK\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${headers}\r\n${body}`;
}
