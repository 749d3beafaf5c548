// Owns a road of ours between a router and a subgraph, on which connections go wrong in every way that networks know.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** What happens to an answer, or to a connection, from the next request on that comes over it. */
export type Fault =
  /** Each piece of an answer comes this many milliseconds late. */
  | { kind: 'delay'; by: number }
  /** Requests are taken and never answered; the subgraph does not hear of them. */
  | { kind: 'drop' }
  /** The connection is broken off with an RST. */
  | { kind: 'reset' }
  /** So many bytes of the answer come, then the connection ends in good order. */
  | { kind: 'truncate'; after: number }
  /** The answer comes in pieces of so many bytes, one each `every` milliseconds. */
  | { kind: 'trickle'; bytes: number; every: number }
  /** The router is told that nothing more will come, and the subgraph's side stays open. */
  | { kind: 'half-open' }
  /** Nobody listens, and connections that were open are gone. */
  | { kind: 'refuse' };

/** One request of the router, in the order of their coming. */
export interface SeenRequest {
  /** Counts connections from 1. */
  connection: number;
  /** As it was sent, without its head. */
  body: string;
  fault: Fault['kind'] | undefined;
}

export interface FaultProxy {
  /** In place of the subgraph's own address. */
  url: string;
  port: number;
  /** Of each request that came to its end; tests may empty it. */
  requests: SeenRequest[];
  /** Of all connections, in both directions, as far as they were handed on. */
  bytes: { toSubgraph: number; toRouter: number };
  /** From now on, for connections that are open too; a function is asked for each request. undefined heals. */
  put: (fault: Fault | ((request: SeenRequest) => Fault | undefined) | undefined) => Promise<void>;
  /** Resolves when so many requests in all have met a fault; refused connections are not seen by anybody. */
  faulted: (count: number) => Promise<void>;
  /** Resolves when so many bytes in all have gone to the router. */
  sent: (bytes: number) => Promise<void>;
  /** Connections of routers that are open now. */
  open: () => number;
  /** Ends everything, whatever state it is in. */
  stop: () => Promise<void>;
}

interface Wait {
  isOver: () => boolean;
  resolve: () => void;
}

/** To the address of a subgraph, with its path. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const { hostname, port: targetPort, pathname } = new URL(target);
  const sockets = new Set<Socket>();
  const near = new Set<Socket>();
  const timers = new Set<NodeJS.Timeout>();
  const requests: SeenRequest[] = [];
  const bytes = { toSubgraph: 0, toRouter: 0 };
  let choose: (request: SeenRequest) => Fault | undefined = () => undefined;
  let connections = 0;
  let met = 0;
  let waits: Wait[] = [];

  const tell = () => {
    for (const wait of waits.filter(({ isOver }) => isOver())) wait.resolve();
    waits = waits.filter(({ isOver }) => !isOver());
  };
  const until = (isOver: () => boolean): Promise<void> =>
    isOver() ? Promise.resolve() : new Promise((resolve) => waits.push({ isOver, resolve }));
  const after = (milliseconds: number, work: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      work();
    }, milliseconds);
    timers.add(timer);
  };
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    return socket;
  };

  function take(router: Socket): void {
    const connection = ++connections;
    keep(router);
    near.add(router);
    router.on('close', () => near.delete(router));
    let fault: Fault | undefined;
    let text = '';
    let answered = 0;
    let held = Promise.resolve();
    let subgraph: Socket | undefined;

    const write = (piece: Buffer) => {
      if (router.destroyed) return;
      router.write(piece);
      bytes.toRouter += piece.length;
      tell();
    };
    /** In the order of their coming, whatever holds each of them up. */
    const later = (milliseconds: number, work: () => void) => {
      held = held.then(
        () =>
          new Promise((resolve) => {
            after(milliseconds, () => {
              work();
              resolve();
            });
          }),
      );
    };
    const answer = (piece: Buffer) => {
      const begun = answered;
      answered += piece.length;
      if (fault === undefined) return write(piece);
      if (fault.kind === 'delay') return later(fault.by, () => write(piece));
      if (fault.kind === 'trickle') {
        for (let at = 0; at < piece.length; at += fault.bytes) {
          const part = piece.subarray(at, at + fault.bytes);
          later(fault.every, () => write(part));
        }
        return;
      }
      if (fault.kind !== 'truncate' || begun >= fault.after) return;
      write(piece.subarray(0, fault.after - begun));
      if (answered >= fault.after) router.end();
    };
    const reach = (): Socket => {
      if (subgraph) return subgraph;
      const far = keep(connect({ host: hostname, port: Number(targetPort), allowHalfOpen: true }));
      far.on('data', answer);
      far.on('close', () => {
        // What is held up still comes, as from a network that is slow.
        if (fault === undefined || fault.kind === 'truncate') router.destroy();
        else void held.then(() => fault?.kind !== 'half-open' && router.destroy());
      });
      far.on('end', () => far.end());
      subgraph = far;
      return far;
    };
    const hear = (request: SeenRequest, whole: string) => {
      fault = choose(request);
      request.fault = fault?.kind;
      answered = 0;
      requests.push(request);
      const isHandedOn = fault?.kind !== 'drop' && fault?.kind !== 'reset';
      if (isHandedOn) {
        const sending = Buffer.from(whole, 'latin1');
        bytes.toSubgraph += sending.length;
        reach().write(sending);
      }
      if (fault?.kind === 'reset') router.resetAndDestroy();
      if (fault?.kind === 'half-open') router.end();
      if (fault) met += 1;
      tell();
    };
    router.on('data', (piece) => {
      text += piece.toString('latin1');
      for (;;) {
        const end = text.indexOf('\r\n\r\n');
        const length = Number(/content-length: (\d+)/i.exec(text.slice(0, Math.max(end, 0)))?.[1] ?? 0);
        if (end < 0 || text.length < end + 4 + length) return;
        const whole = text.slice(0, end + 4 + length);
        text = text.slice(whole.length);
        const body = Buffer.from(whole.slice(end + 4), 'latin1').toString();
        hear({ connection, body, fault: undefined }, whole);
      }
    });
    router.on('end', () => fault?.kind !== 'half-open' && router.end());
    router.on('close', () => {
      if (fault?.kind !== 'half-open') subgraph?.destroy();
    });
  }

  let server: Server | undefined;
  const listen = async (port: number): Promise<number> => {
    server = createServer({ allowHalfOpen: true }, take);
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const close = async (): Promise<void> => {
    const closing = server;
    server = undefined;
    for (const socket of sockets) socket.destroy();
    if (closing === undefined) return;
    const closed = once(closing, 'close');
    closing.close();
    await closed;
  };
  const port = await listen(0);
  return {
    url: `http://127.0.0.1:${port}${pathname}`,
    port,
    requests,
    bytes,
    async put(next) {
      if (typeof next === 'object' && next.kind === 'refuse') return close();
      choose = typeof next === 'function' ? next : () => next;
      if (server === undefined) await listen(port);
    },
    faulted: (count) => until(() => met >= count),
    sent: (count) => until(() => bytes.toRouter >= count),
    open: () => near.size,
    async stop() {
      for (const timer of timers) clearTimeout(timer);
      await close();
    },
  };
}
