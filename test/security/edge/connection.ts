// Owns a connection on which a test writes bytes as they stand, and reads what comes back, answer by answer.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface RawAnswer {
  status: number;
  /** Names in lower case; of several the last. */
  headers: Record<string, string>;
  body: string;
}

export interface Connection {
  socket: Socket;
  write: (bytes: string | Buffer) => void;
  /** All answers so far, once there are so many or the other side has closed. */
  answers: (count: number) => Promise<RawAnswer[]>;
  /** All answers, once the other side has closed. */
  closed: () => Promise<RawAnswer[]>;
  /** What ended it, where it was no orderly end. */
  failure: () => Error | undefined;
}

export async function openConnection(origin: string): Promise<Connection> {
  const { hostname, port } = new URL(origin);
  const socket = connect(Number(port), hostname);
  let text = '';
  let isClosed = false;
  let failure: Error | undefined;
  socket.setEncoding('latin1');
  socket.on('data', (piece) => {
    text += piece;
  });
  socket.on('error', (error) => {
    failure = error;
  });
  for (const event of ['end', 'close']) {
    socket.on(event, () => {
      isClosed = true;
      socket.emit('over');
    });
  }
  await once(socket, 'connect');
  const wait = async (count: number): Promise<RawAnswer[]> => {
    for (;;) {
      const found = readAnswers(text);
      if (found.length >= count || isClosed) return found;
      const ended = new AbortController();
      const { signal } = ended;
      await Promise.race([once(socket, 'data', { signal }), once(socket, 'over', { signal })]).catch(
        () => {},
      );
      ended.abort();
    }
  };
  return {
    socket,
    write: (bytes) => socket.write(bytes),
    answers: wait,
    closed: () => wait(Number.POSITIVE_INFINITY),
    failure: () => failure,
  };
}

/** Writes it on a connection of its own and closes that after the first answer. */
export async function answerTo(origin: string, bytes: string | Buffer): Promise<RawAnswer | undefined> {
  const connection = await openConnection(origin);
  connection.write(bytes);
  const [answer] = await connection.answers(1);
  connection.socket.destroy();
  return answer;
}

/** The whole ones; bodies have a length, or are in chunks that are left as they are. */
function readAnswers(text: string): RawAnswer[] {
  const answers: RawAnswer[] = [];
  for (let rest = text; ; ) {
    const end = rest.indexOf('\r\n\r\n');
    if (end === -1) return answers;
    const [first = '', ...lines] = rest.slice(0, end).split('\r\n');
    const headers = Object.fromEntries(
      lines.map((line) => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
      }),
    );
    const status = Number(first.split(' ')[1]);
    const length = Number(headers['content-length'] ?? 0);
    if (rest.length < end + 4 + length) return answers;
    const bytes = Buffer.from(rest.slice(end + 4, end + 4 + length), 'latin1');
    answers.push({ status, headers, body: bytes.toString() });
    rest = rest.slice(end + 4 + length);
  }
}

/** The code of a refusal in the words of the table; fails where it is none. */
export function codeOf({ headers, body }: Pick<RawAnswer, 'headers' | 'body'>): string {
  if (!headers['content-type']?.includes('json')) throw new Error(`not JSON: ${JSON.stringify(headers)}`);
  return JSON.parse(body).errors[0].extensions.code;
}
