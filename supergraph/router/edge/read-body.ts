// Owns reading a body to its end, into one piece that is as long as what came, in however small pieces that was.
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { GraphQLError } from 'graphql';
import { clientError } from '../../foundation/errors.ts';

/** Bytes that there is room for as soon as there is more than one piece. */
const leastRoom = 4_096;
/** Bytes that have come before there is room for all that are to come. */
const believedFrom = 32_768;

/**
 * Calls back once, with the body or why there is none: BODY_TOO_LARGE as soon as there are, or are to be, more than `most`
 * bytes, and REQUEST_CANCELLED where no more is coming and the end never came.
 */
export function readBody(
  body: Readable & Partial<Pick<IncomingMessage, 'headers'>>,
  most: number,
  read: (body: Buffer | GraphQLError) => void,
): void {
  const declared = Number(body.headers?.['content-length'] ?? 0);
  if (declared > most) {
    read(clientError('BODY_TOO_LARGE'));
    return;
  }
  // Each piece costs many times what a small one holds: pieces are not kept, but for the one that is all there is.
  let whole: Buffer | undefined;
  let length = 0;
  const hear = (piece: Buffer): void => {
    const before = length;
    length += piece.length;
    if (length > most) settle(clientError('BODY_TOO_LARGE'));
    else if (whole === undefined) whole = piece;
    else {
      if (whole.length < length) whole = grown(whole, before, { length, declared, most });
      piece.copy(whole, before);
    }
  };
  const hearEnd = (): void => settle(whole?.subarray(0, length) ?? Buffer.alloc(0));
  const hearFailure = (): void => settle(clientError('REQUEST_CANCELLED'));
  function settle(result: Buffer | GraphQLError): void {
    body.off('data', hear).off('end', hearEnd).off('close', hearFailure).off('error', hearFailure);
    read(result);
  }
  body.on('data', hear).on('end', hearEnd).on('close', hearFailure).on('error', hearFailure);
}

interface Room {
  length: number;
  /** What the client says; 0 where it does not. Believed when a good part has come. */
  declared: number;
  most: number;
}

function grown(whole: Buffer, filled: number, { length, declared, most }: Room): Buffer {
  const isBelieved = declared >= length && length > believedFrom;
  const room = isBelieved ? declared : Math.min(most, Math.max(leastRoom, length, 2 * whole.length));
  const larger = Buffer.allocUnsafe(room);
  whole.copy(larger, 0, 0, filled);
  return larger;
}

/** Has the bodies of this app's requests read and forgotten, wherever nobody else reads them. */
export function forgetBodies(app: FastifyInstance, most: number): void {
  app.removeContentTypeParser(readable);
  app.addContentTypeParser(readable, (_request, body, done) => {
    readBody(body, most, (read) => done(read instanceof GraphQLError ? read : null, null));
  });
}

/** What Fastify reads unless told. */
const readable = ['application/json', 'text/plain'];
