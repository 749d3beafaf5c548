// Owns the framing of PostgreSQL's protocol: bytes of a socket become units that must run without another client's between.
import type { Socket } from 'node:net';

export interface ProtocolUnit {
  bytes: Uint8Array;
  /** False after a Flush: the client will go on with the same unnamed statement. */
  isFinished: boolean;
}

const SSL_REQUEST = 80877103;
const GSS_REQUEST = 80877104;
const PROTOCOL_3 = 196608;
const MOST_STARTUP_BYTES = 10_000;
const MOST_BYTES = 64 * 1024 * 1024;

/** Parse, Bind, Describe, Execute, Close: more of the same unit is to come. */
const GOES_ON = new Set('PBDEC');
/** Query, function call, Sync, Flush. */
const ENDS_UNIT = new Set('QFSH');

/**
 * The startup packet first, then one unit per simple query or per Sync. Ends when the client says goodbye, is gone, or
 * sends what is not the protocol, which the backend must never see: it would wait for the rest. Throws nothing.
 * Encryption is declined, and a request to cancel is ignored: the backend cannot be interrupted.
 */
export async function* protocolUnits(socket: Socket): AsyncGenerator<ProtocolUnit, void, undefined> {
  let received: Buffer = Buffer.alloc(0);
  let isStarted = false;
  let unitEnd = 0;
  try {
    for await (const chunk of socket) {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      while (!isStarted && received.length >= 8) {
        const [length, code] = [received.readInt32BE(0), received.readInt32BE(4)];
        if (code === SSL_REQUEST || code === GSS_REQUEST) {
          socket.write('N');
          received = received.subarray(8);
          continue;
        }
        if (code !== PROTOCOL_3 || length < 8 || length > MOST_STARTUP_BYTES) return;
        if (received.length < length) break;
        yield { bytes: received.subarray(0, length), isFinished: true };
        received = received.subarray(length);
        isStarted = true;
      }
      while (isStarted && received.length >= unitEnd + 5) {
        const type = String.fromCharCode(received[unitEnd] ?? 0);
        const length = received.readInt32BE(unitEnd + 1);
        const isLast = ENDS_UNIT.has(type);
        // Terminate is among what ends here.
        if (length < 4 || unitEnd + length > MOST_BYTES || !(isLast || GOES_ON.has(type))) return;
        const end = unitEnd + 1 + length;
        if (received.length < end) break;
        if (isCopyIn(type, received.subarray(unitEnd + 5, end))) {
          socket.end(FATAL_COPY_IN);
          return;
        }
        unitEnd = end;
        if (!isLast) continue;
        yield { bytes: received.subarray(0, unitEnd), isFinished: type !== 'H' };
        received = received.subarray(unitEnd);
        unitEnd = 0;
      }
    }
  } catch {
    // The socket broke: for the database that is a goodbye.
  }
}

/** The backend would wait for the data inside its only thread, for ever. */
function isCopyIn(type: string, body: Buffer): boolean {
  return (
    (type === 'Q' || type === 'P') && /(^|[\0;])\s*copy\s[^;]*\sfrom\s+stdin/i.test(body.toString('latin1'))
  );
}

const FATAL_COPY_IN = fatal('0A000', 'The embedded database cannot COPY from a client: use INSERT.');

function fatal(state: string, message: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${state}\0M${message}\0\0`);
  const header = Buffer.from('E\0\0\0\0');
  header.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([header, fields]);
}
