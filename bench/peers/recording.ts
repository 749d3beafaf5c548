// Owns an answer as it came over HTTP, written down so that a server of another process can send it again.
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';

export interface Recording {
  status: number;
  /** Names and values in turn, as they were spelled. */
  headers: string[];
  body: Buffer;
}

/** A server of Node says these of itself. */
const ofConnections: ReadonlySet<string> = new Set(['connection', 'date', 'keep-alive', 'transfer-encoding']);

/** Asks by GET. Throws when no answer comes within 30 s. */
export async function recordAnswer(url: string, headers: Record<string, string>): Promise<Recording> {
  const asked = request(url, { headers, agent: false, signal: AbortSignal.timeout(30_000) }).end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  const pieces: Buffer[] = [];
  for await (const piece of answer) pieces.push(piece);
  const { rawHeaders, statusCode = 0 } = answer;
  const own = rawHeaders.flatMap((name, index) => {
    const isOwn = index % 2 === 0 && !ofConnections.has(name.toLowerCase());
    return isOwn ? [name, rawHeaders[index + 1] ?? ''] : [];
  });
  return { status: statusCode, headers: own, body: Buffer.concat(pieces) };
}

export function formatRecording({ status, headers, body }: Recording): string {
  return JSON.stringify({ status, headers, body: body.toString('base64') });
}

export function parseRecording(text: string): Recording {
  const { status, headers, body } = JSON.parse(text);
  return { status, headers, body: Buffer.from(body, 'base64') };
}
