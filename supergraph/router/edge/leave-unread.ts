// Owns ending a connection on which a client may still be sending, so that it can read why.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Milliseconds. */
const time = 1_000;
/** A body of which no more is left than that is read to its end and dropped: its connection can be used again. */
const worthReading = 64 * 1024;

/**
 * Sends what was written, reads nothing more, and lets go of the connection only after a while: a connection that is closed
 * while something in it was not read is reset, and a client that is reset may never see its answer.
 */
export function endUnread(socket: Socket): void {
  if (socket.destroyed) return;
  socket.end();
  socket.pause();
  // Node may just have told it to go on.
  setImmediate(() => socket.pause());
  const timer = setTimeout(() => socket.destroy(), time);
  socket.once('close', () => clearTimeout(timer));
}

/** Whether a request that is refused now is still coming, and too much of it to wait for. */
export function isStillComing({ complete, headers }: IncomingMessage): boolean {
  if (complete) return false;
  const length = headers['content-length'];
  return length === undefined ? headers['transfer-encoding'] !== undefined : Number(length) > worthReading;
}

/** To be called before the answer is sent: it is the last one on its connection. */
export function leaveUnread({ raw }: { raw: ServerResponse }): void {
  // Its own answer may have to wait for others, and has no socket until then.
  const { socket } = raw.req;
  raw.setHeader('connection', 'close');
  // Node calls this when the last answer of a connection was written.
  socket.destroySoon = () => endUnread(socket);
}
