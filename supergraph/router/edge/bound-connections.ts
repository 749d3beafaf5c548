// Owns what one connection may have under way, that all of it hears of its end, and how long an answer may lie there untaken.
import type { RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { errorBody } from '../../foundation/errors.ts';
import { leaveUnread } from './leave-unread.ts';
import type { HeaderLine } from './safe-headers.ts';
import { mostUnderWay, untakenTimeout } from './server-limits.ts';

/** To be called before the server has a connection, and after it has whoever answers; `headers` are those of all answers. */
export function boundConnections(server: Server, headers: readonly HeaderLine[]): void {
  const lines = new WeakMap<Socket, Line>();
  const listeners = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    // Node gives the socket to the one answer that goes out next: who asks one thing after the other never waits in a line.
    if (response.socket === null && !lineOf(request.socket).takes(response)) return;
    for (const listener of listeners) listener.call(server, request, response);
  });
  cutOffWhoDoesNotRead(server);

  function lineOf(socket: Socket): Line {
    const line = lines.get(socket) ?? new Line(socket, headers);
    lines.set(socket, line);
    return line;
  }
}

/** The answers of a connection that wait for another to go out first. */
class Line {
  readonly #waiting = new Set<ServerResponse>();
  readonly #socket: Socket;
  readonly #headers: readonly HeaderLine[];
  #isOver = false;

  constructor(socket: Socket, headers: readonly HeaderLine[]) {
    this.#socket = socket;
    this.#headers = headers;
    socket.once('close', () => this.#abandon());
  }

  /** Whether the request is to be answered. */
  takes(response: ServerResponse): boolean {
    // The one that goes out next is not in it.
    if (!this.#isOver && this.#waiting.size < mostUnderWay - 1) {
      this.#waiting.add(response);
      response.once('finish', () => this.#waiting.delete(response));
      return true;
    }
    if (!this.#isOver) this.#end(response);
    this.#socket.pause();
    return false;
  }

  #end(response: ServerResponse): void {
    this.#isOver = true;
    leaveUnread({ raw: response });
    const reason = `Of one connection no more than ${mostUnderWay} requests are answered at once: read some answers first.`;
    const body = JSON.stringify(errorBody('BAD_REQUEST', reason));
    for (const [name, value] of this.#headers) response.setHeader(name, value);
    response.setHeader('content-type', 'application/json; charset=utf-8');
    response.setHeader('content-length', Buffer.byteLength(body));
    response.statusCode = 400;
    response.end(body);
  }

  /** Node tells this only the one that had the socket. */
  #abandon(): void {
    for (const response of this.#waiting) {
      if (response.socket !== null || response.destroyed) continue;
      response.destroy();
      response.emit('close');
    }
    this.#waiting.clear();
  }
}

function cutOffWhoDoesNotRead(server: Server): void {
  // Node says so when nothing was read or written for that long; a client may also wait for an answer that takes longer.
  server.setTimeout(untakenTimeout, (socket) => {
    const isIdle = socket.timeout !== untakenTimeout;
    if (isIdle || socket.writableLength > 0) socket.destroy();
  });
}
