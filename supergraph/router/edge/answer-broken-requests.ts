// Owns what is said where Node cannot make a request of what came: in the words of the table, and nothing more on that connection.
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { type ErrorCode, errorBody, errorTable } from '../../foundation/errors.ts';
import { endUnread } from './leave-unread.ts';
import type { HeaderLine } from './safe-headers.ts';

/** Node's words for what is not simply broken. */
const codes: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: 'HEADERS_TOO_LARGE',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'BODY_TOO_LARGE',
  ERR_HTTP_REQUEST_TIMEOUT: 'REQUEST_TIMEOUT',
};

/** Node's own name for the answer that is under way on a connection. */
interface ServingSocket extends Socket {
  _httpMessage?: ServerResponse | null;
}

/** For `clientErrorHandler` of Fastify. */
export function answerBrokenRequests(
  headers: readonly HeaderLine[],
): (this: FastifyInstance, error: Error & { code?: string }, socket: Socket) => void {
  const heads = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return function answer({ code = '' }, socket: ServingSocket) {
    // Whoever has gone hears nothing, and what is broken once is broken in each piece that follows.
    if (code === 'ECONNRESET' || socket.destroyed || !socket.writable) return;
    // The error itself holds what was sent: tokens, maybe.
    this.log.debug({ code }, 'a request could not be read');
    const answering = socket._httpMessage;
    // It would be taken for the answer to what was asked before.
    if (answering?.req.complete) return endAfter(answering, socket);
    if (answering?.headersSent) return void socket.destroy();
    const said = codes[code] ?? 'BAD_REQUEST';
    const { status } = errorTable[said];
    const body = JSON.stringify(
      errorBody(said, said === 'BAD_REQUEST' ? 'This is not an HTTP request that can be read.' : undefined),
    );
    socket.write(
      `HTTP/1.1 ${status} ${phrases[status]}\r\ncontent-type: application/json; charset=utf-8\r\n` +
        `content-length: ${Buffer.byteLength(body)}\r\ncache-control: no-store\r\n${heads}connection: close\r\n\r\n${body}`,
    );
    endUnread(socket);
  };
}

const phrases: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  413: 'Payload Too Large',
  431: 'Request Header Fields Too Large',
};

/** What was asked before it broke has its answer. */
function endAfter(answering: ServerResponse, socket: Socket): void {
  socket.pause();
  answering.once('close', () => endUnread(socket));
}
