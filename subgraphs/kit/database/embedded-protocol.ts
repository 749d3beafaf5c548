// Owns how many clients share the one backend of PGlite over PostgreSQL's protocol; its files and lock are embedded-server.ts'.
//
// @electric-sql/pglite-socket queues single messages. When a client disappears in the middle of a transaction its queue
// hands other clients wrong answers or stands still, so this server gives turns instead: a turn is one whole unit
// (a query, or everything up to a Sync), and a client in a transaction keeps its turn until the transaction ends.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { PGlite } from '@electric-sql/pglite';
import { protocolUnits } from './protocol-units.ts';

export interface ProtocolServer {
  port: number;
  /** Turns every client away; done when the running unit has ended and open transactions are rolled back. */
  drain: () => Promise<void>;
  /** Ends listening, which goes on while draining. */
  close: () => void;
}

/**
 * Serves `database` on 127.0.0.1. A client that stays idle within a transaction for `idleInTransactionMs` is
 * disconnected and rolled back, because everybody else waits behind it. `onClients` is told how many are connected.
 * All clients share one session: settings made with SET, named statements and session locks are everybody's.
 */
export async function serveProtocol(
  database: PGlite,
  options: {
    port: number;
    idleInTransactionMs: number;
    onClients: (count: number) => void;
    onBroken: (error: unknown) => void;
  },
): Promise<ProtocolServer> {
  const turns = makeTurns();
  const sockets = new Set<Socket>();
  let clients = 0;
  let draining = false;
  const server = createServer({ noDelay: true }, (socket) => {
    if (draining) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    // A client that breaks off also ends its reading loop, where it is cleaned up.
    socket.on('error', () => {});
    void serveClient(socket, database, turns, { ...options, onStarted: () => options.onClients(++clients) })
      .then((isClient) => isClient && options.onClients(--clients))
      .catch(options.onBroken)
      .finally(() => {
        socket.destroy();
        sockets.delete(socket);
      });
  });
  server.listen(options.port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async drain() {
      draining = true;
      for (const socket of sockets) socket.destroy();
      await turns.take();
    },
    close: () => server.close(),
  };
}

/** Returns whether it was a client at all: one that only knocks, to see whether somebody listens, is none. */
async function serveClient(
  socket: Socket,
  database: PGlite,
  turns: Turns,
  { idleInTransactionMs, onStarted }: { idleInTransactionMs: number; onStarted: () => void },
): Promise<boolean> {
  let isStarted = false;
  let hasTurn = false;
  let idle: NodeJS.Timeout | undefined;
  try {
    for await (const unit of protocolUnits(socket)) {
      clearTimeout(idle);
      if (!isStarted) onStarted();
      isStarted = true;
      if (!hasTurn) await turns.take();
      hasTurn = true;
      if (socket.destroyed) break;
      await database.execProtocolRawStream(unit.bytes, {
        onRawData: (bytes) => socket.write(Buffer.from(bytes)),
      });
      if (unit.isFinished && !database.isInTransaction()) {
        hasTurn = false;
        turns.pass();
      } else {
        idle = setTimeout(() => socket.destroy(), idleInTransactionMs);
      }
    }
  } finally {
    clearTimeout(idle);
    if (hasTurn) {
      await database.execProtocolRaw(SYNC);
      if (database.isInTransaction()) await database.exec('rollback');
      turns.pass();
    }
  }
  return isStarted;
}

const SYNC = Uint8Array.of(0x53, 0, 0, 0, 4);

interface Turns {
  take: () => Promise<void>;
  pass: () => void;
}

/** First come, first served. */
function makeTurns(): Turns {
  const waiting: (() => void)[] = [];
  let taken = false;
  return {
    async take() {
      if (taken) await new Promise<void>((resolve) => waiting.push(resolve));
      taken = true;
    },
    pass() {
      const next = waiting.shift();
      if (next) next();
      else taken = false;
    },
  };
}
