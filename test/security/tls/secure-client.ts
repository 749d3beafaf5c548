// Speaks to a server as one client after the other would, and says how far each of them came.
import { once } from 'node:events';
import { type ConnectionOptions, connect } from 'node:tls';
import { Agent, type buildConnector, request } from 'undici';

export interface SecureAnswer {
  status: number;
  body: { data?: unknown; errors?: { message: string; extensions: { code: string } }[] };
}

/** Over a connection of its own; rejects where there is none. */
export async function ask(
  url: string,
  query: string,
  tls: ConnectionOptions,
  headers: Record<string, string> = {},
): Promise<SecureAnswer> {
  const dispatcher = new Agent({ connect: { ...tls, timeout: 5000 } as buildConnector.BuildOptions });
  try {
    return await askOver(dispatcher, url, query, headers);
  } finally {
    await dispatcher.destroy();
  }
}

export async function askOver(
  dispatcher: Agent,
  url: string,
  query: string,
  headers: Record<string, string> = {},
): Promise<SecureAnswer> {
  const { statusCode, body } = await request(url, {
    dispatcher,
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
  return { status: statusCode, body: (await body.json()) as SecureAnswer['body'] };
}

/** The serial number of the certificate that the server shows, and the protocol; rejects where there is no connection. */
export async function handshake(
  port: number,
  options: ConnectionOptions,
): Promise<{ serial: string; protocol: string | null }> {
  const socket = connect({ host: '127.0.0.1', port, ...options });
  try {
    await once(socket, 'secureConnect');
    return { serial: socket.getPeerCertificate().serialNumber, protocol: socket.getProtocol() };
  } finally {
    socket.destroy();
  }
}

/** What an attempt ended with: the code of its error, or 'connected'. */
export async function codeOf(attempt: Promise<unknown>): Promise<string> {
  return attempt.then(
    () => 'connected',
    (error: NodeJS.ErrnoException) => error.code ?? error.message,
  );
}
